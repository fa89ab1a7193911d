package org.slipway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Reach;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Target;
import org.slipway.jail.Jails;
import org.slipway.tree.Checkout;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;
import org.slipway.tree.TreeException;

/**
 * Walks through a tree's history with one evaluator and its cache, as a farm follows a fork, and
 * holds it at some commits beside an evaluation from nothing.
 */
public final class ReplayBench {
  private final Jails jails;
  private final Path scratch;
  private final int workers;
  private final Told told;

  /** @param scratch a folder for kits, absolute; the caller removes it */
  public ReplayBench(Jails jails, Path scratch, int workers, Told told) {
    if (workers < 1) {
      throw new IllegalArgumentException(workers + " workers cannot evaluate; give at least 1");
    }
    this.jails = jails;
    this.scratch = scratch;
    this.workers = workers;
    this.told = told;
  }

  /**
   * What is walked.
   *
   * @param newest the commit at which the walk ends
   * @param commits how many steps lead to it, each from a commit's first parent
   * @param checkEvery after so many steps there is a comparison; empty for the last commit only
   * @param answers the folder of the cache; what is in it already is used
   */
  public record Wish(
      Target target,
      SortedMap<String, String> defines,
      CommitId newest,
      int commits,
      Optional<Integer> checkEvery,
      Path answers) {
    public Wish {
      defines = Collections.unmodifiableSortedMap(new TreeMap<>(defines));
      if (commits < 1) {
        throw new IllegalArgumentException(commits + " commits are no walk; give at least 1");
      }
      checkEvery.ifPresent(every -> {
        if (every < 1) {
          throw new IllegalArgumentException(
              "a comparison every " + every + " commits cannot be; give at least 1");
        }
      });
    }
  }

  /** @throws TreeException where the commit has no parent to start from */
  public ReplayReport run(PortsTree tree, Wish wish) throws IOException, InterruptedException {
    List<CommitId> path = new ArrayList<>(tree.firstParents(wish.newest(), wish.commits() + 1));
    Collections.reverse(path);
    if (path.size() < 2) {
      throw new TreeException("the commit " + wish.newest().abbreviated()
          + " has no parent in this repository; a walk needs two commits, take a full clone");
    }
    try (Walk walk = new Walk(tree, wish, path)) {
      return walk.run();
    }
  }

  /** One run: where it stands and what it found. */
  private final class Walk implements AutoCloseable {
    private final PortsTree tree;
    private final Wish wish;
    private final List<CommitId> path;
    private final EvaluationRequest request;
    private final List<Step> steps = new ArrayList<>();
    private final List<ReplayReport.Check> checks = new ArrayList<>();
    private Evaluator evaluator;
    private Checkout checkout;

    Walk(PortsTree tree, Wish wish, List<CommitId> path) throws IOException {
      this.tree = tree;
      this.wish = wish;
      this.path = path;
      this.request =
          new EvaluationRequest(wish.target(), List.of("all"), List.of(), wish.defines());
      this.checkout = tree.checkout(path.get(0));
      this.evaluator = open();
    }

    private Evaluator open() {
      return new Evaluator(jails, scratch.resolve("kit"), wish.answers(), workers);
    }

    ReplayReport run() throws IOException, InterruptedException {
      told.begins("the oldest commit " + path.get(0).abbreviated(), 0);
      Evaluation first =
          evaluator.evaluate(Sources.of(checkout), request, Reach.NEEDED, new ToldWatch(told));
      told.ends();
      if (first.ports().isEmpty()) {
        throw new TreeException("the commit " + path.get(0).abbreviated()
            + " lists no ports in its category makefiles; walk a tree that has some");
      }
      Optional<ReplayReport.Restart> restart = Optional.empty();
      int last = path.size() - 1;
      told.begins("commits", last);
      for (int at = 1; at <= last; at++) {
        Evaluation evaluation = step(at);
        told.step();
        if (at == (last + 1) / 2) {
          restart = Optional.of(restart(at));
        }
        if (at == last || isCheck(at)) {
          checks.add(new ReplayReport.Check(path.get(at), check(evaluation)));
        }
      }
      told.ends();
      return new ReplayReport(
          wish.target(),
          jails.containment().sentence(),
          workers,
          first.ports().size(),
          first.effort(),
          steps,
          restart.orElseThrow(),
          checks);
    }

    private boolean isCheck(int at) {
      return wish.checkEvery().isPresent() && at % wish.checkEvery().get() == 0;
    }

    private Evaluation step(int at) throws IOException, InterruptedException {
      CommitId commit = path.get(at);
      boolean framework = tree.changedPaths(path.get(at - 1), commit).stream()
          .anyMatch(changed -> changed.startsWith("Mk/"));
      long start = System.nanoTime();
      checkout.close();
      checkout = tree.checkout(commit);
      long there = System.nanoTime();
      Evaluation evaluation = evaluator.evaluate(checkout, request);
      long end = System.nanoTime();
      steps.add(new Step(
          commit,
          framework,
          Duration.ofNanos(there - start),
          Duration.ofNanos(end - there),
          evaluation.effort().asked()));
      return evaluation;
    }

    /** Closes and opens as a farm that is stopped and started; what is asked again was not kept. */
    private ReplayReport.Restart restart(int at) throws IOException, InterruptedException {
      evaluator.close();
      evaluator = open();
      Evaluation again = evaluator.evaluate(checkout, request);
      return new ReplayReport.Restart(path.get(at), again.effort());
    }

    private Verification check(Evaluation kept) throws IOException, InterruptedException {
      try (Evaluator other = new Evaluator(jails, scratch.resolve("kit"), workers)) {
        return EvaluationCheck.compare(kept, other.evaluate(checkout, request));
      }
    }

    @Override
    public void close() {
      evaluator.close();
      checkout.close();
    }
  }
}
