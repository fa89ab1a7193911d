package org.slipway.tree;

import java.io.IOException;

/**
 * A fork that cannot be read as asked: no such address, no such branch, a missing object. The
 * message is for a person.
 */
public final class TreeException extends IOException {
  private static final long serialVersionUID = 1L;

  public TreeException(String message) {
    super(message);
  }

  public TreeException(String message, Throwable cause) {
    super(message, cause);
  }
}
