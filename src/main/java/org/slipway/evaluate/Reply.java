package org.slipway.evaluate;

import java.util.Map;

/** What make said to one question. */
sealed interface Reply permits Reply.Answers, Reply.Refusal {
  /**
   * Every variable of {@link Variables#ALL}.
   *
   * @param warnings what it wrote to standard error nevertheless, usually nothing
   */
  record Answers(Map<String, String> values, String warnings) implements Reply {
    public Answers {
      values = Map.copyOf(values);
    }

    String value(String name) {
      return values.getOrDefault(name, "");
    }
  }

  /** No answers, and why: make's message or ours. */
  record Refusal(String message) implements Reply {}
}
