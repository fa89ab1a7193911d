package org.slipway.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/** A port's answers, read but not yet tied to those of others. */
record Draft(
    OriginSpec spec,
    PackageName name,
    List<Flavor> flavors,
    List<DependencyWord> words,
    Optional<String> ignore,
    Reply.Answers answers) {

  /**
   * @throws IllegalArgumentException where an answer is no such thing; the message is for a person
   */
  static Draft read(Question question, Reply.Answers answers) {
    List<Flavor> flavors = new ArrayList<>();
    for (String name : words(answers.value("FLAVORS"))) {
      flavors.add(new Flavor(name));
    }
    String flavor = answers.value("FLAVOR").strip();
    if (question.flavor().isPresent() && !flavor.equals(question.flavor().get().name())) {
      throw new IllegalArgumentException("was asked for flavor "
          + question.flavor().get() + " and answers for \"" + flavor + "\"");
    }
    String ignore = MakeMessage.clean(answers.value("IGNORE"));
    return new Draft(
        new OriginSpec(
            question.origin(), question.flavor().or(() -> flavors.stream().findFirst())),
        PackageName.parse(answers.value("PKGNAME").strip()),
        flavors,
        dependencyWords(answers),
        ignore.isEmpty() ? Optional.empty() : Optional.of(ignore),
        answers);
  }

  private static List<DependencyWord> dependencyWords(Reply.Answers answers) {
    // The framework's variables often hold a word twice, once from a Uses file and once from the
    // port.
    Set<DependencyWord> words = new LinkedHashSet<>();
    for (DependencyKind kind : DependencyKind.values()) {
      for (String word : words(answers.value(kind.variable()))) {
        words.add(DependencyWord.parse(kind, word));
      }
    }
    return List.copyOf(words);
  }

  static List<String> words(String value) {
    return value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
  }
}
