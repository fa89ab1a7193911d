package org.slipway.evaluate;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Takes the output of {@code ask.sh} apart. A question's lines stand between lines that start with
 * its mark, a random word that no makefile knows; a question counts as answered when its last mark
 * has come. Replies come several at a time, their records after them.
 *
 * <p>A value has one line or several, and a line of its own that ends it.
 */
final class ReplyReader extends OutputStream {
  /** Ends each value; a value that holds such a line could only mix up the port's own answers. */
  static final String END = "\2";

  /** For one question; a whole answer of a large port is some 20 kB. */
  private static final int ANSWER_BYTES = 4 << 20;

  /** For the record of one question: a port with every file of the framework has some 5 MB. */
  private static final int RECORD_BYTES = 20 << 20;

  /** Of a line past that, its start: it may be a mark. */
  private static final int MARK_BYTES = 64;

  /** Signals by which the limits of {@code ask.sh} end a process, as a shell tells them. */
  private static final int KILLED = 128 + 9;

  private static final int CPU_TIME = 128 + 24;
  private static final int FILE_SIZE = 128 + 25;

  private enum Part {
    NONE,
    ANSWERS,
    ERRORS,
    RECORD
  }

  private final Map<String, Question> marks;
  private final int asked;
  private final Duration limit;
  private final Runnable begin;
  private final Consumer<Question> answered;
  private final UnaryOperator<Settled> settled;
  private final Map<Question, Reply> replies = new LinkedHashMap<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final List<String> answers = new ArrayList<>();
  private final StringBuilder value = new StringBuilder();
  private final List<String> errors = new ArrayList<>();
  private TrailReader trail = new TrailReader();
  private String mark = "";
  private Part part = Part.NONE;
  private int status;
  private int valueLines;
  private int bytes;
  private String begun = "";

  /**
   * @param marks of each question that was asked by then
   * @param asked values of each question: those of {@link Variables#ALL} and the includes
   * @param limit of processor time for each question
   * @param begin called when another question is begun
   * @param answered told of each question that has its reply
   * @param settled is given each reply whose record is whole, and gives what is to be kept of it
   */
  ReplyReader(
      Map<String, Question> marks,
      int asked,
      Duration limit,
      Runnable begin,
      Consumer<Question> answered,
      UnaryOperator<Settled> settled) {
    this.marks = marks;
    this.asked = asked;
    this.limit = limit;
    this.begin = begin;
    this.answered = answered;
    this.settled = settled;
  }

  /** A question and all that came of it. */
  record Settled(Question question, Reply reply) {}

  /** All that were answered to the end, in order. */
  synchronized Map<Question, Reply> replies() {
    settleRecord();
    return new LinkedHashMap<>(replies);
  }

  /** The one that was begun last, if it has no reply. */
  synchronized Optional<Question> unfinished() {
    return Optional.ofNullable(marks.get(begun)).filter(question -> !replies.containsKey(question));
  }

