package org.slipway.build;

import java.util.Optional;
import org.slipway.jail.Exit;

/** A phase that failed: what ends a build early and becomes its result. */
final class PhaseFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureClass failure;
  private final String how;
  private final transient Optional<BuildResult.Quote> quote;

  /**
   * A failure that the farm found.
   *
   * @param message one sentence
   */
  PhaseFailure(FailureClass failure, String message) {
    this(failure, OneLine.of(message), "failed", Optional.empty());
  }

  private PhaseFailure(
      FailureClass failure, String message, String how, Optional<BuildResult.Quote> quote) {
    super(message, null, false, false);
    this.failure = failure;
    this.how = how;
    this.quote = quote;
  }

  /**
   * The failure of a phase whose command ended like this after saying that: limits and the way in
   * which it ended count first, what a line of the log tells second, the phase last.
   */
  static PhaseFailure of(Phase phase, Exit exit, Notes notes) {
    Optional<Notes.Told> told = notes.told();
    Optional<BuildResult.Quote> lastWords = notes.lastWords();
    Optional<FailureClass> limit = ofExit(exit);
    FailureClass failure =
        limit.orElseGet(() -> told.flatMap(each -> each.pattern().failure())
            .orElseGet(() -> ofPhase(phase, told.isPresent())));
    String sentence;
    if (limit.isPresent()) {
      sentence = phase + ": " + words(failure, exit);
    } else {
      sentence = told.map(Notes.Told::sentence)
          .or(() -> lastWords.map(BuildResult.Quote::text))
          .map(each -> each.replaceFirst("^(Error|=>|=+>)[: ]+", ""))
          .filter(each -> !each.isBlank())
          .orElseGet(() -> phase + ": " + exit.inWords());
    }
    Optional<BuildResult.Quote> quote = told.filter(each -> isBehind(each, failure))
        .flatMap(Notes.Told::quote)
        .or(() -> lastWords.filter(each -> each.number() > 0));
    return new PhaseFailure(failure, OneLine.of(sentence), exit.inWords(), quote);
  }

  FailureClass failure() {
    return failure;
  }

  /** One sentence for a table. */
  String sentence() {
    return String.valueOf(getMessage());
  }

  /** How the phase ended, for the log. */
  String how() {
    return how;
  }

  /** The line of the log that tells why, or the last words where none does. */
  Optional<BuildResult.Quote> quote() {
    return quote;
  }

  /** What was stopped in the middle tells where it was by its last words, not by an old error. */
  private static boolean isBehind(Notes.Told told, FailureClass failure) {
    return switch (failure) {
      case TIMEOUT, SILENT -> false;
      case MEMORY, DISK, PROCESS_LIMIT, CRASHED, JAIL ->
        told.pattern().failure().filter(each -> each == failure).isPresent();
      default -> true;
    };
  }

  private static String words(FailureClass failure, Exit exit) {
    return switch (failure) {
      case PROCESS_LIMIT -> "it reached the limit on its processes; " + exit.inWords();
      case DISK ->
        "no space left on the device: it reached the limit on its disk; " + exit.inWords();
      default -> exit.inWords();
    };
  }

  private static Optional<FailureClass> ofExit(Exit exit) {
    if (exit instanceof Exit.TimedOut) {
      return Optional.of(FailureClass.TIMEOUT);
    } else if (exit instanceof Exit.Silent) {
      return Optional.of(FailureClass.SILENT);
    } else if (exit instanceof Exit.OutOfMemory) {
      return Optional.of(FailureClass.MEMORY);
    } else if (exit instanceof Exit.NotStarted) {
      return Optional.of(FailureClass.JAIL);
    } else if (exit.used().filter(Exit.Usage::processLimit).isPresent()) {
      return Optional.of(FailureClass.PROCESS_LIMIT);
    } else if (exit.used().filter(Exit.Usage::diskLimit).isPresent()) {
      return Optional.of(FailureClass.DISK);
    }
    return exit instanceof Exit.Signalled ? Optional.of(FailureClass.CRASHED) : Optional.empty();
  }

  /** Of a build's many causes none is usual, so without a telling line it is not known. */
  private static FailureClass ofPhase(Phase phase, boolean told) {
    return phase == Phase.BUILD && !told ? FailureClass.UNKNOWN : FailureClass.usual(phase);
  }
}
