package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** kill -9 of a farm in the middle of a build. */
final class KilledFarmJailsTest {
  @TempDir
  Path folder;

  /** The farm that is killed: {@code SCRATCH CONTAINMENT MARK}. */
  static final class Farm {
    private Farm() {}

    public static void main(String[] arguments) throws Exception {
      try (Jails jails = new Opening(Path.of(arguments[0]), true)
              .open(Set.of(Containment.valueOf(arguments[1])));
          Jail jail = jails.create(Commands.host())) {
        String mark = arguments[2];
        jail.run(
            Commands.asBuilder("trap '' TERM HUP; setsid sleep " + mark + " & sleep " + mark
                + " & echo building;" + " while :; do sleep " + mark + "; done"),
            System.out);
      } catch (JailException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNoProcessNoMountAndNoFolder(Containment kind) throws Exception {
    Path scratch = folder.resolve("jails");
    String mark = "5" + Integer.toUnsignedString(folder.hashCode());
    List<String> argv = new ArrayList<>(
        JavaPrograms.argv(JavaPrograms.copy(folder.resolve("classes")), Farm.class));
    argv.addAll(List.of(scratch.toString(), kind.name(), mark));
    Process farm = new ProcessBuilder(argv).redirectErrorStream(true).start();
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(farm.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null && !line.equals("building")) {
        Assumptions.assumeFalse(line.startsWith("refused"), line);
        line = output.readLine();
      }
      assertThat(line).isEqualTo("building");
      await().until(() -> BackEndsTest.running(mark).size() >= 3);
    } finally {
      farm.destroyForcibly().waitFor();
    }
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
      assertThat(BackEndsTest.running(mark)).isEmpty();
      assertThat(mounts(scratch)).isEmpty();
    });
    try (Jails next = new Opening(scratch, true).open(Set.of(kind));
        Stream<Path> left = Files.list(scratch)) {
      assertThat(next.containment()).isEqualTo(kind);
      assertThat(left).containsExactly(scratch.resolve("scripts"));
    }
    // Groups of other tests come and go while these are looked through.
    await().ignoreExceptions().untilAsserted(() -> assertThat(controlGroups()).isEmpty());
  }

  /** Mounts below the folder, in the mount namespace of any process. */
  private static List<String> mounts(Path scratch) throws Exception {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("[0-9]+")).toList()) {
        try (Stream<String> lines = Files.lines(process.resolve("mountinfo"))) {
          lines.filter(line -> line.contains(scratch.toString())).forEach(found::add);
        } catch (IOException | UncheckedIOException e) {
          // It ended, or is another user's.
        }
      }
    }
    return found;
  }

  /** What is left of this farm's control groups. */
  private List<Path> controlGroups() throws Exception {
    Path top = Path.of("/sys/fs/cgroup");
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    String mark = Opening.farm(folder.resolve("jails"));
    try (Stream<Path> groups = Files.walk(top, 6)) {
      return groups.filter(g -> g.getFileName().toString().startsWith(mark)).toList();
    }
  }
}
