package org.slipway.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;

/**
 * Makes ports of drafts: ties their dependencies to each other, finds their files, and says what is
 * wrong with them. A port with a fault keeps its answers; where it must not be built it is ignored,
 * with the fault as the reason.
 */
final class PortAssembly {
  /** Gives a digest over every file of some folders. */
  interface SourceDigests {
    Digest of(List<String> folders) throws IOException;
  }

  private final TreeFiles tree;
  private final Survey survey;
  private final EvaluationRequest request;
  private final SourceDigests sources;
  private final SortedMap<OriginSpec, Port> ports = new TreeMap<>();
  private final SortedMap<OriginSpec, String> unevaluable = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  PortAssembly(TreeFiles tree, Survey survey, EvaluationRequest request, SourceDigests sources) {
    this.tree = tree;
    this.survey = survey;
    this.request = request;
    this.sources = sources;
  }

  void run(Collection<WantedWord> wanted) throws IOException {
    for (Unevaluable unread : survey.unread(wanted)) {
      unevaluable.put(unread.spec(), unread.message());
    }
    Map<OriginSpec, String> doubles = sharedNames();
    for (Draft draft : survey.reached().values()) {
      ports.put(draft.spec(), port(draft, Optional.ofNullable(doubles.get(draft.spec()))));
    }
  }

  SortedMap<OriginSpec, Port> ports() {
    return ports;
  }

  List<Unevaluable> unevaluable() {
    return unevaluable.entrySet().stream()
        .map(entry -> new Unevaluable(entry.getKey(), entry.getValue()))
        .toList();
  }

  List<Finding> findings() {
    return findings;
  }

  private Port port(Draft draft, Optional<String> sharedName) throws IOException {
    if (!draft.warnings().isEmpty()) {
      find(draft, "says while it is read: " + draft.warnings());
    }
    if (!draft.category().equals(draft.origin().category())) {
      find(
          draft,
          "has the category " + MakeMessage.clean(draft.category()) + " and lies in "
              + draft.origin().category());
    }
    draft.badWords().forEach(word -> find(draft, word));
    sharedName.ifPresent(message -> find(draft, message));
    Optional<String> ignore = draft
        .ignore()
        .or(() -> request
            .blacklistedBy(draft.spec(), draft.flavors())
            .map(layer -> "is on the blacklist (" + layer + ")"))
        .or(() -> draft.badWords().stream().findFirst())
        .or(() -> sharedName);
    Set<String> places = portFolders(draft);
    List<String> folders = new ArrayList<>(List.of(draft.folder()));
    folders.addAll(places);
    List<String> shown = folders.stream().map(TreeFiles::shown).toList();
    return new Port(
        draft.spec(),
        draft.name(),
        draft.flavors(),
        draft.ignore().isPresent() ? List.of() : dependencies(draft),
        ignore,
        draft.options(),
        draft.distfiles(),
        draft.variables(),
        sources.of(folders),
        shown,
        makefiles(draft, shown));
  }

  private List<Dependency> dependencies(Draft draft) {
    List<Dependency> dependencies = new ArrayList<>();
    for (DependencyWord word : draft.words()) {
      if (word.kind() == DependencyKind.TEST) {
        dependencies.add(new Dependency(word.kind(), word.key(), word.on().asWritten()));
        continue;
      }
      OriginSpec on = on(draft, word);
      if (on.equals(draft.spec())) {
        find(
            draft,
            "depends on itself (" + word.kind().variable() + "); that line counts for nothing");
      } else {
        dependencies.add(new Dependency(word.kind(), word.key(), on));
      }
    }
    return dependencies;
  }

  /** What a word means; what is not there stays as it was written, and is told. */
  private OriginSpec on(Draft draft, DependencyWord word) {
    Survey.Lead lead = survey.lead(word.on());
    if (lead instanceof Survey.Lead.To to) {
      return to.draft().spec();
    }
    if (lead instanceof Survey.Lead.Unread unread) {
      unevaluable.put(unread.spec(), unread.message());
      return unread.spec();
    }
    if (lead instanceof Survey.Lead.Unasked) {
      return word.on().asWritten();
    }
    find(
        draft,
        "needs " + word.on().asWritten() + " (" + word.kind().variable() + "), but "
            + ((Survey.Lead.Nowhere) lead).message());
    return word.on().asWritten();
  }

  /** Folders of other ports that the port's variables point into, such as its master's. */
  private Set<String> portFolders(Draft draft) {
    Set<String> folders = new TreeSet<>();
    for (String place : draft.places()) {
      tree.portFolder(place).ifPresent(folders::add);
    }
    folders.remove(draft.folder());
    return folders;
  }

  /** Those that lie in none of these folders; the first is the port's own, and out already. */
  private static List<String> makefiles(Draft draft, List<String> folders) {
    return folders.size() == 1
        ? draft.makefiles()
        : draft.makefiles().stream()
            .filter(path -> folders.stream().noneMatch(folder -> path.startsWith(folder + "/")))
            .toList();
  }

  /**
   * A repository holds one package of a name: of two ports the first in order keeps it, a default
   * flavor before others.
   */
  private Map<OriginSpec, String> sharedNames() {
    Map<String, OriginSpec> owners = new TreeMap<>();
    Map<OriginSpec, String> doubles = new TreeMap<>();
    List<Draft> inOrder = new ArrayList<>(survey.reached().values());
    inOrder.removeIf(draft -> draft.ignore().isPresent()
        || request.blacklistedBy(draft.spec(), draft.flavors()).isPresent());
    inOrder.sort((a, b) -> Boolean.compare(isDefault(b), isDefault(a)));
    for (Draft draft : inOrder) {
      OriginSpec owner = owners.putIfAbsent(draft.name().toString(), draft.spec());
      if (owner != null) {
        doubles.put(
            draft.spec(),
            "has the package name " + draft.name() + ", and so has " + owner
                + "; only the latter can be built");
      }
    }
    return doubles;
  }

  private static boolean isDefault(Draft draft) {
    return draft.flavors().isEmpty()
        || draft.spec().flavor().equals(Optional.of(draft.flavors().get(0)));
  }

  private void find(Draft draft, String message) {
    findings.add(new Finding(Optional.of(draft.spec()), message));
  }
}
