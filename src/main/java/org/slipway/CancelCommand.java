package org.slipway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.HostAbi;
import org.slipway.publish.Note;
import org.slipway.schedule.Cancellation;
import org.slipway.schedule.FarmException;
import org.slipway.schedule.Home;
import org.slipway.schedule.HomeTakenException;
import org.slipway.schedule.Requests;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.FarmStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a build in the middle, whether the farm runs or not. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Ends a build in the middle, whether the farm runs or not.",
      "What it had built is kept, and nothing of it is published.",
      "Exit status 1 where it has ended already, or is being published."
    })
final class CancelCommand implements Callable<Integer> {
  private static final Path SHELL = Path.of("/bin/sh");

  /** The farm looks several times a second; a host that swaps may take far longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "--home", paramLabel = "DIR", required = true, description = "the farm's folder")
  private Path home = Path.of(".");

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      description = "one line that stands beside the build from then on")
  private String why = "";

  @Option(
      names = "--who",
      paramLabel = "NAME",
      description = "who does it (default: the user who runs this)")
  private @Nullable String who;

  @Option(names = "--json", description = "what came of it as one JSON object")
  private boolean json;

  @Parameters(paramLabel = "BUILD", description = "the build's number")
  private long number;

  private final PrintStream out;

  CancelCommand() {
    this(Main.out());
  }

  CancelCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (number < 1) {
      throw wrong("there is no build " + number + "; they are counted from 1");
    }
    BuildId build = new BuildId(number);
    Cancellation came = cancel(build, note());
    if (json) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("build", number);
      node.put("outcome", came.word());
      out.println(node);
    } else if (came.done()) {
      Wrapped.print(out, came.sentence(build));
    }
    out.flush();
    if (!came.done() && !json) {
      throw new IOException(came.sentence(build));
    }
    return came.done() ? 0 : 1;
  }

  private Cancellation cancel(BuildId build, Note note) throws IOException, InterruptedException {
    // Opening would make one.
    if (!Files.exists(home.resolve("farm.lock"))) {
      throw new IOException("there is no farm in " + home + "; give its folder with --home");
    }
    try (Home own = Home.open(home)) {
      return cancel(build, note, FarmConfig.read(own.folder(), () -> HostAbi.detect(SHELL)));
    } catch (HomeTakenException e) {
      Optional<Cancellation> answer = Requests.cancel(home, build, note, PATIENCE);
      return answer.orElseThrow(() -> new FarmException("the farm in " + home
          + " gave no answer within " + PATIENCE.toSeconds()
          + " s, and the request is withdrawn; see its log for why"));
    }
  }

  /** No farm runs, and none can start before this is done. */
  private static Cancellation cancel(BuildId build, Note note, FarmConfig config)
      throws IOException {
    try (FarmStore store = FarmStore.open(config.database(), InstantSource.system())) {
      Optional<BuildRecord> record = store.build(build);
      if (record.isEmpty()) {
        return Cancellation.UNKNOWN;
      }
      boolean elsewhere = record.get().state() == BuildState.BUILDING
          && config.jobs().stream()
              .anyMatch(job ->
                  job.name().equals(record.get().job()) && job.poudriere().isPresent());
      if (elsewhere) {
        throw new IOException("poudriere goes on with build " + build
            + " while no farm runs; start the farm, and cancel it then");
      }
      if (store.cancel(build, Cancellation.problem(note))) {
        return Cancellation.CANCELLED;
      }
      if (!record.get().state().finished()) {
        throw new IOException("build " + build + " was being published when its farm ended; start"
            + " the farm, which sees to it first");
      }
      return Cancellation.OVER;
    }
  }

  private Note note() {
    try {
      String user = System.getProperty("user.name", "");
      return new Note(who != null ? who : user.isBlank() ? "somebody" : user, why);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
