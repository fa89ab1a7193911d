package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.bench.Meanwhile;
import org.slipway.bench.ServeBench;
import org.slipway.bench.ServeBench.Load;
import org.slipway.bench.ServeBench.Server;
import org.slipway.bench.ServeReport;
import org.slipway.bench.Told;
import org.slipway.jail.Jails;
import org.slipway.packages.HostAbi;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotId;
import org.slipway.schedule.Job;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;
import org.slipway.store.LogStore;
import org.slipway.web.Listening;
import org.slipway.web.Site;
import org.slipway.web.StatusServer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serving packages beside nginx, in one run. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves a small package, a large one and an unchanged catalogue, as a farm does and with nginx,"
          + " under the same load from wrk, in turns.",
      "nginx and wrk have to be installed."
    })
final class BenchServeCommand implements Callable<Integer> {
  private static final int SMALL_BYTES = 2_048;
  private static final int LARGE_BYTES = 5 << 20;
  private static final String CATALOGUE = "data.pkg";

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description =
          "of each measurement, of which a round has two for each load (default: ${DEFAULT-VALUE})")
  private int seconds = 5;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often; ratios are medians (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "kept open at once (default: ${DEFAULT-VALUE})")
  private int connections = 16;

  @Option(
      names = "--warm",
      paramLabel = "S",
      description = "seconds of each load on our server before the first round, uncounted"
          + " (default: ${DEFAULT-VALUE})")
  private int warm = 10;

  @Option(
      names = "--load",
      split = ",",
      paramLabel = "LOAD",
      converter = Word.class,
      description = "which of small, large and unchanged, with commas between (default: all)")
  private List<Load> loads = List.of(Load.values());

  @Option(names = "--json", description = "the figures as one JSON object on one line")
  private boolean json;

  private static final class Word implements CommandLine.ITypeConverter<Load> {
    @Override
    public Load convert(String word) {
      for (Load each : Load.values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
          return each;
        }
      }
      throw new CommandLine.TypeConversionException(
          "there is no load \"" + Quoted.printable(word) + "\"; give small, large or unchanged");
    }
  }

  @Override
  public Integer call() throws Exception {
    PrintStream out = Main.out();
    ServeBench.Wish wish;
    try {
      wish = new ServeBench.Wish(seconds, rounds, connections, warm, loads);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    }
    try (Workspace workspace = Workspace.open(Workspace.usual());
        Jails jails = Jails.open(workspace.own("jails"), true);
        FarmStore store = FarmStore.open(
            DatabaseSettings.embedded(workspace.own("db")), InstantSource.system())) {
      Told told = json ? Told.NOBODY : new Meanwhile(out, Main.terminal());
      ServeReport report = run(workspace, jails, store, wish, told);
      if (json) {
        out.println(report.json());
      } else {
        out.println();
        report.lines().forEach(out::println);
      }
      return 0;
    } finally {
      out.flush();
    }
  }

  private static ServeReport run(
      Workspace workspace, Jails jails, FarmStore store, ServeBench.Wish wish, Told told)
      throws IOException, InterruptedException {
    Path home = workspace.own("farm");
    Job job = job(home);
    Path repository = home.resolve("repos").resolve(job.name().name());
    Publisher publisher = new Publisher(repository, InstantSource.system());
    SnapshotId id = new SnapshotId("0".repeat(16));
    Instant made = Instant.now().minusSeconds(3_600);
    fill(publisher.directory(id), made);
    Publication published = publisher.switchTo(job.publish().channel(), id);
    Path program = Main.program();
    Site site = new Site(
        List.of(job),
        jails.containment(),
        Map.of(job.name(), publisher),
        store,
        new LogStore(home.resolve("logs")),
        home.resolve("keys"),
        program.resolve("templates"),
        program.resolve("web"),
        Optional.empty(),
        InstantSource.system());
    try (StatusServer server = StatusServer.start(site, Listening.plain("127.0.0.1", 0))) {
      URI ours = server.address().resolve("repo/" + job.name() + "/" + published.channel() + "/");
      return new ServeBench(jails, workspace.own("bench"), told)
          .run(
              new ServeBench.Served(
                  publisher.directory(id),
                  ours,
                  Map.of(
                      Load.SMALL,
                      "All/small-1.0.pkg",
                      Load.LARGE,
                      "All/large-1.0.pkg",
                      Load.UNCHANGED,
                      CATALOGUE),
                  Map.of(Server.SLIPWAY, httpDate(published.at()), Server.NGINX, httpDate(made))),
              wish);
    }
  }

  /** Of whatever host this is: nothing is built. */
  private static Job job(Path home) throws IOException {
    Path file = Files.createDirectories(home.resolve("jobs")).resolve("bench.yaml");
    Files.writeString(file, """
        job: bench
        tree: { url: /nowhere }
        target: { base: host }
        ports: [ all ]
        """);
    return FarmConfig.readJob(file, home, () -> HostAbi.detect(Path.of("/bin/sh")));
  }

  /** What the catalogue and the packages hold does not matter, but that it cannot be made smaller. */
  private static void fill(Path snapshot, Instant made) throws IOException {
    Files.createDirectories(snapshot.resolve("All"));
    Random random = new Random(1);
    for (Map.Entry<String, Integer> each : Map.of(
            "All/small-1.0.pkg", SMALL_BYTES, "All/large-1.0.pkg", LARGE_BYTES, CATALOGUE, 1 << 20)
        .entrySet()) {
      byte[] bytes = new byte[each.getValue()];
      random.nextBytes(bytes);
      Path file = Files.write(snapshot.resolve(each.getKey()), bytes);
      Files.setLastModifiedTime(file, FileTime.from(made));
    }
  }

  private static String httpDate(Instant moment) {
    // Not RFC_1123_DATE_TIME, which gives the first nine days one digit: nginx does not read that.
    return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
        .format(moment.atOffset(ZoneOffset.UTC));
  }
}
