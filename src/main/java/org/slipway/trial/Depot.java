package org.slipway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.graph.PortGraph;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import org.slipway.repository.OfferedPackage;
import org.slipway.repository.RepositoryException;
import org.slipway.repository.RepositoryReader;

/**
 * A repository from which packages that a port needs are taken, each only where it is what this tree
 * would build, as far as its catalogue tells: name, version, origin, flavor, system, options, and
 * the same of all that it needs at run time. What was built into it cannot be told from there: a
 * patch without a new version, other make lines.
 */
public final class Depot {
  private final RepositoryReader reader;
  private final PackageShelf shelf;
  private final Map<OriginSpec, OfferedPackage> fitting = new HashMap<>();
  private final Map<OriginSpec, String> refusals = new TreeMap<>();

  private Depot(RepositoryReader reader, PackageShelf shelf) {
    this.reader = reader;
    this.shelf = shelf;
  }

  /**
   * Reads the catalogue and holds it against what the tree says.
   *
   * @param name the repository's, for messages
   * @throws RepositoryException where nothing of it can be believed, or nothing in it is for the
   *     target
   */
  public static Depot open(
      String name, RepositoryReader reader, PackageShelf shelf, Evaluation evaluation)
      throws IOException {
    Set<String> names = evaluation.ports().values().stream()
        .map(port -> port.name().base())
        .collect(Collectors.toSet());
    RepositoryReader.Listing listing = reader.list(names);
    Abi target = evaluation.target().abi();
    requireSystem(name, listing, target);
    Depot depot = new Depot(reader, shelf);
    for (OriginSpec spec : PortGraph.of(evaluation).order()) {
      evaluation.port(spec).ifPresent(port -> depot.look(port, listing, evaluation, target));
    }
    return depot;
  }

  /** One pattern that fits is enough: packages without binaries are for all systems. */
  private static void requireSystem(String name, RepositoryReader.Listing listing, Abi target)
      throws RepositoryException {
    boolean any = listing.packages().values().stream().anyMatch(each -> each.isFor(target));
    Optional<String> usual = listing.abis().entrySet().stream()
        .filter(each -> each.getKey().indexOf('*') < 0)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
    if (!any && usual.isPresent() && !usual.get().equalsIgnoreCase(target.toString())) {
      throw new RepositoryException("the packages of " + name + " are for "
          + TrialLog.printable(usual.get()) + ", and the target is " + target
          + "; name another repository, or another target");
    }
  }

  private void look(
      Port port, RepositoryReader.Listing listing, Evaluation evaluation, Abi target) {
    OfferedPackage offered = listing.packages().get(port.name().base());
    Optional<String> refusal = offered == null
        ? Optional.of("is not in it")
        : refusal(port, offered, evaluation, target).map(TrialLog::printable);
    if (refusal.isPresent()) {
      refusals.put(port.spec(), refusal.get());
    } else if (offered != null) {
      fitting.put(port.spec(), offered);
    }
  }

  private Optional<String> refusal(
      Port port, OfferedPackage offered, Evaluation evaluation, Abi target) {
    String version = port.name().version();
    if (!offered.version().equals(version)) {
      return Optional.of("has version " + offered.version() + ", the tree " + version);
    } else if (!offered.origin().equals(port.spec().origin().toString())) {
      return Optional.of("is made from " + offered.origin());
    } else if (!offered.flavor().equals(port.spec().flavor().map(flavor -> flavor.name()))) {
      return Optional.of(
          offered.flavor().map(each -> "has the flavor " + each).orElse("names no flavor"));
    } else if (!offered.isFor(target)) {
      return Optional.of("is for " + offered.abi());
    }
    return options(port, offered).or(() -> needs(port, offered, evaluation));
  }

  private static Optional<String> options(Port port, OfferedPackage offered) {
    Set<String> names = new HashSet<>(port.options().keySet());
    names.addAll(offered.options().keySet());
    List<String> other = names.stream()
        .sorted()
        .filter(each -> !java.util.Objects.equals(
            port.options().get(each), offered.options().get(each)))
        .map(each -> {
          Boolean there = offered.options().get(each);
          return there == null ? "has no option " + each : "has " + each + (there ? " on" : " off");
        })
        .toList();
    return other.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", other));
  }

  private Optional<String> needs(Port port, OfferedPackage offered, Evaluation evaluation) {
    Map<String, String> wanted = new TreeMap<>();
    for (Dependency dependency : port.dependencies()) {
      if (!dependency.kind().atRunTime()) {
        continue;
      }
      if (!fitting.containsKey(dependency.on())) {
        return Optional.of("needs " + dependency.on() + ", which does not fit");
      }
      evaluation
          .port(dependency.on())
          .ifPresent(on -> wanted.put(on.name().base(), on.name().version()));
    }
    for (Map.Entry<String, String> each : offered.dependencies().entrySet()) {
      if (!each.getValue().equals(wanted.get(each.getKey()))) {
        return Optional.of("was made to need " + each.getKey() + "-" + each.getValue());
      }
    }
    for (String each : wanted.keySet()) {
      if (!offered.dependencies().containsKey(each)) {
        return Optional.of("does not need " + each);
      }
    }
    return Optional.empty();
  }

  boolean fits(OriginSpec spec) {
    return fitting.containsKey(spec);
  }

  /** Why a package is not taken, such as {@code has version 1.2, the tree 1.3}. */
  String refusal(OriginSpec spec) {
    return refusals.getOrDefault(spec, "is not in it");
  }

  /** A package with its archive. */
  record Taken(BuiltPackage built, java.nio.file.Path file) {}

  /**
   * Fetches a package that fits, or finds it where an earlier run has put it.
   *
   * @throws RepositoryException where its file is not what the catalogue says
   */
  synchronized Taken take(OriginSpec spec) throws IOException {
    OfferedPackage offered = fitting.get(spec);
    if (offered == null) {
      throw new IllegalArgumentException(spec + " does not fit");
    }
    Optional<Digest> plain = plain(offered.sum());
    Path kept = shelf.archive(plain.orElse(Digest.of(offered.sum())));
    if (!reader.holds(offered, kept)) {
      Path draft = shelf.draft();
      reader.fetch(offered, draft);
      kept = shelf.take(draft, plain.orElse(Digest.of(offered.sum())));
    } else {
      Files.setLastModifiedTime(
          kept, java.nio.file.attribute.FileTime.from(java.time.Instant.now()));
    }
    return new Taken(built(offered, kept), kept);
  }

  /** SHA-256 in hexadecimal, which is how archives on the shelf are named. */
  private static Optional<Digest> plain(String sum) {
    String hex = sum.startsWith("1$") ? sum.substring(2) : sum;
    return hex.matches("[0-9a-f]{64}") ? Optional.of(new Digest(hex)) : Optional.empty();
  }

  /**
   * The payload of a package that was not made here counts as its whole archive: what was built with
   * one archive is built again with another.
   */
  private static BuiltPackage built(OfferedPackage offered, Path file) throws IOException {
    try {
      PackageFile archive = PackageFile.open(file);
      Digest sum = Digest.of(file);
      return new BuiltPackage(
          archive.manifest().name(),
          archive.manifest().origin(),
          archive.manifest().abi(),
          sum,
          sum,
          Files.size(file),
          archive.flatSizeBytes().orElse(0),
          archive.manifest().shlibsProvided());
    } catch (PackageException e) {
      throw new RepositoryException(offered.label() + ": " + e.getMessage());
    }
  }
}
