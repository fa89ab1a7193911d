package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.said;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The first process of the next run, which is made ahead. */
final class EntrancesTest {
  @TempDir
  Path folder;

  /** A farm that has run something, told of it, and does nothing more: {@code SCRATCH CONTAINMENT}. */
  static final class Farm {
    private Farm() {}

    public static void main(String[] arguments) throws Exception {
      try (Jails jails = new Opening(Path.of(arguments[0]), false)
              .open(Set.of(Containment.valueOf(arguments[1])));
          Jail jail = jails.create(host())) {
        jail.run(asBuilder("echo ran"), System.out);
        TimeUnit.HOURS.sleep(1);
      } catch (JailException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  private Path scratch() {
    return folder.resolve("jails");
  }

  private Jails open(Containment kind) throws IOException {
    try {
      return new Opening(scratch(), false).open(Set.of(kind));
    } catch (JailException e) {
      Assumptions.abort(kind + " cannot be tried here: " + e.getMessage());
      throw e;
    }
  }

  /** First processes of this farm's runs, without those that are forks of others. */
  private List<ProcessHandle> first() {
    String script = scratch().resolve("scripts/wrap.sh").toString();
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(script))
        .filter(process -> process
            .parent()
            .flatMap(parent -> parent.info().commandLine())
            .filter(line -> line.contains(script))
            .isEmpty())
        .toList();
  }

  private ProcessHandle waiting() {
    List<ProcessHandle> found = new ArrayList<>();
    await().until(() -> {
      found.clear();
      found.addAll(first());
      return found.size() == 1;
    });
    return found.get(0);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void runsTheNextCommandInTheProcessThatWaitsForIt(Containment kind) throws Exception {
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      // Now and then it is not there any more: it waits a short time, and other tests mount things.
      await().atMost(Duration.ofMinutes(1)).until(() -> {
        assertThat(said(jail, asBuilder("echo one"))).isEqualTo("one\n[exit status 0]");
        ProcessHandle process = waiting();
        AtomicBoolean same = new AtomicBoolean();
        OutputStream looks = new OutputStream() {
          @Override
          public void write(int octet) {
            same.compareAndSet(false, octet == '\n' && process.descendants().count() > 2);
          }
        };
        Exit exit = jail.run(asBuilder("echo two; sleep 0.2"), looks);
        assertThat(exit.succeeded()).as(exit.inWords()).isTrue();
        assertThat(process.isAlive()).isFalse();
        return same.get();
      });
    }
    assertThat(first()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void holdsToTheLimitsOfTheCommandThatItGets(Containment kind) throws Exception {
    Duration time = Duration.ofMinutes(1);
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      for (int round = 0; round < 2; round++) {
        waitsAfter(jail);
        assertThat(run(
                jail,
                new Limits(time, time, 1000, 96L << 20, 64),
                "perl -e '$x = q(x) x (1 << 29); sleep 9'"))
            .isInstanceOf(Exit.OutOfMemory.class);
        waitsAfter(jail);
        Exit forks = run(
            jail,
            new Limits(time, time, 1000, 0, 20),
            "i=0; while [ $i -lt 200 ]; do sleep 5 & i=$((i + 1)); done; exit 0");
        assertThat(forks.succeeded()).as(forks.inWords()).isFalse();
        // What one was held to, another is not.
        Exit free = run(jail, new Limits(time, time, 1000, 0, 64), "perl -e '$x = q(x) x (1<<28)'");
        assertThat(free.succeeded()).as(free.inWords()).isTrue();
      }
    }
  }

  private void waitsAfter(Jail jail) throws Exception {
    assertThat(said(jail, asBuilder("true"))).isEqualTo("[exit status 0]");
    waiting();
  }

  private static Exit run(Jail jail, Limits limits, String script) throws Exception {
    return jail.run(
        Commands.script(Command.User.BUILDER, limits, script), OutputStream.nullOutputStream());
  }

  @Test
  void goesWithoutOneThatWasKilled() throws Exception {
    try (Jails jails = Jails.open(scratch(), false);
        Jail jail = jails.create(host())) {
      for (int round = 0; round < 3; round++) {
        waitsAfter(jail);
        ProcessHandle process = waiting();
        process.destroyForcibly();
        await().until(() -> !process.isAlive());
        assertThat(said(jail, asBuilder("echo on"))).isEqualTo("on\n[exit status 0]");
      }
    }
  }

  @Test
  void isNotThereBeforeAnythingRanNorLongAfter() throws Exception {
    try (Jails jails = Jails.open(scratch(), false)) {
      assertThat(first()).isEmpty();
      try (Jail jail = jails.create(host())) {
        assertThat(first()).isEmpty();
        waitsAfter(jail);
      }
      await().until(() -> first().isEmpty());
    }
  }

  @Test
  void tellsErrorsApartOrInOneStreamAsEachRunWants() throws Exception {
    try (Jails jails = Jails.open(scratch(), false);
        Jail jail = jails.create(host())) {
      for (int round = 0; round < 2; round++) {
        waitsAfter(jail);
        assertThat(said(jail, asBuilder("echo a; echo b >&2; echo c; /no-such-program")))
            .matches("a\nb\nc\n.*no-such-program.*\n\\[exit status 127]");
        waiting();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        jail.run(asBuilder("echo it\\'s; echo '\"no\" $x' >&2"), output, errors);
        assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("it's\n");
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("\"no\" $x\n");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void givesACommandItsEnvironmentAndNothingElse(Containment kind) throws Exception {
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      assertThat(said(jail, asBuilder("env | cut -d= -f1 | grep -vE '^(PWD|OLDPWD|_|SHLVL)$'")))
          .isEqualTo("PATH\n[exit status 0]");
      Command home = new Command(
          List.of("/bin/sh", "-c", "echo $HOME; echo \"$ODD\""),
          java.util.Map.of("HOME", "/wrkdirs", "ODD", "it's a \"b\"\nc $d"),
          "/",
          Command.User.BUILDER,
          Command.Network.NONE,
          Commands.LIMITS,
          Optional.empty());
      assertThat(said(jail, home)).isEqualTo("/wrkdirs\nit's a \"b\"\nc $d\n[exit status 0]");
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void endsWithAFarmThatIsKilled(Containment kind) throws Exception {
    List<String> argv = new ArrayList<>(
        JavaPrograms.argv(JavaPrograms.copy(folder.resolve("classes")), Farm.class));
    argv.addAll(List.of(scratch().toString(), kind.name()));
    Process farm = new ProcessBuilder(argv).redirectErrorStream(true).start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(farm.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null && !line.equals("ran")) {
        Assumptions.assumeFalse(line.startsWith("refused"), line);
        line = output.readLine();
      }
      assertThat(line).isEqualTo("ran");
      // Also when it came too late to see it wait.
      await().until(() -> first().size() <= 1);
    } finally {
      farm.destroyForcibly().waitFor();
    }
    await().until(() -> first().isEmpty());
    open(kind).close();
    try (Stream<Path> left = Files.list(scratch())) {
      assertThat(left).containsExactly(scratch().resolve("scripts"));
    }
    await().ignoreExceptions().until(() -> groups().isEmpty());
  }

  /** What is left of this farm's control groups. */
  private List<Path> groups() throws IOException {
    Path top = Path.of("/sys/fs/cgroup");
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    String mark = Opening.farm(scratch());
    try (Stream<Path> groups = Files.walk(top, 6)) {
      return groups.filter(g -> g.getFileName().toString().startsWith(mark)).toList();
    }
  }
}
