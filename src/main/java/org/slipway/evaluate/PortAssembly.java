package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slipway.packages.OriginSpec;

/**
 * Makes ports of drafts: ties their dependencies to each other, finds their files, and sorts out
 * those that cannot be.
 */
final class PortAssembly {
  private final TreeFiles tree;
  private final Survey survey;
  private final SortedMap<OriginSpec, Port> ports = new TreeMap<>();
  private final SortedMap<OriginSpec, String> unevaluable = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  PortAssembly(TreeFiles tree, Survey survey) {
    this.tree = tree;
    this.survey = survey;
  }

  void run(Collection<WantedWord> wanted) throws IOException {
    for (Unevaluable unread : survey.unread(wanted)) {
      unevaluable.put(unread.spec(), unread.message());
    }
    for (Draft draft : survey.reached().values()) {
      try {
        ports.put(draft.spec(), port(draft));
      } catch (IllegalArgumentException e) {
        unevaluable.put(draft.spec(), String.valueOf(e.getMessage()));
      }
    }
    refuseSharedNames();
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

  private Port port(Draft draft) throws IOException {
    Reply.Answers answers = draft.answers();
    if (!answers.warnings().isEmpty()) {
      findings.add(finding(draft, "says while it is read: " + answers.warnings()));
    }
    String category = answers.value("PKGCATEGORY").strip();
    if (!category.equals(draft.spec().origin().category())) {
      findings.add(finding(
          draft,
          "has the category " + MakeMessage.clean(category) + " and lies in "
              + draft.spec().origin().category()));
    }
    List<String> folders = folders(draft);
    return new Port(
        draft.spec(),
        draft.name(),
        draft.flavors(),
        draft.ignore().isPresent() ? List.of() : dependencies(draft),
        draft.ignore(),
        options(answers),
        distfiles(answers),
        variables(answers),
        tree.digest(folders),
        folders,
        makefiles(draft, folders));
  }

  private List<Dependency> dependencies(Draft draft) {
    List<Dependency> dependencies = new ArrayList<>();
    for (DependencyWord word : draft.words()) {
      if (word.kind() == DependencyKind.TEST) {
        dependencies.add(new Dependency(word.kind(), word.key(), word.on().asWritten()));
        continue;
      }
      Survey.Lead lead = survey.lead(word.on());
      OriginSpec on;
      if (lead instanceof Survey.Lead.Nowhere nowhere) {
        throw new IllegalArgumentException("needs " + word.on().asWritten() + " ("
            + word.kind().variable() + "), but " + nowhere.message());
      } else if (lead instanceof Survey.Lead.Unread unread) {
        unevaluable.put(unread.spec(), unread.message());
        on = unread.spec();
      } else {
        on = ((Survey.Lead.To) lead).draft().spec();
      }
      if (on.equals(draft.spec())) {
        findings.add(finding(
            draft,
            "depends on itself (" + word.kind().variable() + "); that line counts for nothing"));
      } else {
        dependencies.add(new Dependency(word.kind(), word.key(), on));
      }
    }
    return dependencies;
  }

  /** Which makefiles were read is told apart, and long. */
  private static Map<String, String> variables(Reply.Answers answers) {
    Map<String, String> variables = new TreeMap<>(answers.values());
    variables.remove(Variables.MAKEFILES);
    return variables;
  }

  private static Map<String, Boolean> options(Reply.Answers answers) {
    Map<String, Boolean> options = new TreeMap<>();
    Draft.words(answers.value("DESELECTED_OPTIONS")).forEach(name -> options.put(name, false));
    Draft.words(answers.value("SELECTED_OPTIONS")).forEach(name -> options.put(name, true));
    return options;
  }

  private static List<String> distfiles(Reply.Answers answers) {
    String under = answers.value("DIST_SUBDIR").strip();
    SortedSet<String> names = new TreeSet<>();
    for (String word : Draft.words(answers.value("ALLFILES"))) {
      // A group of sites may follow the name: foo-1.tar.gz:main.
      String name = (under.isEmpty() ? "" : under + "/") + word.replaceFirst(":[\\w,]+$", "");
      if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
        throw new IllegalArgumentException(
            "has the distfile " + MakeMessage.clean(name) + ", a name that leads elsewhere");
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  /**
   * The port's own folder first, then those of other ports that its variables point into, such as
   * its master's.
   */
  private List<String> folders(Draft draft) {
    String own = draft.spec().origin().toString();
    Set<String> others = new TreeSet<>();
    for (String variable : Variables.PLACES) {
      for (String word : Draft.words(draft.answers().value(variable))) {
        inTree(own, word).map(PortAssembly::portFolder).filter(tree::isPort).ifPresent(others::add);
      }
    }
    others.remove(own);
    List<String> folders = new ArrayList<>(List.of(own));
    folders.addAll(others);
    return folders;
  }

  private List<String> makefiles(Draft draft, List<String> folders) {
    Set<String> makefiles = new TreeSet<>();
    String own = draft.spec().origin().toString();
    for (String word : Draft.words(draft.answers().value(Variables.MAKEFILES))) {
      inTree(own, word)
          .filter(path -> folders.stream().noneMatch(folder -> path.startsWith(folder + "/")))
          .ifPresent(makefiles::add);
    }
    return List.copyOf(makefiles);
  }

  /** A path as make wrote it, relative to the tree's top; empty where it is outside. */
  private static Optional<String> inTree(String from, String written) {
    try {
      Path top = Path.of(Evaluator.TREE);
      Path path = top.resolve(from).resolve(written).normalize();
      return path.startsWith(top) && !path.equals(top)
          ? Optional.of(top.relativize(path).toString())
          : Optional.empty();
    } catch (java.nio.file.InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String portFolder(String path) {
    String[] names = path.split("/", 3);
    return names.length < 2 ? path : names[0] + "/" + names[1];
  }

  /**
   * A repository holds one package of a name: of two ports the first in order keeps it, a default
   * flavor before others.
   */
  private void refuseSharedNames() {
    Map<String, OriginSpec> owners = new TreeMap<>();
    Set<OriginSpec> refused = new HashSet<>();
    List<Port> inOrder = new ArrayList<>(ports.values());
    inOrder.sort((a, b) -> Boolean.compare(isDefault(b), isDefault(a)));
    for (Port port : inOrder) {
      OriginSpec owner = port.ignore().isPresent()
          ? port.spec()
          : owners.computeIfAbsent(port.name().toString(), name -> port.spec());
      if (!owner.equals(port.spec())) {
        String message = "has the package name " + port.name() + ", and so has " + owner
            + "; only the latter can be built";
        findings.add(new Finding(Optional.of(port.spec()), message));
        unevaluable.put(port.spec(), message);
        refused.add(port.spec());
      }
    }
    ports.keySet().removeAll(refused);
  }

  private static boolean isDefault(Port port) {
    return port.flavors().isEmpty()
        || port.spec().flavor().equals(Optional.of(port.flavors().get(0)));
  }

  private static Finding finding(Draft draft, String message) {
    return new Finding(Optional.of(draft.spec()), message);
  }
}
