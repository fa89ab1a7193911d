package org.slipway.evaluate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
  private static final int LARGEST_BATCH = 1000;

  /** A second jail for fewer would cost more than it saves. */
  private static final int SMALLEST_BATCH = 8;

  private static final long OUTPUT_BYTES = 256L << 20;
  private static final long MEMORY_BYTES = 2L << 30;
  private static final int PROCESSES = 256;
  /** What the script ends with when it cannot ask anybody. */
  private static final int UNAVAILABLE = 69;

  /**
   * How ports are asked.
   *
   * @param debug what make records of each run (make(1), -d)
   */
  private record Manner(String debug) {
    /** Names that make searches for. */
    static final Manner USUAL = new Manner("d");

    /** Every line that it reads too, which tells the files; some hundred times as long. */
    static final Manner READING = new Manner("dp");
  }

  /** Brief makefiles in the place of the framework's. */
  interface Brief {
    /** Empty where they are not worth their while for so few questions, or cannot be had. */
    Optional<Mount> mount(int questions) throws IOException;
  }

  /**
   * So that make's many small pieces of memory stay at hand; 3 % of its time. Were all kept, it
   * would take half as many pages again, and each costs more than it saves.
   */
  private static final Map<String, String> QUICKER =
      Map.of("GLIBC_TUNABLES", "glibc.malloc.tcache_count=60");

  /**
   * An environment variable, which make takes for one of its own, that comes to all answers. One
   * question by a plain name is the cheapest: make writes each answer by itself where it records, and
   * expands the words it was started with twice.
   */
  private static final String ANSWERS_VARIABLE = "SLIPWAY_ANSWERS";

  private final Jails jails;
  private final Target target;
  private final List<Mount> mounts;
  private final Brief brief;
  private final Map<String, String> environment;
  private final int asked;
  private final int workers;
  private final Duration portLimit;
  private final Consumer<Question> answered;
  private final JailUse use = new JailUse();
  private final SecureRandom random = new SecureRandom();

  /**
   * @param brief gives the framework's brief makefiles
   * @param includes expressions for files that the framework includes if they are there
   * @param answered told of each question that has its reply
   */
  Interview(
      Jails jails,
      Target target,
      TreeFiles tree,
      Path kit,
      Brief brief,
      List<String> includes,
      int workers,
      Duration portLimit,
      Consumer<Question> answered) {
    this.jails = jails;
    this.target = target;
    List<Mount> all = new ArrayList<>(tree.mounts());
    all.add(new Mount(kit, Evaluator.KIT, false));
    this.mounts = List.copyOf(all);
    this.brief = brief;
    Map<String, String> variables = new TreeMap<>(Evaluator.environment(tree.kitFolders()));
    variables.putAll(QUICKER);
    variables.put(ANSWERS_VARIABLE, AskScript.answers(includes));
    this.environment = Map.copyOf(variables);
    this.asked = Variables.ALL.size() + includes.size();
    this.workers = workers;
    this.portLimit = portLimit;
    this.answered = answered;
  }

  /** What it has cost so far. */
  JailUse use() {
    return use;
  }

  /** Is given a reply for good, by any thread. */
  interface Taker {
    void take(Question question, Reply reply) throws IOException;
  }

  /**
   * A reply to each question. The taker has most of them while others are still asked, and so they
   * need no room; those come as {@link Reply.Taken}.
   */
  Map<Question, Reply> ask(Collection<Question> questions, Taker taker)
      throws IOException, InterruptedException {
    Optional<Mount> framework = brief.mount(questions.size());
    UnaryOperator<ReplyReader.Settled> settled = each -> taken(each, framework.isPresent(), taker);
    Map<Question, Reply> replies =
        ask(questions, new Pass(Manner.USUAL, framework, answered, settled));
    if (framework.isPresent()) {
      replies.putAll(ask(having(replies, Interview::readsFramework), Manner.USUAL));
    }
    ask(having(replies, Needs::wantsReading), Manner.READING)
        .forEach((question, reply) ->
            replies.computeIfPresent(question, (same, first) -> first.with(reply.trail())));
    return replies;
  }

  /** Hands on what will not be asked again. */
  private static ReplyReader.Settled taken(ReplyReader.Settled each, boolean isBrief, Taker taker) {
    Reply reply = each.reply();
    if (!(reply instanceof Reply.Answers)
        || (isBrief && readsFramework(reply))
        || Needs.wantsReading(reply)) {
      return each;
    }
    try {
      taker.take(each.question(), reply);
      return new ReplyReader.Settled(each.question(), new Reply.Taken());
    } catch (IOException | RuntimeException e) {
      // It comes once more at the end, where somebody is there to be told.
      return each;
    }
  }

  /** A command that a makefile ran may have looked into the framework's files. */
  private static boolean readsFramework(Reply reply) {
    return reply.trail().commands().stream().anyMatch(ran -> ran.command().contains("/Mk"));
  }

  private static List<Question> having(Map<Question, Reply> replies, Predicate<Reply> quality) {
    return replies.entrySet().stream()
        .filter(reply -> quality.test(reply.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** With the framework as it stands. */
  private Map<Question, Reply> ask(Collection<Question> questions, Manner manner)
      throws IOException, InterruptedException {
    return ask(questions, new Pass(manner, Optional.empty(), question -> {}, each -> each));
  }

  /**
   * How some questions are put.
   *
   * @param framework seen in the place of the tree's own
   * @param told of each question that has its reply
   * @param settled takes what it may of each whole reply
   */
  private record Pass(
      Manner manner,
      Optional<Mount> framework,
      Consumer<Question> told,
      UnaryOperator<ReplyReader.Settled> settled) {}

  private Map<Question, Reply> ask(Collection<Question> questions, Pass pass)
      throws IOException, InterruptedException {
    int jails =
        Math.max(1, Math.min(workers, (questions.size() + SMALLEST_BATCH - 1) / SMALLEST_BATCH));
    QuestionFeed.Open open = new QuestionFeed.Open(questions, jails);
    ExecutorService threads = Executors.newFixedThreadPool(jails);
    try {
      List<Future<Map<Question, Reply>>> parts = new ArrayList<>();
      for (int i = 0; i < jails; i++) {
        parts.add(threads.submit(() -> settle(open, pass)));
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

  /** One worker: jails one after the other, until no question is open. */
  private Map<Question, Reply> settle(QuestionFeed.Open open, Pass pass)
      throws IOException, InterruptedException {
    Map<Question, Reply> replies = new LinkedHashMap<>();
    Deque<Question> alone = new ArrayDeque<>();
    while (true) {
      QuestionFeed feed = alone.isEmpty()
          ? new QuestionFeed(open, LARGEST_BATCH, random)
          : new QuestionFeed(new QuestionFeed.Open(List.of(alone.pop()), 1), 1, random);
      if (feed.given().isEmpty()) {
        return replies;
      }
      Run run = run(feed, pass);
      sort(run, replies, alone, open, pass.told());
    }
  }

  /** Who ends a run before its time, or is killed beside others, is asked once more, alone. */
  private void sort(
      Run run,
      Map<Question, Reply> replies,
      Deque<Question> alone,
      QuestionFeed.Open open,
      Consumer<Question> told)
      throws JailException {
    boolean several = run.asked().size() > 1;
    Set<Question> left = new LinkedHashSet<>(run.asked());
    left.removeAll(run.replies().keySet());
    run.replies().forEach((question, reply) -> {
      if (several && isKilled(reply)) {
        alone.add(question);
      } else {
        replies.put(question, reply);
      }
    });
    if (left.isEmpty()) {
      return;
    }
    if (run.unfinished().isEmpty() && run.replies().isEmpty()) {
      throw new JailException("nothing could be asked in the jail: " + run.end());
    }
    Question culprit = run.unfinished().orElse(left.iterator().next());
    left.remove(culprit);
    if (several && !run.atLimit()) {
      alone.add(culprit);
    } else {
      replies.put(culprit, new Reply.Refusal(run.end(), Reply.Cause.LIMIT, Reply.Trail.NONE));
      told.accept(culprit);
    }
    open.giveBack(left);
  }

  /** Perhaps by another port's process: alone, it has nobody to blame. */
  private static boolean isKilled(Reply reply) {
    return reply instanceof Reply.Refusal refusal && refusal.cause() == Reply.Cause.KILLED;
  }

  /**
   * @param asked all that were given to the jail
   * @param end how it ended, in words
   * @param atLimit whether the one that was begun used all its time, so that asking again is no use
   */
  private record Run(
      List<Question> asked,
      Map<Question, Reply> replies,
      Optional<Question> unfinished,
      String end,
      boolean atLimit) {}

  private Run run(QuestionFeed feed, Pass pass) throws IOException, InterruptedException {
    ReplyReader reader =
        new ReplyReader(feed.marks(), asked, portLimit, feed::begin, pass.told(), pass.settled());
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    List<Mount> seen = new ArrayList<>(mounts);
    pass.framework().ifPresent(seen::add);
    try (feed;
        Jail jail = jails.create(new JailSpec("evaluate", target.base(), seen))) {
      Exit exit = jail.run(command(feed, pass.manner()), reader, errors);
      use.add(exit);
      String said =
          MakeMessage.tidy(errors.toString(StandardCharsets.UTF_8).lines().toList());
      if (unavailable(exit)) {
        throw new JailException(said.isEmpty() ? exit.inWords() : said);
      }
      if (exit instanceof Exit.Silent) {
        return new Run(feed.given(), reader.replies(), reader.unfinished(), overTime(), true);
      }
      String end =
          "ended its evaluation early: " + exit.inWords() + (said.isEmpty() ? "" : ": " + said);
      return new Run(feed.given(), reader.replies(), reader.unfinished(), end, false);
    }
  }

  private String overTime() {
    return "gives no answers within " + portLimit.toSeconds()
        + " s; its makefile starts something that does not end";
  }

  /**
   * The farm's fault or the base's, no port's: the jail did not start, or there is no make in it.
   */
  private static boolean unavailable(Exit exit) {
    return exit instanceof Exit.Exited ended
        ? ended.status() == UNAVAILABLE
        : exit instanceof Exit.NotStarted;
  }

  private Command command(QuestionFeed feed, Manner manner) {
    List<String> argv = new ArrayList<>(List.of(Jail.SHELL, "-c", AskScript.TEXT, "ask"));
    // In FreeBSD's base it is called make; elsewhere that may be another program.
    argv.add(target.abi().os().equals("Linux") ? "bmake" : "bmake make");
    argv.add(String.valueOf(Math.max(1, portLimit.toSeconds())));
    argv.add(manner.debug());
    // Outside of namespaces of its own it would end what else the user runs.
    argv.add(jails.containment().contains() ? "kill" : "let");
    argv.addAll(List.of("-V", ANSWERS_VARIABLE));
    // Nothing that a port does is heard but that the next is begun: silence stops one that hangs.
    Limits limits = new Limits(
        portLimit.plusSeconds(10).multipliedBy(LARGEST_BATCH),
        portLimit,
        OUTPUT_BYTES,
        MEMORY_BYTES,
        PROCESSES);
    return new Command(
        argv,
        environment,
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        limits,
        Optional.of(feed));
  }
}
