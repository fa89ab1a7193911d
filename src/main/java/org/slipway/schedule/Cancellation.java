package org.slipway.schedule;

import java.util.Locale;
import org.slipway.publish.Note;
import org.slipway.store.BuildId;

/** What came of asking for a build's end. */
public enum Cancellation {
  /** It has ended, its jails are going, and nothing of it is published. */
  CANCELLED,
  /** poudriere builds it, and is told to stop. */
  ASKED,
  /** Too late: its packages are being published. */
  PUBLISHING,
  /** It had ended before. */
  OVER,
  /** There is no such build. */
  UNKNOWN;

  /** Whether what was asked for is done, or will be. */
  public boolean done() {
    return this == CANCELLED || this == ASKED;
  }

  /** In lower case, for JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is kept beside the build. */
  public static String problem(Note note) {
    return "cancelled by " + note.who() + (note.why().isEmpty() ? "" : ": " + note.why());
  }

  /** For a person, without a full stop. */
  public String sentence(BuildId build) {
    return switch (this) {
      case CANCELLED -> "build " + build + " is cancelled; nothing of it is published";
      case ASKED -> "poudriere is told to stop build " + build + ", and cleans up first";
      case PUBLISHING ->
        "build " + build + " is being published already; to take it back, roll"
            + " its channel back";
      case OVER -> "build " + build + " has ended already";
      case UNKNOWN -> "there is no build " + build;
    };
  }
}
