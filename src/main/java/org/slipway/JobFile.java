package org.slipway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.Target;
import org.slipway.packages.OriginSpec;
import org.slipway.poudriere.BulkSettings;
import org.slipway.schedule.Job;
import org.slipway.store.JobName;

/**
 * Reads HOME/jobs/*.yaml. The name of a job is what stands under {@code job}; the file may be called anything. Every key,
 * its default and its limits are in jobs/example.yaml.sample.
 */
final class JobFile {
  /** A change should be noticed while its author still looks, and a remote should not be asked more often than needed. */
  private static final Duration POLL = Duration.ofSeconds(30);

  private static final Form<String> PORT =
      new Form<>("category/port, category/port@flavor, category/port@all or all", JobFile::port);

  private static final Form<String> CRON = new Form<>(
      "a cron expression of six fields from seconds to day of week, such as \"0 0 3 * * ?\"",
      JobFile::cron);

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
    Optional<Target> target = top.requireSection("target", "what to build for: { base: host }")
        .flatMap(section -> targets.read(section, top.has(EngineSection.KEY)));
    List<String> ports = top.requireList("ports", PORT, Set.of("file", "ansible"));
    Job.Settings settings = new SettingsSections(home).read(top);
    Job.Trigger trigger = trigger(top.section("trigger"));
    Job.Build build = new BuildSection(home).read(top.section("build"), name.map(JobName::name));
    Job.Publish publish = new PublishSection(home).read(top.section("publish"));
    Optional<BulkSettings> poudriere = EngineSection.read(top);
    if (tree.isPresent() && poudriere.isPresent()) {
      OverlaySection.checkFor(poudriere.get(), tree.get(), top);
    }
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
        publish,
        poudriere));
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
    List<Job.Overlay> overlays = new OverlaySection(home).read(section, url, branch);
    section.refuse("upstream", "merge upstream into the fork by hand and leave it out");
    section.end();
    return url.map(address -> new Job.Tree(address, branch, overlays));
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

  private static String port(String word) {
    if (!"all".equals(word)) {
      OriginSpec.parse(word);
    }
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
