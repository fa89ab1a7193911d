package org.slipway.evaluate;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes the output of {@code ask.sh} apart. A question's lines stand between lines that start with
 * its mark, a random word that no makefile knows; a question counts as answered when its last mark
 * has come.
 */
final class ReplyReader extends OutputStream {
  /** For one question; a whole answer of a large port is some 20 kB. */
  private static final int ANSWER_BYTES = 4 << 20;

  /** Of a line past that, its start: it may be a mark. */
  private static final int MARK_BYTES = 64;

  private static final int TIMED_OUT = 124;
  private static final int KILLED = 137;

  private final Map<String, Question> marks;
  private final int timeLimitSeconds;
  private final Map<Question, Reply> replies = new LinkedHashMap<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final List<String> values = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private Optional<String> mark = Optional.empty();
  private boolean inErrors;
  private int status;
  private int bytes;

  ReplyReader(Map<String, Question> marks, int timeLimitSeconds) {
    this.marks = Map.copyOf(marks);
    this.timeLimitSeconds = timeLimitSeconds;
  }

  /** All that were answered to the end, in order. */
  synchronized Map<Question, Reply> replies() {
    return new LinkedHashMap<>(replies);
  }

  /** The one that was begun and not ended. */
  synchronized Optional<Question> unfinished() {
    return mark.map(marks::get);
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      take(text);
    } else if (bytes < ANSWER_BYTES || line.size() < MARK_BYTES) {
      line.write(b);
    }
    bytes++;
  }

  @Override
  public synchronized void write(byte[] buffer, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      write(buffer[i]);
    }
  }

  private void take(String text) {
    int space = text.indexOf(' ');
    String word = space < 0 ? "" : text.substring(0, space);
    if (marks.containsKey(word)) {
      step(word, text.substring(space + 1));
    } else if (mark.isPresent() && bytes < ANSWER_BYTES) {
      (inErrors ? errors : values).add(text);
    }
  }

  private void step(String word, String what) {
    if (what.equals("begin")) {
      mark = Optional.of(word);
      inErrors = false;
      values.clear();
      errors.clear();
      bytes = 0;
    } else if (what.startsWith("errors ")) {
      inErrors = true;
      status = Integer.parseInt(what.substring("errors ".length()));
    } else if (what.equals("end") && mark.equals(Optional.of(word))) {
      replies.put(Objects.requireNonNull(marks.get(word)), reply());
      mark = Optional.empty();
    }
  }

  private Reply reply() {
    String said = MakeMessage.tidy(errors);
    if (bytes >= ANSWER_BYTES) {
      return new Reply.Refusal(
          "prints more than " + (ANSWER_BYTES >> 20) + " MiB while it is read");
    }
    if (status == TIMED_OUT) {
      return new Reply.Refusal("gives no answers within " + timeLimitSeconds
          + " s; its makefile starts something that does not end");
    }
    if (status == KILLED) {
      return new Reply.Refusal("was stopped while it was read; its makefile takes more than "
          + timeLimitSeconds + " s or more memory than it may");
    }
    if (status != 0) {
      return new Reply.Refusal(
          said.isEmpty() ? "make ended with status " + status + " and no message" : said);
    }
    if (values.size() != Variables.ALL.size()) {
      return new Reply.Refusal("gives " + values.size() + " lines for " + Variables.ALL.size()
          + " variables; one of them holds a line break, or something else prints");
    }
    Map<String, String> answers = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      answers.put(Variables.ALL.get(i), values.get(i));
    }
    return new Reply.Answers(answers, said);
  }
}
