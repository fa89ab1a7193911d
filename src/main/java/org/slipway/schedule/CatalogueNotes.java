package org.slipway.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.evaluate.Departures;
import org.slipway.evaluate.Sources;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.RepositoryNote;
import org.slipway.plan.KnownPackage;
import org.slipway.repository.CatalogueHead;
import org.slipway.tree.Checkout;

/**
 * What a build's tree says for the catalogue beside packages: the fork's groups, and what became of
 * ports that the job had packages of and that the tree no longer has. Read before anything is
 * built, so that a group that clients would not take stops a build at its beginning.
 */
final class CatalogueNotes {
  private final List<RepositoryNote.Group> groups;
  private final SortedMap<String, Departures.Departure> gone;

  private CatalogueNotes(
      List<RepositoryNote.Group> groups, SortedMap<String, Departures.Departure> gone) {
    this.groups = List.copyOf(groups);
    this.gone = gone;
  }

  /**
   * Reads them.
   *
   * @param folder of groups, from the tree's top on
   * @param earlier the newest package of each port that the job ever had
   * @throws IOException where the folder or a file in it is not as it should be, with a sentence
   */
  static CatalogueNotes read(
      Sources sources, Optional<String> folder, Map<OriginSpec, KnownPackage> earlier)
      throws IOException {
    Departures departures = Departures.of(sources);
    SortedMap<String, Departures.Departure> gone = new TreeMap<>();
    for (Map.Entry<OriginSpec, KnownPackage> each : new TreeMap<>(earlier).entrySet()) {
      departures
          .of(each.getKey())
          .ifPresent(left -> gone.put(each.getValue().built().name().base(), left));
    }
    return new CatalogueNotes(
        folder.isPresent() ? groups(sources.tree(), folder.get()) : List.of(), gone);
  }

  private static List<RepositoryNote.Group> groups(Checkout tree, String folder)
      throws IOException {
    Optional<Path> found = tree.resolve(folder).filter(Files::isDirectory);
    if (found.isEmpty()) {
      throw new FarmException("the job's publish: { groups: %s } is no folder of the tree%s"
          .formatted(folder, tree.commit().map(id -> " at " + id.abbreviated()).orElse("")));
    }
    Path top = found.get();
    try {
      return CatalogueHead.groups(top);
    } catch (IOException e) {
      // Where the pool keeps its checkouts is nothing to a reader of the build's page.
      throw new FarmException(
          "a package group is not as clients take it: "
              + String.valueOf(e.getMessage()).replace(top.toString(), folder),
          e);
    }
  }

  /** For a catalogue of these packages: of those that left, the ones that are not in it again. */
  CatalogueHead head(Map<OriginSpec, BuiltPackage> packages) {
    Set<String> names = new HashSet<>();
    packages.values().forEach(each -> names.add(each.name().base()));
    List<RepositoryNote.Expired> expired = new ArrayList<>();
    gone.forEach((name, left) -> {
      if (!names.contains(name)) {
        expired.add(new RepositoryNote.Expired(
            name, Optional.of(left.reason()), left.now().flatMap(now -> successor(now, packages))));
      }
    });
    return CatalogueHead.of(groups, expired);
  }

  /** The package of a port that is named without its flavor, where there is but one. */
  private static Optional<String> successor(
      OriginSpec now, Map<OriginSpec, BuiltPackage> packages) {
    List<String> found = packages.entrySet().stream()
        .filter(each -> each.getKey().equals(now)
            || (now.flavor().isEmpty() && each.getKey().origin().equals(now.origin())))
        .map(each -> each.getValue().name().base())
        .distinct()
        .toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }
}
