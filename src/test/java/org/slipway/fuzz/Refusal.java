package org.slipway.fuzz;

/** What a refusal of hostile bytes must be: words that fit on a screen. */
final class Refusal {
  private Refusal() {}

  static void require(Exception refusal) {
    String message = refusal.getMessage();
    if (message == null || message.isBlank() || message.length() > 4000) {
      throw new IllegalStateException("refused without words for a person: " + message, refusal);
    }
  }
}
