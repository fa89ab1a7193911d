package org.slipway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slipway.build.BuildRequest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageDifference;
import org.slipway.trial.Outcome;
import org.slipway.trial.Trial;
import org.slipway.trial.TwoBuilds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds packages of a folder's ports into a folder; no farm is needed. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Builds packages from a tree in a folder, as it stands there; no farm is needed.",
      "With --check each port is built twice, and what differs is said file by file.",
      "Exit status 1 where a port fails, or differs."
    })
final class BuildCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 40;

  @Mixin
  private TrialOptions options = new TrialOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where the packages go, with those that they need to run (default:"
          + " ${DEFAULT-VALUE})")
  private Path folder = Path.of("packages");

  @Option(names = "--check", description = "build each port twice and compare")
  private boolean check;

  @Option(names = "--json", description = "how it ended as one JSON object, and nothing else")
  private boolean json;

  @Parameters(
      arity = "1..*",
      paramLabel = "ORIGIN",
      description = "category/port, category/port@flavor, category/port@all or all")
  private List<String> origins = new ArrayList<>();

  private final PrintStream out;
  private final TrialText text;
  private final ArrayNode ports = new ObjectMapper().createArrayNode();

  BuildCommand() {
    this(Main.out());
  }

  BuildCommand(PrintStream out) {
    this.out = out;
    this.text = new TrialText(out, true);
  }

  @Override
  public Integer call() throws Exception {
    EvaluationProgress evaluating = new EvaluationProgress(out, Main.terminal() && !json);
    try (Interruption interruption = Interruption.watched()) {
      try (TrialProgress progress = new TrialProgress(out, Main.terminal(), json, false);
          TrialSession session = TrialSession.open(options, origins, evaluating)) {
        return run(session, progress, interruption);
      } catch (InterruptedException e) {
        // Said at once: the program ends as soon as all is cleaned up.
        System.err.println("slipway: stopped; nothing is left of the build");
        return 1;
      }
    } finally {
      out.flush();
    }
  }

  private int run(TrialSession session, TrialProgress progress, Interruption interruption)
      throws IOException, InterruptedException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IOException(
          "the folder " + folder + " for packages cannot be made: " + e.getMessage(), e);
    }
    if (!json) {
      out.println("packages for " + session.evaluation().target().abi() + ", in jails by "
          + session.jails());
      session.remarks().forEach(each -> Wrapped.print(out, each));
    }
    Trial trial = session.trial(false, progress);
    int good = 0;
    List<OriginSpec> wanted = session.evaluation().wanted();
    for (OriginSpec spec : wanted) {
      boolean well = check ? twice(trial, spec, session, progress) : once(trial, spec, progress);
      if (interruption.happened()) {
        throw new InterruptedException();
      }
      good += well ? 1 : 0;
    }
    if (json) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("out", folder.toAbsolutePath().normalize().toString());
      node.put("good", good);
      node.set("ports", ports);
      out.println(node);
    } else if (wanted.size() > 1) {
      out.println(good + " of " + wanted.size() + (check ? " are built the same" : " are built"));
    }
    return good == wanted.size() ? 0 : 1;
  }

  private boolean once(Trial trial, OriginSpec spec, TrialProgress progress)
      throws IOException, InterruptedException {
    Outcome outcome = trial.build(spec);
    Optional<Path> file = Optional.empty();
    if (outcome instanceof Outcome.Done done) {
      file = Optional.of(place(done.file(), done.built().fileName()));
      for (BuildRequest.Install each : trial.runClosure(spec)) {
        place(each.file(), each.built().fileName());
      }
    }
    if (json) {
      ports.add(TrialJson.of(spec, outcome, file, progress));
    } else {
      text.print(spec, outcome, "built", file);
    }
    return outcome instanceof Outcome.Done;
  }

  private boolean twice(Trial trial, OriginSpec spec, TrialSession session, TrialProgress progress)
      throws IOException, InterruptedException {
    TwoBuilds builds = trial.buildTwice(spec);
    Outcome last = builds.second().orElse(builds.first());
    Optional<Path> file = Optional.empty();
    if (builds.first() instanceof Outcome.Done first) {
      file = Optional.of(place(first.file(), first.built().fileName()));
      Files.delete(first.file());
    }
    Optional<Path> second = Optional.empty();
    if (last instanceof Outcome.Done again) {
      if (builds.same()) {
        Files.delete(again.file());
      } else {
        Files.createDirectories(session.results());
        second = Optional.of(session.results().resolve(again.built().name() + "-again.pkg"));
        Files.move(again.file(), second.get(), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (json) {
      ports.add(node(spec, builds, last, file, second, progress));
    } else {
      print(spec, builds, last, file, second);
    }
    return builds.same();
  }

  private void print(
      OriginSpec spec, TwoBuilds builds, Outcome last, Optional<Path> file, Optional<Path> second) {
    if (!(last instanceof Outcome.Done done)) {
      text.print(spec, last, "built", file);
      return;
    }
    String how = builds.jobs() + " and " + builds.otherJobs() + " jobs"
        + (builds.inMemory() ? ", on disk and in memory" : "");
    if (builds.same()) {
      out.println("same twice: " + done.built().name() + " (" + how + ")");
      file.ifPresent(each -> out.println("  package  " + each));
      return;
    }
    List<PackageDifference> differences = builds.differences();
    out.println("DIFFERS: " + done.built().name() + " (" + how + ")");
    for (PackageDifference each :
        differences.subList(0, Math.min(MOST_SHOWN, differences.size()))) {
      Wrapped.print(
          out,
          "  " + each.kind().word() + " " + each.path()
              + (each.what().isEmpty() ? "" : ": " + each.what()));
      each.hints().forEach(hint -> Wrapped.print(out, "      " + hint));
    }
    if (differences.size() > MOST_SHOWN) {
      out.println("  and " + (differences.size() - MOST_SHOWN) + " differences more; see --json");
    }
    file.ifPresent(each -> out.println("  first    " + each));
    second.ifPresent(each -> out.println("  second   " + each));
  }

  private static ObjectNode node(
      OriginSpec spec,
      TwoBuilds builds,
      Outcome last,
      Optional<Path> file,
      Optional<Path> second,
      TrialProgress progress) {
    ObjectNode node =
        TrialJson.of(spec, last instanceof Outcome.Done ? builds.first() : last, file, progress);
    ObjectNode twice = node.putObject("twice");
    twice.put("same", builds.same());
    twice.putArray("jobs").add(builds.jobs()).add(builds.otherJobs());
    twice.put("second_in_memory", builds.inMemory());
    second.ifPresent(each -> twice.put("second_file", each.toString()));
    ArrayNode differences = twice.putArray("differences");
    for (PackageDifference each : builds.differences()) {
      ObjectNode one = differences.addObject();
      one.put("kind", each.kind().word()).put("path", each.path()).put("what", each.what());
      each.hints().forEach(one.putArray("hints")::add);
    }
    return node;
  }

  /** Under its name in the folder, by a rename, so that nobody sees half of one. */
  private Path place(Path file, String name) throws IOException {
    Path target = folder.resolve(name);
    Path draft = Files.createTempFile(folder, ".new-", "");
    try {
      Files.copy(file, draft, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(
          draft, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
    return target;
  }
}
