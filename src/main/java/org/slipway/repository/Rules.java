package org.slipway.repository;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slipway.packages.Abi;

/**
 * What must hold of the packages of one repository. It is told of each, and says at the end what is
 * wrong, in a sentence that names the packages. Not for several threads.
 */
final class Rules {
  private static final int NAMED = 10;

  private final Terms terms;
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> wanted = new HashMap<>();
  private final Map<String, Tally> abis = new TreeMap<>();

  Rules(Terms terms) {
    this.terms = terms;
  }

  /** How many packages say an ABI, and one of them. */
  private record Tally(int count, String example) {}

  /** @throws RepositoryException when the package by itself is wrong */
  void add(ManifestFacts facts) throws RepositoryException {
    String full = facts.name() + "-" + facts.version();
    String abi = AbiRule.of(facts);
    if (abi.isEmpty()) {
      throw new RepositoryException(full + " names no ABI that pkg knows; it was made by something"
          + " other than pkg or Slipway");
    }
    abis.merge(abi, new Tally(1, full), (a, b) -> new Tally(a.count() + 1, a.example()));
    if (terms.osVersion().isPresent()
        && facts.osVersion().isPresent()
        && facts.osVersion().getAsInt() > terms.osVersion().getAsInt()) {
      throw new RepositoryException(full + " was built on OSVERSION "
          + facts.osVersion().getAsInt() + ", newer than the target's "
          + terms.osVersion().getAsInt() + "; pkg would refuse the whole repository");
    }
    names.add(facts.name());
    for (String dependency : facts.dependencies()) {
      wanted.putIfAbsent(dependency, full);
    }
  }

  /** To be asked when all packages are told; the repository's ABI. */
  Abi finish() throws RepositoryException {
    Abi abi = abi();
    List<String> missing = new ArrayList<>();
    wanted.forEach((name, by) -> {
      if (!names.contains(name)) {
        missing.add(name + " (for " + by + ")");
      }
    });
    Collections.sort(missing);
    if (terms.closure() == Closure.REQUIRED && !missing.isEmpty()) {
      String all = String.join(", ", missing.subList(0, Math.min(NAMED, missing.size())));
      throw new RepositoryException("packages need others that are missing: " + all
          + (missing.size() > NAMED ? " and " + (missing.size() - NAMED) + " more" : ""));
    }
    return abi;
  }

  private Abi abi() throws RepositoryException {
    Abi abi = terms
        .abi()
        .or(this::usual)
        .orElseThrow(
            () -> new RepositoryException(
                "none of the packages says for which ABI it is, all are for every one; name it with --abi"));
    for (Map.Entry<String, Tally> each : abis.entrySet()) {
      if (!AbiRule.fits(each.getKey(), abi)) {
        int others = each.getValue().count() - 1;
        throw new RepositoryException(each.getValue().example()
            + (others > 0 ? " and " + others + " more" : "")
            + " is for " + each.getKey() + ", the repository for " + abi);
      }
    }
    return abi;
  }

  /** What most packages say without a wildcard. */
  private Optional<Abi> usual() {
    Map<Abi, Integer> counts = new HashMap<>();
    abis.forEach((text, tally) -> {
      if (text.indexOf('*') < 0) {
        parse(text).ifPresent(abi -> counts.merge(abi, tally.count(), Integer::sum));
      }
    });
    return counts.entrySet().stream()
        .max(Map.Entry.<Abi, Integer>comparingByValue()
            .thenComparing(each -> each.getKey().toString()))
        .map(Map.Entry::getKey);
  }

  private static Optional<Abi> parse(String text) {
    try {
      return Optional.of(Abi.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
