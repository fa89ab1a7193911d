package org.slipway.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;

/**
 * Phases that follow one another, each a make call of its own, in one jailed run for as long as they
 * take next to no time: entering a jail costs more than most phases of a small port. A shell in the
 * jail, into which a build cannot look, starts one after the other as it is told to, and says when
 * each ends. What a phase leaves running is ended with it, where that is the jail's to do. Once the phases have taken a second, the next begins in a run of its own, so that
 * nothing of a long phase lives on beside it, and a limit on the time of one holds for it alone to
 * within that second.
 */
final class Series {
  /** The longest time that phases share a run. */
  private static final Duration SHARED = Duration.ofSeconds(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of what times(1) of POSIX says, the line of the processes that have ended. */
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})m(\\d{1,2}(?:[.,]\\d{1,6})?)s");

  private final Jail jail;
  private final Steps steps;
  private final PhaseRun phases;
  private final BuildLog log;
  private final Deque<Phase> left;
  private final Orders orders = new Orders();
  private final StringBuilder times = new StringBuilder();
  private boolean timesFollow;
  private boolean running;
  private Duration cpu = Duration.ZERO;
  private long start;

  private Series(Jail jail, Steps steps, PhaseRun phases, BuildLog log, Deque<Phase> left) {
    this.jail = jail;
    this.steps = steps;
    this.phases = phases;
    this.log = log;
    this.left = left;
  }

  /**
   * Runs them all.
   *
   * @param all phases with the same limits, the first of them a make call; those that make
   *     dependencies present have none to make present
   */
  static void run(Jail jail, Steps steps, PhaseRun phases, BuildLog log, List<Phase> all)
      throws IOException, InterruptedException, PhaseFailure {
    Deque<Phase> left = new ArrayDeque<>(all);
    while (!left.isEmpty()) {
      // Each takes at least one of them.
      new Series(jail, steps, phases, log, left).run();
    }
  }

  private void run() throws IOException, InterruptedException, PhaseFailure {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String mark = HexFormat.of().formatHex(random);
    int before = phases.ended();
    start = System.nanoTime();
    Phase first = left.remove();
    begin(first);
    orders.give(mark);
    orders.give(first.word());
    String how = "broken off";
    try (orders) {
      MarkedOutput output = new MarkedOutput(mark, new Passing(), this::said);
      Exit exit = jail.run(steps.series(first, orders, jail.seesOnlyItsRun()), output);
      output.finish();
      if (running || !exit.succeeded()) {
        PhaseFailure failure = PhaseFailure.of(phases.last(), exit, log.notes());
        how = failure.how();
        throw failure;
      }
      phases.settle(before);
    } finally {
      if (running) {
        phases.end(how, cpu);
      }
    }
  }

  private void begin(Phase phase) throws IOException {
    phases.begin(phase);
    running = true;
  }

  /** From the thread that takes the output, between what the phases say. */
  private void said(String word) throws IOException {
    timesFollow = word.equals("times");
    if (timesFollow) {
      times.setLength(0);
    } else if (!word.equals("end 0") || !running) {
      // Its status is the run's, which tells too of the limits that it came to.
      orders.close();
    } else {
      Duration all = cpu();
      phases.endWithin(all.minus(cpu));
      cpu = all;
      running = false;
      goOn();
    }
  }

  private void goOn() throws IOException {
    while (!left.isEmpty() && left.element().depends()) {
      phases.begin(left.remove());
      Provision.sayNone(phases.last(), log);
      phases.endWithin(Duration.ZERO);
    }
    if (left.isEmpty() || System.nanoTime() - start > SHARED.toNanos()) {
      orders.close();
    } else {
      Phase next = left.remove();
      begin(next);
      orders.give(next.word());
    }
  }

  /** Of the phases so far; the second line is that of processes waited for, the first the shell's. */
  private Duration cpu() {
    List<String> lines =
        times.toString().lines().filter(line -> !line.isBlank()).toList();
    Duration sum = Duration.ZERO;
    if (lines.size() > 1) {
      Matcher matcher = TIME.matcher(lines.get(1));
      while (matcher.find()) {
        double seconds = Double.parseDouble(matcher.group(2).replace(',', '.'));
        sum = sum.plusSeconds(60L * Integer.parseInt(matcher.group(1)))
            .plusMillis(Math.round(seconds * 1000));
      }
    }
    return sum;
  }

  /** To the log, but for the shell's own report. */
  private final class Passing extends OutputStream {
    private static final int LONGEST = 500;

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!timesFollow) {
        log.write(bytes, offset, length);
      } else if (times.length() + length < LONGEST) {
        times.append(new String(bytes, offset, length, StandardCharsets.US_ASCII));
      }
    }
  }
}
