package org.slipway.jail;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Words of strangers made fit for a message. */
final class BaseText {
  private static final int LONGEST = 200;

  private BaseText() {}

  /** Printable and short. */
  static String shown(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(each -> clean.appendCodePoint(Character.isISOControl(each) ? '?' : each));
    return text.length() > LONGEST ? clean + "..." : clean.toString();
  }

  /** Why a file could not be read or written, without the file's name. */
  static String reason(IOException fault) {
    if (fault instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (fault instanceof FileSystemException failure && failure.getReason() != null) {
      return shown(failure.getReason());
    }
    String message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : shown(message);
  }
}
