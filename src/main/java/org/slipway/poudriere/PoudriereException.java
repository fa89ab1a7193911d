package org.slipway.poudriere;

import java.io.IOException;

/** A host that does not do what is asked of it. The message is for a person. */
public final class PoudriereException extends IOException {
  private static final long serialVersionUID = 1L;

  public PoudriereException(String message) {
    super(message);
  }
}
