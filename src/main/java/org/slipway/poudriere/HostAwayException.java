package org.slipway.poudriere;

import java.io.IOException;

/** A host that cannot be reached now and may be later. The message is for a person. */
public final class HostAwayException extends IOException {
  private static final long serialVersionUID = 1L;

  public HostAwayException(String message, Throwable cause) {
    super(message, cause);
  }

  HostAwayException(String message) {
    super(message);
  }
}
