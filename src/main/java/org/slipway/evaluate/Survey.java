package org.slipway.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

/**
 * Goes from the wanted ports to all that they need, wave by wave: a port's default flavor is asked
 * before its others, since only it knows which there are, and a port before what it depends on.
 */
final class Survey {
  private final TreeFiles tree;
  private final Moves moves;
  private final Interview interview;
  private final Map<Question, Outcome> outcomes = new HashMap<>();
  private final SortedMap<OriginSpec, Draft> reached = new TreeMap<>();

  /** What a question came to: a draft, or the reason why there is none. */
  private record Outcome(Optional<Draft> draft, String refusal) {}

  /**
   * Where a word leads: to a port, to one that does not evaluate, or nowhere, which is the asker's
   * mistake.
   */
  sealed interface Lead {
    record To(Draft draft) implements Lead {}

    record Unread(OriginSpec spec, String message) implements Lead {}

    record Nowhere(String message) implements Lead {}
  }

  Survey(TreeFiles tree, Moves moves, Interview interview) {
    this.tree = tree;
    this.moves = moves;
    this.interview = interview;
  }

  void run(Collection<WantedWord> wanted) throws IOException, InterruptedException {
    Set<WantedWord> open = new LinkedHashSet<>(wanted);
    while (!open.isEmpty()) {
      Set<Question> wave = new LinkedHashSet<>();
      Set<WantedWord> next = new LinkedHashSet<>();
      for (WantedWord word : open) {
        List<Question> questions = missing(word);
        if (questions.isEmpty()) {
          next.addAll(settle(word));
        } else {
          wave.addAll(questions);
          next.add(word);
        }
      }
      for (Map.Entry<Question, Reply> reply : interview.ask(wave).entrySet()) {
        outcomes.put(reply.getKey(), outcome(reply.getKey(), reply.getValue()));
      }
      open = next;
    }
  }

  /** Every port that something leads to. */
  SortedMap<OriginSpec, Draft> reached() {
    return reached;
  }

  /** The specs a word stands for, once the survey has run. */
  List<OriginSpec> specs(WantedWord word) {
    Outcome first = outcomes.get(Question.ofDefault(word.origin()));
    if (word.every() && first != null && first.draft().isPresent()) {
      Draft draft = first.draft().get();
      return draft.flavors().isEmpty()
          ? List.of(draft.spec())
          : draft.flavors().stream()
              .map(flavor -> new OriginSpec(word.origin(), Optional.of(flavor)))
              .toList();
    }
    return lead(word) instanceof Lead.To to
        ? List.of(to.draft().spec())
        : List.of(word.asWritten());
  }

  Lead lead(OriginSpec spec) {
    return lead(new WantedWord(spec.origin(), spec.flavor(), false));
  }

  Lead lead(WantedWord word) {
    Outcome first = outcomes.get(Question.ofDefault(word.origin()));
    if (first == null) {
      String absence = tree.absence(word.origin()).orElse(word.origin() + " was not asked");
      return new Lead.Nowhere(
          absence + moves.explain(word.origin()).map(moved -> "; " + moved).orElse(""));
    }
    if (first.draft().isEmpty()) {
      return new Lead.Unread(word.asWritten(), first.refusal());
    }
    Draft draft = first.draft().get();
    if (word.flavor().isEmpty() || word.flavor().equals(draft.spec().flavor())) {
      return new Lead.To(draft);
    }
    Flavor flavor = word.flavor().get();
    if (!draft.flavors().contains(flavor)) {
      return new Lead.Nowhere(word.origin() + " has no flavor " + flavor + "; " + has(draft));
    }
    Outcome flavored = outcomes.get(new Question(word.origin(), word.flavor()));
    if (flavored == null || flavored.draft().isEmpty()) {
      return new Lead.Unread(
          word.asWritten(), flavored == null ? "was not asked" : flavored.refusal());
    }
    return new Lead.To(flavored.draft().get());
  }

  private static String has(Draft draft) {
    return draft.flavors().isEmpty()
        ? "it has none"
        : "it has " + draft.flavors().stream().map(Flavor::name).collect(Collectors.joining(", "));
  }

  /** What must be asked before it is known where a word leads. */
  private List<Question> missing(WantedWord word) {
    Origin origin = word.origin();
    Outcome first = outcomes.get(Question.ofDefault(origin));
    if (first == null) {
      return tree.absence(origin).isPresent() ? List.of() : List.of(Question.ofDefault(origin));
    }
    if (first.draft().isEmpty()) {
      return List.of();
    }
    Draft draft = first.draft().get();
    Collection<Flavor> wanted = word.every()
        ? draft.flavors()
        : word.flavor().filter(draft.flavors()::contains).stream().toList();
    return wanted.stream()
        .map(Optional::of)
        .filter(flavor -> !flavor.equals(draft.spec().flavor()))
        .map(flavor -> new Question(origin, flavor))
        .filter(question -> !outcomes.containsKey(question))
        .toList();
  }

  /** Marks a word's ports as reached; the words that they lead on to. */
  private Set<WantedWord> settle(WantedWord word) {
    Set<WantedWord> next = new LinkedHashSet<>();
    for (OriginSpec spec : specs(word)) {
      if (lead(spec) instanceof Lead.To to
          && reached.putIfAbsent(to.draft().spec(), to.draft()) == null
          && to.draft().ignore().isEmpty()) {
        to.draft().words().stream()
            .filter(dependency -> dependency.kind() != DependencyKind.TEST)
            .map(DependencyWord::on)
            .forEach(next::add);
      }
    }
    return next;
  }

  private static Outcome outcome(Question question, Reply reply) {
    if (reply instanceof Reply.Answers answers) {
      try {
        return new Outcome(Optional.of(Draft.read(question, answers)), "");
      } catch (IllegalArgumentException e) {
        return new Outcome(Optional.empty(), MakeMessage.clean(String.valueOf(e.getMessage())));
      }
    }
    return new Outcome(Optional.empty(), ((Reply.Refusal) reply).message());
  }

  /** All ports asked about that gave no answers, for the report. */
  List<Unevaluable> unread(Collection<WantedWord> wanted) {
    List<Unevaluable> unread = new ArrayList<>();
    for (WantedWord word : wanted) {
      for (OriginSpec spec : specs(word)) {
        Lead lead = lead(spec);
        if (lead instanceof Lead.Unread refused) {
          unread.add(new Unevaluable(refused.spec(), refused.message()));
        } else if (lead instanceof Lead.Nowhere nowhere) {
          unread.add(new Unevaluable(spec, nowhere.message()));
        }
      }
    }
    return unread;
  }
}
