package org.slipway.evaluate;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * A port's answers, read but not yet tied to those of others.
 *
 * @param folder the port's own, as a jail sees it
 * @param badWords dependency words that name nothing, each with what is wrong with it
 * @param places paths outside of the port's folder, as a jail sees them, that variables point to
 * @param makefiles of the sources that were read outside of the port's folder, as people know them
 */
record Draft(
    OriginSpec spec,
    String folder,
    PackageName name,
    List<Flavor> flavors,
    List<DependencyWord> words,
    List<String> badWords,
    Optional<String> ignore,
    String category,
    String warnings,
    Map<String, Boolean> options,
    List<String> distfiles,
    List<String> places,
    List<String> makefiles,
    PackedVariables variables) {

  /**
   * @throws IllegalArgumentException where an answer is no such thing; the message is for a person
   */
  static Draft read(Question question, Reply.Answers answers) {
    List<Flavor> flavors = flavors(answers);
    String flavor = value(answers, "FLAVOR");
    if (question.flavor().isPresent() && !flavor.equals(question.flavor().get().name())) {
      throw new IllegalArgumentException("was asked for flavor "
          + question.flavor().get() + " and answers for \"" + flavor + "\"");
    }
    String ignore = MakeMessage.clean(value(answers, "IGNORE"));
    List<String> badWords = new ArrayList<>();
    return new Draft(
        new OriginSpec(
            question.origin(), question.flavor().or(() -> flavors.stream().findFirst())),
        question.folder(),
        PackageName.parse(value(answers, "PKGNAME")),
        flavors,
        dependencyWords(answers, badWords),
        List.copyOf(badWords),
        ignore.isEmpty() ? Optional.empty() : Optional.of(ignore),
        value(answers, "PKGCATEGORY"),
        answers.warnings(),
        options(answers),
        distfiles(answers),
        // Ports share nearly all of them.
        paths(question.folder(), answers, Variables.PLACES).stream()
            .map(String::intern)
            .toList(),
        makefiles(question.folder(), answers),
        PackedVariables.of(external(answers.values())));
  }

  private static List<Flavor> flavors(Reply.Answers answers) {
    Set<Flavor> flavors = new LinkedHashSet<>();
    for (String name : words(value(answers, "FLAVORS"))) {
      flavors.add(new Flavor(name));
    }
    return List.copyOf(flavors);
  }

  private static List<DependencyWord> dependencyWords(
      Reply.Answers answers, List<String> badWords) {
    // The framework's variables often hold a word twice, once from a Uses file and once from the
    // port.
    Set<DependencyWord> words = new LinkedHashSet<>();
    for (DependencyKind kind : DependencyKind.values()) {
      String all = value(answers, kind.variable());
      if (kind.atRunTime()) {
        all += " " + value(answers, "SUBPACKAGE_" + kind.variable());
      }
      for (String word : words(all)) {
        try {
          words.add(DependencyWord.parse(kind, word));
        } catch (IllegalArgumentException e) {
          badWords.add(MakeMessage.clean(String.valueOf(e.getMessage())));
        }
      }
    }
    return List.copyOf(words);
  }

  private static Map<String, Boolean> options(Reply.Answers answers) {
    Map<String, Boolean> options = new TreeMap<>();
    words(value(answers, "DESELECTED_OPTIONS")).forEach(name -> options.put(name, false));
    words(value(answers, "SELECTED_OPTIONS")).forEach(name -> options.put(name, true));
    return options;
  }

  private static List<String> distfiles(Reply.Answers answers) {
    String under = value(answers, "DIST_SUBDIR");
    SortedSet<String> names = new TreeSet<>();
    for (String word : words(value(answers, "ALLFILES"))) {
      // A group of sites may follow the name: foo-1.tar.gz:main.
      String name = (under.isEmpty() ? "" : under + "/") + withoutSiteGroup(word);
      if (name.startsWith("/") || ("/" + name + "/").contains("/../")) {
        throw new IllegalArgumentException(
            "has the distfile " + MakeMessage.clean(name) + ", a name that leads elsewhere");
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  private static String withoutSiteGroup(String word) {
    int colon = word.lastIndexOf(':');
    if (colon < 0 || colon == word.length() - 1) {
      return word;
    }
    for (int at = colon + 1; at < word.length(); at++) {
      char each = word.charAt(at);
      if (each != '_' && each != ',' && (each >= 128 || !Character.isLetterOrDigit(each))) {
        return word;
      }
    }
    return word.substring(0, colon);
  }

  /** The paths in these variables that lie elsewhere, absolute and without dots, sorted. */
  private static List<String> paths(String folder, Reply.Answers answers, List<String> variables) {
    String own = folder + "/";
    Set<String> paths = new TreeSet<>();
    for (String variable : variables) {
      for (String word : words(value(answers, variable))) {
        path(folder, word)
            .filter(path -> !path.startsWith(own) && !path.equals(folder))
            .ifPresent(paths::add);
      }
    }
    return List.copyOf(paths);
  }

  /** Empty for a name that no file can have here. */
  private static Optional<String> path(String folder, String word) {
    try {
      return Place.absolute(folder, isPlain(word) ? word : Path.of(word).toString());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlain(String word) {
    for (int at = 0; at < word.length(); at++) {
      char each = word.charAt(at);
      if (each <= ' ' || each >= 127) {
        return false;
      }
    }
    return true;
  }

  private static List<String> makefiles(String folder, Reply.Answers answers) {
    return paths(folder, answers, List.of(Variables.MAKEFILES)).stream()
        .filter(TreeFiles::isOfSources)
        .map(path -> TreeFiles.shown(path).intern())
        .toList();
  }

  private static List<String> external(List<String> values) {
    List<String> external = new ArrayList<>(values);
    for (String name : Variables.INTERNAL) {
      external.set(Variables.index(name), "");
    }
    return external;
  }

  private static String value(Reply.Answers answers, String name) {
    return answers.value(name).strip();
  }

  static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int at = 0; at <= value.length(); at++) {
      if (at == value.length() || isSpace(value.charAt(at))) {
        if (at > start) {
          words.add(value.substring(start, at));
        }
        start = at + 1;
      }
    }
    return List.copyOf(words);
  }

  /** As make parts words. */
  private static boolean isSpace(char each) {
    return each == ' ' || (each >= '\t' && each <= '\r');
  }

  Origin origin() {
    return spec.origin();
  }
}
