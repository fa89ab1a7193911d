package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.schedule.Home;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;
import picocli.CommandLine;

/** The command as a person calls it, in a home whose farm does not run. */
class CancelCommandTest {
  private static final JobName JOB = new JobName("dev");
  private static final CommitId COMMIT = new CommitId("a".repeat(40));

  @TempDir
  Path home;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    CommandLine line = new CommandLine(new CancelCommand(stream));
    line.setErr(new PrintWriter(err, true));
    line.setExecutionExceptionHandler((fault, command, parsed) -> {
      err.write(String.valueOf(fault.getMessage()));
      return 1;
    });
    return line.execute(words);
  }

  /** A farm's folder with a build in one of its states. */
  private void farm(BuildState state) throws IOException {
    try (Home own = Home.open(home);
        FarmStore store =
            FarmStore.open(DatabaseSettings.embedded(own.database()), InstantSource.system())) {
      Instant when = Instant.parse("2026-02-03T04:05:06Z");
      store.recordCommits(
          JOB,
          List.of(
              new Commit(COMMIT, Optional.empty(), "A", "a@example.org", when, "m", List.of())));
      BuildId build = store.begin(JOB, COMMIT);
      if (state.finished()) {
        store.finish(build, state, Optional.empty(), Optional.empty());
      } else {
        store.state(build, state);
      }
    }
  }

  private BuildRecord build() throws IOException {
    try (FarmStore store =
        FarmStore.open(DatabaseSettings.embedded(home.resolve("db")), InstantSource.system())) {
      return store.build(new BuildId(1)).orElseThrow();
    }
  }

  @Test
  void endsABuildThatAFarmLeftAndSaysWhoDidIt() throws Exception {
    farm(BuildState.BUILDING);
    assertThat(run("--home", home.toString(), "--who", "ada", "--why", "the wrong branch", "1"))
        .isZero();
    assertThat(out).hasToString("build 1 is cancelled; nothing of it is published\n");
    assertThat(build().state()).isEqualTo(BuildState.CANCELLED);
    assertThat(build().problem()).hasValue("cancelled by ada: the wrong branch");

    assertThat(run("--home", home.toString(), "1")).isEqualTo(1);
    assertThat(err).hasToString("build 1 has ended already");
  }

  @Test
  void tellsAProgramWhatCameOfIt() throws Exception {
    farm(BuildState.DONE);
    assertThat(run("--home", home.toString(), "--json", "1")).isEqualTo(1);
    assertThat(run("--home", home.toString(), "--json", "9")).isEqualTo(1);
    assertThat(out)
        .hasToString("{\"build\":1,\"outcome\":\"over\"}\n{\"build\":9,\"outcome\":\"unknown\"}\n");
    assertThat(build().state()).isEqualTo(BuildState.DONE);
  }

  @Test
  void leavesABuildThatWasBeingPublishedToItsFarm() throws Exception {
    farm(BuildState.PUBLISHING);
    assertThat(run("--home", home.toString(), "1")).isEqualTo(1);
    assertThat(err.toString()).startsWith("build 1 was being published when its farm ended");
    assertThat(build().state()).isEqualTo(BuildState.PUBLISHING);
  }

  @Test
  void refusesWhatIsNoFarmAndNoBuild() throws Exception {
    assertThat(run("--home", home.toString(), "1")).isEqualTo(1);
    assertThat(err.toString()).startsWith("there is no farm in " + home);
    try (var files = Files.list(home)) {
      assertThat(files).isEmpty();
    }
    assertThat(run("--home", home.toString(), "0")).isEqualTo(2);
    assertThat(run("--home", home.toString(), "--who", "a\nb", "1")).isEqualTo(2);
    assertThat(run("--home", home.toString(), "x")).isEqualTo(2);
  }
}
