package org.slipway;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.Target;
import org.slipway.packages.OriginSpec;
import org.slipway.schedule.Job;
import org.slipway.store.JobName;

/**
 * Reads HOME/jobs/*.yaml. The name of a job is what stands under {@code job}; the file may be called anything. Every key,
 * its default and its limits are in jobs/example.yaml.sample.
 */
final class JobFile {
  private static final int MOST_SLOTS = 256;

  /** A change should be noticed while its author still looks, and a remote should not be asked more often than needed. */
  private static final Duration POLL = Duration.ofSeconds(30);

  /** Long enough for the largest browser on a slow machine, short enough to free a slot within a working day. */
  private static final Duration TIMEOUT = Duration.ofHours(6);

  /** Linking a large program can be silent for half an hour. */
  private static final Duration SILENCE = Duration.ofHours(1);

  /** The largest ordinary logs are around ten mebibytes. */
  private static final long LOG_BYTES = 64L << 20;

  private static final Form<String> PORT =
      new Form<>("category/port, category/port@flavor, category/port@all or all", JobFile::port);

  private static final Form<String> POLICY = new Form<>("content", JobFile::policy);

  private static final Form<String> CRON = new Form<>(
      "a cron expression of six fields from seconds to day of week, such as \"0 0 3 * * ?\"",
      JobFile::cron);

  private static final Form<Optional<Integer>> SLOTS = new Form<>(
      "auto or a whole number from 1 to " + MOST_SLOTS,
      word -> "auto".equals(word)
          ? Optional.empty()
          : Optional.of(Form.number(1, MOST_SLOTS).read(word)));

  private final Path home;
  private final Map<JobName, Path> names;
  private final TargetSection targets;

  /**
   * @param home what relative paths start from
   * @param names of the jobs read so far, by their file; each one that is read is added
   */
  JobFile(Path home, Map<JobName, Path> names, AbiSource host) {
    this.home = home;
    this.names = names;
    this.targets = new TargetSection(home, host);
  }

  /** The job, or nothing and what is wrong. */
  Optional<Job> read(Path file, Mistakes mistakes) {
    return YamlFile.read(file, mistakes).flatMap(top -> job(top, file, mistakes));
  }

  private Optional<Job> job(Section top, Path file, Mistakes mistakes) {
    Optional<JobName> name = name(top, file);
    Optional<Job.Tree> tree =
        top.requireSection("tree", "the fork: { url: ..., branch: ... }").flatMap(this::tree);
    Optional<Target> target =
        top.requireSection("target", "what to build for: { base: host }").flatMap(targets::read);
    List<String> ports = top.requireList("ports", PORT, Set.of("file", "ansible"));
    Job.Settings settings = new SettingsSections(home).read(top);
    Job.Trigger trigger = trigger(top.section("trigger"));
    Job.Build build = build(top.section("build"));
    Job.Publish publish = new PublishSection(home).read(top.section("publish"));
    top.end();
    if (!mistakes.none()) {
      return Optional.empty();
    }
    return Optional.of(new Job(
        name.orElseThrow(),
        tree.orElseThrow(),
        target.orElseThrow(),
        ports.stream().distinct().toList(),
        settings,
        trigger,
        build,
        publish));
  }

  private Optional<JobName> name(Section top, Path file) {
    Optional<JobName> name = top.require(
        "job",
        new Form<>(
            "a name of lower-case letters, digits, dots, dashes and underscores, 64 at most",
            JobName::new));
    name.ifPresent(each -> {
      Path other = names.putIfAbsent(each, file);
      if (other != null) {
        top.wrong(
            "job", "the name " + each + " is taken by " + other + "; two jobs cannot share one");
      }
    });
    return name;
  }

  private Optional<Job.Tree> tree(Section section) {
    Optional<String> url = section.require("url", TreeAddress.form(home));
    String branch = section.read("branch", TreeAddress.BRANCH, "main");
    section.refuse("upstream", "merge upstream into the fork by hand and leave it out");
    section.end();
    return url.map(address -> new Job.Tree(address, branch));
  }

  private static Job.Trigger trigger(Optional<Section> given) {
    Duration poll =
        given.map(trigger -> trigger.read("poll", Form.DURATION, POLL)).orElse(POLL);
    Optional<String> cron = given.flatMap(trigger -> trigger.read("cron", CRON));
    given.ifPresent(trigger -> {
      refuseTrue(trigger, "webhook", "poll notices a commit, leave it out");
      refuseTrue(trigger, "each-commit", "the newest commit is built, leave it out");
      trigger.end();
    });
    return new Job.Trigger(poll, cron);
  }

  private static void refuseTrue(Section section, String key, String instead) {
    if (section.read(key, Form.TRUTH, false)) {
      section.refuse(key, instead);
    }
  }

  private static Job.Build build(Optional<Section> given) {
    int processors = Runtime.getRuntime().availableProcessors();
    if (given.isEmpty()) {
      return new Job.Build(processors, TIMEOUT, SILENCE, 0, LOG_BYTES, Optional.empty(), false);
    }
    Section build = given.get();
    Optional<Integer> slots = build.read("slots", SLOTS, Optional.empty());
    Duration timeout = build.read("timeout", Form.DURATION, TIMEOUT);
    Duration silence = build.read("silence", Form.DURATION, SILENCE);
    long memory = build.read("memory", Form.SIZE, 0L);
    long log = build.read("log", Form.SIZE, LOG_BYTES);
    Optional<URI> mirror = build.read("mirror", Form.WEB_ADDRESS);
    boolean uncontained = build.read("allow-uncontained", Form.TRUTH, false);
    build.read("policy", POLICY);
    build.refuse("retries", "a build that failed is tried again at the next commit, leave it out");
    build.end();
    return new Job.Build(
        slots.orElse(Math.min(processors, MOST_SLOTS)),
        timeout,
        silence,
        memory,
        log,
        mirror,
        uncontained);
  }

  private static String port(String word) {
    if (!"all".equals(word)) {
      OriginSpec.parse(word);
    }
    return word;
  }

  private static String policy(String word) {
    if ("exact".equals(word) || "abi".equals(word)) {
      throw new UnsupportedOperationException(
          "the policy " + word + " is not supported yet; write content or leave it out");
    }
    Form.require("content".equals(word));
    return word;
  }

  /** Quartz's own form: one of day of month and day of week is a question mark. */
  private static String cron(String word) {
    List<String> fields = List.of(word.trim().split("\\s+", -1));
    Form.require(fields.size() == 6 || fields.size() == 7);
    Form.require(word.matches("[0-9A-Za-z*?/,#\\s-]+"));
    Form.require(fields.get(3).equals("?") != fields.get(5).equals("?"));
    return new Job.Trigger(POLL, Optional.of(word)).cron().orElseThrow();
  }
}
