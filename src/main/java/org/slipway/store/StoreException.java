package org.slipway.store;

import java.io.IOException;

/**
 * A database that cannot be used: busy, damaged, of a newer Slipway, out of reach. The message is
 * for a person.
 */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
