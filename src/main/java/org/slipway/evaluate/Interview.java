package org.slipway.evaluate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slipway.jail.Command;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailException;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;

/**
 * Puts questions to make in jails: many ports a jail, several jails at once. A port that hangs,
 * prints without end or kills what asks it costs its own answer only.
 */
final class Interview {
  /**
   * Ports for one jail: a jail costs as much as a few ports, and what goes wrong in it is asked
   * again.
   */
  private static final int LARGEST_BATCH = 200;

  private static final int SMALLEST_BATCH = 8;
  private static final long OUTPUT_BYTES = 256L << 20;
  private static final long MEMORY_BYTES = 2L << 30;
  private static final int PROCESSES = 256;
  /** What the script ends with when it cannot ask anybody. */
  private static final int UNAVAILABLE = 69;

  private static final String SCRIPT = script();

  private final Jails jails;
  private final Target target;
  private final List<Mount> mounts;
  private final int workers;
  private final Duration portLimit;
  private final SecureRandom random = new SecureRandom();

  Interview(Jails jails, Target target, Path tree, Path kit, int workers, Duration portLimit) {
    this.jails = jails;
    this.target = target;
    this.mounts =
        List.of(new Mount(tree, Evaluator.TREE, false), new Mount(kit, Evaluator.KIT, false));
    this.workers = workers;
    this.portLimit = portLimit;
  }

  /** A reply to each question. */
  Map<Question, Reply> ask(Collection<Question> questions)
      throws IOException, InterruptedException {
    List<List<Question>> batches = batches(List.copyOf(questions));
    ExecutorService threads =
        Executors.newFixedThreadPool(Math.max(1, Math.min(workers, batches.size())));
    try {
      List<Future<Map<Question, Reply>>> parts = new ArrayList<>();
      for (List<Question> batch : batches) {
        parts.add(threads.submit(() -> settle(batch)));
      }
      Map<Question, Reply> replies = new LinkedHashMap<>();
      for (Future<Map<Question, Reply>> part : parts) {
        replies.putAll(part.get());
      }
      return replies;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      end(threads);
    }
  }

  /** Nobody may use the checkout after us: the jails end before we return. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private List<List<Question>> batches(List<Question> questions) {
    int share = (questions.size() + workers - 1) / workers;
    int size = Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, share));
    List<List<Question>> batches = new ArrayList<>();
    for (int start = 0; start < questions.size(); start += size) {
      batches.add(questions.subList(start, Math.min(start + size, questions.size())));
    }
    return batches;
  }

  /** Asks until each has a reply; who ends a run before its time is asked once more, alone. */
  private Map<Question, Reply> settle(List<Question> batch)
      throws IOException, InterruptedException {
    Map<Question, Reply> replies = new LinkedHashMap<>();
    Deque<List<Question>> open = new ArrayDeque<>(List.of(batch));
    while (!open.isEmpty()) {
      List<Question> asked = open.pop();
      Run run = run(asked);
      replies.putAll(run.replies());
      List<Question> left = new ArrayList<>(asked);
      left.removeAll(run.replies().keySet());
      if (left.isEmpty()) {
        continue;
      }
      Question culprit = run.unfinished().orElse(left.get(0));
      left.remove(culprit);
      if (run.unfinished().isEmpty() && run.replies().isEmpty()) {
        throw new JailException("nothing could be asked in the jail: " + run.end());
      } else if (asked.size() > 1) {
        open.push(List.of(culprit));
      } else {
        replies.put(culprit, new Reply.Refusal("ended its evaluation early: " + run.end()));
      }
      if (!left.isEmpty()) {
        open.add(left);
      }
    }
    return replies;
  }

  /** @param end how it ended, in words */
  private record Run(Map<Question, Reply> replies, Optional<Question> unfinished, String end) {}

  private Run run(List<Question> questions) throws IOException, InterruptedException {
    Map<String, Question> marks = new LinkedHashMap<>();
    StringBuilder input = new StringBuilder();
    for (Question question : questions) {
      byte[] word = new byte[16];
      random.nextBytes(word);
      String mark = HexFormat.of().formatHex(word);
      marks.put(mark, question);
      input.append(mark).append(' ').append(question.origin()).append(' ');
      input.append(question.flavor().map(Object::toString).orElse("-")).append('\n');
    }
    ReplyReader reader = new ReplyReader(marks, (int) portLimit.toSeconds());
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (Jail jail = jails.create(new JailSpec("evaluate", target.base(), mounts))) {
      Exit exit = jail.run(command(input.toString(), questions.size()), reader, errors);
      String said =
          MakeMessage.tidy(errors.toString(StandardCharsets.UTF_8).lines().toList());
      if (unavailable(exit)) {
        throw new JailException(said.isEmpty() ? exit.inWords() : said);
      }
      String end = exit.inWords() + (said.isEmpty() ? "" : ": " + said);
      return new Run(reader.replies(), reader.unfinished(), end);
    }
  }

  /**
   * The farm's fault or the base's, no port's: the jail did not start, or there is no make in it.
   */
  private static boolean unavailable(Exit exit) {
    return exit instanceof Exit.Exited ended
        ? ended.status() == UNAVAILABLE
        : exit instanceof Exit.NotStarted;
  }

  private Command command(String input, int questions) {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "ask"));
    // In FreeBSD's base it is called make; elsewhere that is another program.
    argv.add(target.abi().os().equals("FreeBSD") ? "bmake make" : "bmake");
    argv.add(String.valueOf(portLimit.toSeconds()));
    for (String variable : Variables.ALL) {
      argv.add("-V");
      argv.add("${" + variable + "}");
    }
    // Where the base has no timeout command, silence stops a port that hangs.
    Limits limits = new Limits(
        portLimit.plusSeconds(10).multipliedBy(questions),
        portLimit.plusSeconds(20),
        OUTPUT_BYTES,
        MEMORY_BYTES,
        PROCESSES);
    return new Command(
        argv,
        Evaluator.ENVIRONMENT,
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        limits,
        Optional.of(new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII))));
  }

  private static String script() {
    try (InputStream in = Interview.class.getResourceAsStream("ask.sh")) {
      if (in == null) {
        throw new IllegalStateException("ask.sh is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
