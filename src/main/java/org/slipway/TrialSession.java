package org.slipway;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slipway.build.PackageBuilder;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Reach;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Unevaluable;
import org.slipway.jail.Base;
import org.slipway.jail.Limits;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.SourceDates;
import org.slipway.repository.RepositoryReader;
import org.slipway.trial.Depot;
import org.slipway.trial.PackageShelf;
import org.slipway.trial.Setting;
import org.slipway.trial.Trial;
import org.slipway.trial.TrialWatch;

/** A folder's ports, evaluated and ready to be built, with the user's cache behind them. */
final class TrialSession implements AutoCloseable {
  /** As for a farm's jobs: what takes longer hangs. */
  private static final Duration TIMEOUT = Duration.ofHours(6);

  private static final Duration SILENCE = Duration.ofHours(1);
  private static final long LOG_BYTES = 64L << 20;
  private static final int PROCESSES = 4096;

  private final TrialOptions options;
  private final TreeSurvey survey;
  private final List<String> words;
  private final Sources sources;
  private final Evaluation evaluation;

  private TrialSession(
      TrialOptions options,
      TreeSurvey survey,
      List<String> words,
      Sources sources,
      Evaluation evaluation) {
    this.options = options;
    this.survey = survey;
    this.words = words;
    this.sources = sources;
    this.evaluation = evaluation;
  }

  /**
   * Evaluates the ports and what they need.
   *
   * @param words the ports as a person writes them, at least one
   * @throws IOException where one of them is not in the tree, or nothing can be built here
   */
  static TrialSession open(TrialOptions options, List<String> words, EvaluationProgress progress)
      throws IOException, InterruptedException {
    options.begin(words);
    TreeSurvey survey = TreeSurvey.open(options.evaluation());
    try {
      requireBase(survey);
      Sources sources = survey.sources();
      Evaluation evaluation;
      try {
        evaluation = survey.evaluate(sources, words, Reach.NEEDED, progress);
      } finally {
        progress.wipe();
      }
      requirePorts(evaluation, sources);
      return new TrialSession(options, survey, words, sources, evaluation);
    } catch (IOException | InterruptedException | RuntimeException e) {
      close(survey);
      throw e;
    }
  }

  Evaluation evaluation() {
    return evaluation;
  }

  /** What people should know of their settings. */
  List<String> remarks() {
    return survey.remarks();
  }

  String jails() {
    return survey.jails().containment().sentence();
  }

  /** Where packages of tests and kept work folders are, for the user to look at. */
  Path results() {
    return survey.workspace().shared("trials");
  }

  private Path folder(String name) {
    Workspace workspace = survey.workspace();
    return options.evaluation().keeps() ? workspace.shared(name) : workspace.own(name);
  }

  /** @param keep whether a failed test's work folder is kept */
  Trial trial(boolean keep, TrialWatch watch) throws IOException {
    PackageShelf shelf = PackageShelf.open(folder("packages"), Instant.now());
    Optional<Depot> depot = Optional.empty();
    if (options.repository().isPresent()) {
      RepositoryReader reader = options.reader();
      depot = Optional.of(Depot.open(options.repository().get(), reader, shelf, evaluation));
    }
    Path distfiles = options.checkedDistfiles().orElse(folder("distfiles"));
    PackageBuilder builder =
        new PackageBuilder(survey.jails(), distfiles, survey.workspace().own("spool"));
    if (keep) {
      Files.createDirectories(results());
    }
    Setting setting = new Setting(
        evaluation,
        survey.makeText(words),
        sources.tree().directory(),
        overlays(),
        survey.kit(sources, words),
        options.mirror(),
        new Limits(TIMEOUT, SILENCE, LOG_BYTES, 0, PROCESSES),
        options.jobs(),
        options.builds(),
        changed(),
        survey.workspace().shared("logs"),
        keep ? Optional.of(results()) : Optional.empty());
    return new Trial(builder, shelf, depot, setting, watch);
  }

  /** Not of ports that an overlay has, whose commits are another repository's. */
  private SourceDates changed() throws IOException {
    Set<String> folders = new HashSet<>();
    for (Port port : evaluation.ports().values()) {
      folders.addAll(port.folders());
    }
    for (Sources.Overlay each : sources.overlays()) {
      folders.removeIf(folder -> Files.exists(each.checkout().directory().resolve(folder)));
    }
    return new SourceDates(survey.lastChanges(folders));
  }

  /** Each under its name of the evaluation, by which a jail shows it. */
  private List<Path> overlays() throws IOException {
    Path names = Files.createDirectories(survey.workspace().own("overlays"));
    List<Path> overlays = new ArrayList<>();
    for (Sources.Overlay each : sources.overlays()) {
      Path link = names.resolve(each.name());
      Files.deleteIfExists(link);
      overlays.add(Files.createSymbolicLink(link, each.checkout().directory()));
    }
    return overlays;
  }

  private static void requireBase(TreeSurvey survey) throws IOException {
    Base base = survey.target().base();
    if (base instanceof Base.Directory directory
        && directory.root().startsWith(survey.workspace().shared("bases"))) {
      throw new IOException("of the base of " + survey.target().abi() + " only the names of its"
          + " files are known, which is enough to evaluate and not to build; name a folder with"
          + " a base system by --base DIR, or this host's own by --base host");
    }
    if (base instanceof Base.Host) {
      List<String> missing = HostTools.NEEDED.stream()
          .filter(tool -> HostTools.find(tool).isEmpty())
          .toList();
      if (!missing.isEmpty()) {
        throw new IOException("builds on --base host need " + String.join(" and ", missing)
            + ", which this host does not have; run ./slipway setup");
      }
    }
  }

  private static void requirePorts(Evaluation evaluation, Sources sources) throws IOException {
    for (Unevaluable bad : evaluation.unevaluable()) {
      if (!evaluation.wanted().contains(bad.spec())) {
        continue;
      }
      boolean absent = bad.message().startsWith(bad.spec().origin() + " is not in the tree");
      String near = absent
          ? Nearest.to(bad.spec().origin().toString(), origins(sources.tree().directory()))
              .map(each -> "; did you mean " + each + "?")
              .orElse("")
          : "";
      String message = Quoted.printable(bad.message());
      throw new IOException(absent ? message + near : bad.spec() + ": " + message);
    }
    if (evaluation.wanted().isEmpty()) {
      throw new IOException("no port is asked for; name one as category/port");
    }
  }

  /** What could be meant by a name that is not there. */
  private static List<String> origins(Path tree) throws IOException {
    List<String> origins = new ArrayList<>();
    try (DirectoryStream<Path> categories = Files.newDirectoryStream(tree, "[a-z]*")) {
      for (Path category : categories) {
        if (!Files.isDirectory(category)) {
          continue;
        }
        try (DirectoryStream<Path> ports = Files.newDirectoryStream(category)) {
          ports.forEach(port -> origins.add(category.getFileName() + "/" + port.getFileName()));
        }
      }
    }
    return origins;
  }

  /** The one port of a command that tests one. */
  OriginSpec only() throws IOException {
    if (evaluation.wanted().size() != 1) {
      throw new IOException("one port is tested at a time, and " + String.join(" ", words)
          + " means " + evaluation.wanted().size() + "; name one");
    }
    return evaluation.wanted().get(0);
  }

  @Override
  public void close() throws IOException {
    close(survey);
  }

  /** An interrupt that is pending must not keep jails from being removed. */
  private static void close(TreeSurvey survey) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      survey.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
