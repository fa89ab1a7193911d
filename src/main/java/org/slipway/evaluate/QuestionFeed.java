package org.slipway.evaluate;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slipway.packages.Flavor;

/**
 * What {@code ask.sh} reads in one jail: a line for each question, given out a few at a time as
 * they are begun. So all jails end at about the same time, however long the questions of each take,
 * and none needs to be started for the last few. The input ends when nothing is open any more.
 */
final class QuestionFeed extends InputStream {
  /** Lines that wait in a jail: enough that it never waits for us. */
  private static final int MOST_AHEAD = 16;

  /**
   * Of the word that marks a question: hexadecimal digits, more than all that a port may print
   * could guess. A shell reads each by itself.
   */
  static final int MARK_CHARACTERS = 16;

  /** Questions that no jail has yet; any thread may take and give back. */
  static final class Open {
    private final Deque<Question> questions;
    private final int jails;

    /** @param jails that take from them at once */
    Open(Collection<Question> questions, int jails) {
      this.questions = new ArrayDeque<>(questions);
      this.jails = jails;
    }

    synchronized void giveBack(Collection<Question> left) {
      questions.addAll(left);
    }

    /** The fewer are left, the fewer lie waiting in one jail while another has nothing to do. */
    private synchronized List<Question> take(int most) {
      int count = Math.min(most, Math.max(2, questions.size() / (4 * jails)));
      List<Question> taken = new ArrayList<>();
      while (taken.size() < count && !questions.isEmpty()) {
        taken.add(questions.remove());
      }
      return taken;
    }
  }

  private final Open open;
  private final int most;
  private final SecureRandom random;
  private final Map<String, Question> marks = new ConcurrentHashMap<>();
  private final List<Question> given = new ArrayList<>();
  private byte[] lines = new byte[0];
  private int at;
  private int ahead;
  private int begun;
  private boolean closed;

  /**
   * Takes the first questions at once.
   *
   * @param most questions for this jail, at least 1
   */
  QuestionFeed(Open open, int most, SecureRandom random) {
    this.open = open;
    this.most = most;
    this.random = random;
    take();
  }

  /** By the random word that marks each; grows as they are given out. */
  Map<String, Question> marks() {
    return marks;
  }

  /** All that were given out so far, in order. */
  synchronized List<Question> given() {
    return List.copyOf(given);
  }

  /** The jail has begun with another one. */
  synchronized void begin() {
    begun++;
    if (!waits()) {
      notifyAll();
    }
  }

  /** A half of what was given last is still to be begun: the jail has enough to do. */
  private boolean waits() {
    return given.size() - begun > ahead / 2;
  }

  private void take() {
    List<Question> taken = open.take(Math.min(MOST_AHEAD, most - given.size()));
    ahead = taken.size();
    StringBuilder text = new StringBuilder();
    for (Question question : taken) {
      byte[] word = new byte[MARK_CHARACTERS / 2];
      random.nextBytes(word);
      String mark = HexFormat.of().formatHex(word);
      marks.put(mark, question);
      given.add(question);
      text.append(mark).append(' ').append(question.folder()).append(' ');
      text.append(question.flavor().map(Flavor::name).orElse("-")).append('\n');
    }
    lines = text.toString().getBytes(StandardCharsets.US_ASCII);
    at = 0;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /** Waits until the jail needs more; the end is there when none are open or it is closed. */
  @Override
  public synchronized int read(byte[] buffer, int offset, int length) {
    while (at == lines.length) {
      if (closed || given.size() >= most) {
        return -1;
      }
      if (waits()) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return -1;
        }
      } else {
        take();
        if (lines.length == 0) {
          return -1;
        }
      }
    }
    int count = Math.min(length, lines.length - at);
    System.arraycopy(lines, at, buffer, offset, count);
    at += count;
    return count;
  }

  /** Gives out no more. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
