package org.slipway.schedule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.PlannedPackage;
import org.slipway.store.BuildId;

/** Queues each stage with the engine that runs it. */
final class Tasks implements Dispatcher {
  static final String WATCH = "watch";
  static final String EVALUATE = "evaluate";
  static final String BUILD = "build";
  static final String AGAIN = "again";
  static final String PUBLISH = "publish";
  static final String FOLLOW = "follow";

  private final Engine stages;
  private final Engine followers;
  private final Map<String, Engine> builders;

  /** @param builders by target, and filled while this is used */
  Tasks(Engine stages, Engine followers, Map<String, Engine> builders) {
    this.stages = stages;
    this.followers = followers;
    this.builders = builders;
  }

  /** What tells a job's builders from another's. */
  static String target(Job job) {
    return job.target().abi().toString();
  }

  @Override
  public void evaluate(Job job, BuildId build) throws FarmException {
    stages.submit(EVALUATE, "build " + build, words(job, build), 5);
  }

  @Override
  public void build(Job job, BuildId build, PlannedPackage next, int attempt, boolean alone)
      throws FarmException {
    Map<String, String> words = words(job, build, next.spec());
    if (alone) {
      words.put("alone", "yes");
    }
    int priority = (int) Math.min(Integer.MAX_VALUE, Math.max(1, next.critical().toSeconds()));
    Engine engine = builders.get(target(job));
    if (engine == null) {
      throw new FarmException("no builder for " + target(job));
    }
    // A name of its own: the task of the attempt before may not have ended altogether.
    engine.submit(BUILD, build + " " + next.spec() + " " + attempt, words, priority);
  }

  @Override
  public void again(Job job, BuildId build, OriginSpec spec, Duration wait) throws FarmException {
    // Not with the builders: what is due at a time of its own would come after all that is due now.
    stages.later(AGAIN, build + " " + spec, words(job, build, spec), wait);
  }

  @Override
  public void publish(Job job, BuildId build) throws FarmException {
    stages.submit(PUBLISH, "build " + build, words(job, build), 8);
  }

  /** Looks at a job's fork now. */
  @Override
  public void watch(Job job) throws FarmException {
    stages.submit(WATCH, job.name() + " now", Map.of("job", job.name().name()), 10);
  }

  @Override
  public void follow(Job job, BuildId build) throws FarmException {
    followers.repeat(
        FOLLOW,
        "build " + build,
        words(job, build),
        job.poudriere().orElseThrow().poll());
  }

  @Override
  public void followed(BuildId build) throws FarmException {
    followers.end(FOLLOW, "build " + build);
  }

  private static Map<String, String> words(Job job, BuildId build) {
    return Map.of("job", job.name().name(), "build", build.toString());
  }

  private static Map<String, String> words(Job job, BuildId build, OriginSpec spec) {
    Map<String, String> words = new LinkedHashMap<>(words(job, build));
    words.put("package", spec.toString());
    return words;
  }
}
