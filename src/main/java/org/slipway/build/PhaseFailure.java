package org.slipway.build;

import org.slipway.jail.Exit;

/** A phase that failed: what ends a build early and becomes its result. */
final class PhaseFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureClass failure;
  private final String how;

  /**
   * A failure that the farm found.
   *
   * @param message one sentence
   */
  PhaseFailure(FailureClass failure, String message) {
    this(failure, OneLine.of(message), "failed");
  }

  private PhaseFailure(FailureClass failure, String message, String how) {
    super(message, null, false, false);
    this.failure = failure;
    this.how = how;
  }

  /** The failure of a phase whose command ended like this after saying that. */
  static PhaseFailure of(Phase phase, Exit exit, Notes notes) {
    FailureClass failure = classOf(phase, exit, notes);
    String cause = switch (failure) {
      case TIMEOUT, SILENT, MEMORY, JAIL -> "";
      case DISK -> "no space left on the device: " + notes.cause();
      default -> notes.cause().replaceFirst("^(Error|=>|===>)[: ]+", "");
    };
    return new PhaseFailure(
        failure,
        OneLine.of(cause.isEmpty() ? phase + ": " + exit.inWords() : cause),
        exit.inWords());
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

  private static FailureClass classOf(Phase phase, Exit exit, Notes notes) {
    if (exit instanceof Exit.TimedOut) {
      return FailureClass.TIMEOUT;
    } else if (exit instanceof Exit.Silent) {
      return FailureClass.SILENT;
    } else if (exit instanceof Exit.OutOfMemory) {
      return FailureClass.MEMORY;
    } else if (exit instanceof Exit.NotStarted) {
      return FailureClass.JAIL;
    }
    return notes.diskFull() ? FailureClass.DISK : ofPhase(phase);
  }

  private static FailureClass ofPhase(Phase phase) {
    return switch (phase) {
      case CHECK_SANITY -> FailureClass.SANITY;
      case PKG_DEPENDS,
          FETCH_DEPENDS,
          EXTRACT_DEPENDS,
          PATCH_DEPENDS,
          BUILD_DEPENDS,
          LIB_DEPENDS,
          RUN_DEPENDS -> FailureClass.DEPENDENCY;
      case FETCH -> FailureClass.FETCH;
      case CHECKSUM -> FailureClass.CHECKSUM;
      case EXTRACT -> FailureClass.EXTRACT;
      case PATCH -> FailureClass.PATCH;
      case CONFIGURE -> FailureClass.CONFIGURE;
      case BUILD -> FailureClass.COMPILE;
      case STAGE, STAGE_QA -> FailureClass.STAGE;
      case CHECK_PLIST -> FailureClass.PLIST;
      case PACKAGE, INSTALL, DEINSTALL -> FailureClass.PACKAGE;
      case LEFTOVERS -> FailureClass.LEFTOVER;
    };
  }
}