  @Override
  public synchronized void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] buffer, int offset, int length) {
    int from = offset;
    int end = offset + length;
    for (int at = offset; at < end; at++) {
      if (buffer[at] == '\n') {
        if (line.size() == 0 && at - from <= room()) {
          bytes += at - from;
          take(buffer, from, at - from);
        } else {
          keep(buffer, from, at - from);
          byte[] whole = line.toByteArray();
          line.reset();
          take(whole, 0, whole.length);
        }
        from = at + 1;
      }
    }
    keep(buffer, from, end - from);
  }

  /** For the rest of a line. */
  private int room() {
    int most = part == Part.RECORD ? RECORD_BYTES : ANSWER_BYTES;
    return Math.max(most - bytes, MARK_BYTES - line.size());
  }

  private void keep(byte[] buffer, int from, int length) {
    line.write(buffer, from, Math.max(0, Math.min(length, room())));
    bytes += length;
  }

  private void take(byte[] text, int from, int length) {
    String word = mark(text, from, length);
    if (marks.containsKey(word)) {
      int rest = from + word.length() + 1;
      step(word, new String(text, rest, from + length - rest, StandardCharsets.UTF_8));
    } else if (part == Part.RECORD) {
      if (bytes < RECORD_BYTES) {
        trail.take(text, from, length);
      } else {
        trail.cut();
      }
    } else if (part != Part.NONE && bytes < ANSWER_BYTES) {
      if (part == Part.ERRORS) {
        errors.add(new String(text, from, length, StandardCharsets.UTF_8));
      } else {
        answer(text, from, length);
      }
    }
  }

  /** What may be the mark at the start of a line; empty where nothing may. */
  private static String mark(byte[] text, int from, int length) {
    int end = QuestionFeed.MARK_CHARACTERS;
    return length > end && text[from + end] == ' ' && Character.digit(text[from], 16) >= 0
        ? new String(text, from, end, StandardCharsets.ISO_8859_1)
        : "";
  }

  /** Values have one line or several, and a line of its own that ends each. */
  private void answer(byte[] text, int from, int length) {
    if (length == 1 && text[from] == END.charAt(0)) {
      answers.add(value.toString());
      value.setLength(0);
      valueLines = 0;
    } else {
      if (valueLines++ > 0) {
        value.append('\n');
      }
      value.append(new String(text, from, length, StandardCharsets.UTF_8));
    }
  }

  private void step(String word, String what) {
    switch (what) {
      case "begin" -> {
        settleRecord();
        begun = word;
        begin.run();
      }
      case "reply" -> {
        settleRecord();
        mark = word;
        part = Part.ANSWERS;
        answers.clear();
        value.setLength(0);
        valueLines = 0;
        errors.clear();
        bytes = 0;
      }
      case "end" -> {
        if (part == Part.ERRORS && word.equals(mark)) {
          Question question = Objects.requireNonNull(marks.get(word));
          replies.put(question, reply());
          part = Part.NONE;
          answered.accept(question);
        }
      }
      case "record" -> {
        settleRecord();
        mark = word;
        part = Part.RECORD;
        bytes = 0;
      }
      default -> {
        if (what.startsWith("errors ") && part == Part.ANSWERS && word.equals(mark)) {
          part = Part.ERRORS;
          status = Integer.parseInt(what.substring("errors ".length()));
        }
      }
    }
  }

  /** A record has no end of its own: it is over when something else begins. */
  private void settleRecord() {
    if (part == Part.RECORD) {
      Question question = Objects.requireNonNull(marks.get(mark));
      Reply reply = replies.get(question);
      if (reply != null) {
        Settled whole = new Settled(question, reply.with(trail.trail()));
        replies.put(question, settled.apply(whole).reply());
      }
      part = Part.NONE;
      trail = new TrailReader();
    }
  }

  private Reply reply() {
    String said = MakeMessage.tidy(errors);
    if (bytes >= ANSWER_BYTES) {
      return refusal(
          "prints more than " + (ANSWER_BYTES >> 20) + " MiB while it is read",
          Reply.Cause.MAKEFILES);
    }
    if (status == CPU_TIME) {
      return refusal(
          "takes more than " + limit.toSeconds() + " s of processor time while it is read",
          Reply.Cause.LIMIT);
    }
    if (status == FILE_SIZE) {
      return refusal("writes more than 20 MiB while it is read", Reply.Cause.KILLED);
    }
    if (status == KILLED) {
      return refusal(
          "was killed while it was read; its makefile takes more memory than it may, or kills make",
          Reply.Cause.KILLED);
    }
    if (status != 0) {
      return refusal(
          said.isEmpty() ? "make ended with status " + status + " and no message" : said,
          Reply.Cause.MAKEFILES);
    }
    return answers(said);
  }

  private Reply answers(String said) {
    if (answers.size() != asked) {
      return refusal(
          "answers " + answers.size() + " of " + asked
              + " questions; its makefile ends make before it has said all",
          Reply.Cause.KILLED);
    }
    int variables = Variables.ALL.size();
    return new Reply.Answers(
        answers.subList(0, variables), answers.subList(variables, asked), said, Reply.Trail.NONE);
  }

  private static Reply refusal(String message, Reply.Cause cause) {
    return new Reply.Refusal(message, cause, Reply.Trail.NONE);
  }
}
