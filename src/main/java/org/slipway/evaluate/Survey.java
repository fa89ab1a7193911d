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
  private final Asking asking;
  private final Reach reach;
  private final Map<Origin, Optional<String>> folders = new HashMap<>();
  private final Map<OriginSpec, Outcome> outcomes = new HashMap<>();
  private final SortedMap<OriginSpec, Draft> reached = new TreeMap<>();

  /** Where questions go: a cache, and make behind it. */
  interface Asking {
    Map<Question, Outcome> ask(Set<Question> wave) throws IOException, InterruptedException;
  }

  /**
   * Where a word leads: to a port, to one that does not evaluate, or nowhere, which is the asker's
   * mistake.
   */
  sealed interface Lead {
    record To(Draft draft) implements Lead {}

    record Unread(OriginSpec spec, String message) implements Lead {}

    record Nowhere(String message) implements Lead {}

    /** To a port that is there and was not asked, for nobody wanted to go so far. */
    record Unasked() implements Lead {}
  }

  Survey(TreeFiles tree, Moves moves, Asking asking, Reach reach) {
    this.tree = tree;
    this.moves = moves;
    this.asking = asking;
    this.reach = reach;
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
      if (!wave.isEmpty()) {
        asking
            .ask(wave)
            .forEach((question, outcome) ->
                outcomes.put(new OriginSpec(question.origin(), question.flavor()), outcome));
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
    Outcome first = outcomes.get(OriginSpec.of(word.origin()));
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
    Outcome first = outcomes.get(OriginSpec.of(word.origin()));
    if (first == null) {
      return tree.absence(word.origin())
          .<Lead>map(absence -> new Lead.Nowhere(
              absence + moves.explain(word.origin()).map(moved -> "; " + moved).orElse("")))
          .orElseGet(Lead.Unasked::new);
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
    Outcome flavored = outcomes.get(word.asWritten());
    if (flavored == null) {
      return new Lead.Unasked();
    }
    if (flavored.draft().isEmpty()) {
      return new Lead.Unread(word.asWritten(), flavored.refusal());
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
    Outcome first = outcomes.get(OriginSpec.of(origin));
    Optional<String> folder = folders.computeIfAbsent(origin, tree::folder);
    if (folder.isEmpty()) {
      return List.of();
    }
    if (first == null) {
      return List.of(new Question(origin, Optional.empty(), folder.get()));
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
        .filter(flavor -> !outcomes.containsKey(new OriginSpec(origin, flavor)))
        .map(flavor -> new Question(origin, flavor, folder.get()))
        .toList();
  }

  /** Marks a word's ports as reached; the words that they lead on to. */
  private Set<WantedWord> settle(WantedWord word) {
    Set<WantedWord> next = new LinkedHashSet<>();
    for (OriginSpec spec : specs(word)) {
      if (lead(spec) instanceof Lead.To to
          && reached.putIfAbsent(to.draft().spec(), to.draft()) == null
          && reach == Reach.NEEDED
          && to.draft().ignore().isEmpty()) {
        to.draft().words().stream()
            .filter(dependency -> dependency.kind() != DependencyKind.TEST)
            .map(DependencyWord::on)
            .forEach(next::add);
      }
    }
    return next;
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
