package org.slipway.sign;

/** What is wrong with a key, as the end of a sentence that names the file before it is shown. */
final class UnusableKeyException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableKeyException(String message) {
    super(message);
  }
}
