package org.slipway.evaluate;

import java.util.Optional;

/**
 * What a question came to: a draft, or the reason why there is none.
 *
 * @param refusal a sentence without its subject, empty where there is a draft
 */
record Outcome(Optional<Draft> draft, String refusal) {
  static Outcome of(Question question, Reply reply) {
    if (reply instanceof Reply.Answers answers) {
      try {
        return new Outcome(Optional.of(Draft.read(question, answers)), "");
      } catch (IllegalArgumentException e) {
        return refused(MakeMessage.clean(String.valueOf(e.getMessage())));
      }
    }
    return refused(((Reply.Refusal) reply).message());
  }

  static Outcome refused(String message) {
    return new Outcome(Optional.empty(), message);
  }
}
