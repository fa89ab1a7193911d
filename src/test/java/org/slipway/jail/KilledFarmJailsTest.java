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
import org.junit.jupiter.api.Test;
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
          Jail jail = jails.create(largest(jails))) {
        String mark = arguments[2];
        Command.Network network =
            jails.lacksOutside().isEmpty() ? Command.Network.OUTSIDE : Command.Network.NONE;
        Command command = Commands.asBuilder("trap '' TERM HUP; setsid sleep " + mark + " & sleep "
            + mark + " & echo building;" + " while :; do sleep " + mark + "; done");
        jail.run(Commands.networked(command, network), System.out);
      } catch (JailException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  /** The root with the most mounts that can be made here. */
  private static JailSpec largest(Jails jails) {
    Tmpfs part = new Tmpfs("/m", 1 << 20, 0);
    for (long disk : new long[] {64L << 20, 0}) {
      JailSpec spec = new JailSpec("test", new Base.Host(), List.of(), List.of(part), disk);
      if (jails.refusal(spec).isEmpty()) {
        return spec;
      }
    }
    return Commands.host();
  }

  @Test
  void detachesALoopDeviceThatWasNeverMounted() throws Exception {
    Assumptions.assumeTrue(
        (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root");
    Path root = Files.createDirectories(folder.resolve("jails/test-123"));
    Path image = Files.write(root.resolve("disk.img"), new byte[1 << 20]);
    String said = HostProcess.run(List.of("losetup", "-f", image.toString()), 10);
    Assumptions.assumeTrue(said == null, "no loop devices here: " + said);
    assertThat(Loops.behind(folder)).hasSize(1);
    Jails.open(folder.resolve("jails"), true).close();
    await().untilAsserted(() -> assertThat(Loops.behind(folder)).isEmpty());
    assertThat(root).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
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
      boolean networked = kind.contains() && new Outside(folder).lack().isEmpty();
      assertThat(programs(scratch).stream().anyMatch(each -> each.startsWith(Outside.PROGRAM)))
          .isEqualTo(networked);
    } finally {
      farm.destroyForcibly().waitFor();
    }
    await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
      assertThat(BackEndsTest.running(mark)).isEmpty();
      assertThat(programs(scratch)).isEmpty();
      assertThat(mounts(scratch)).isEmpty();
      assertThat(Loops.behind(scratch)).isEmpty();
    });
    try (Jails next = new Opening(scratch, true).open(Set.of(kind));
        Stream<Path> left = Files.list(scratch)) {
      assertThat(next.containment()).isEqualTo(kind);
      assertThat(left).containsExactly(scratch.resolve("scripts"));
    }
    // Groups of other tests come and go while these are looked through.
    await().ignoreExceptions().untilAsserted(() -> assertThat(controlGroups()).isEmpty());
  }

  /** Command lines that name something below the folder. */
  private static List<String> programs(Path scratch) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("[0-9]+")).toList()) {
        try {
          String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
          if (line.contains(scratch + "/")) {
            found.add(line);
          }
        } catch (IOException e) {
          // It ended.
        }
      }
    }
    return found;
  }

  /** Mounts below the folder, in the mount namespace of any process. */
  static List<String> mounts(Path scratch) throws Exception {
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
