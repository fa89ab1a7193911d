package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.Commands.LIMITS;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.script;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What runs say that they used, beside what the processes themselves say. */
final class UsageTest {
  /** Counts until it has used a second of CPU, then tells its own user and system time. */
  private static final String BUSY = "perl -e 'do { $i++ for 1 .. 10000; @t = times } "
      + "until $t[0] + $t[1] >= 1; print $t[0] + $t[1]'";

  @TempDir
  Path folder;

  private Jails open(Containment kind) throws IOException {
    try {
      return new Opening(folder.resolve("jails"), true).open(Set.of(kind));
    } catch (JailException e) {
      Assumptions.abort(kind + " cannot be tried here: " + e.getMessage());
      throw e;
    }
  }

  private static Exit run(Jail jail, Limits limits, String script) throws Exception {
    return jail.run(script(Command.User.BUILDER, limits, script), OutputStream.nullOutputStream());
  }

  private static Exit.Usage usage(Exit exit) {
    assertThat(exit.used()).as(exit.inWords()).isPresent();
    return exit.used().get();
  }

  /** What the control groups of this host can tell of a run of a farm that is this user's. */
  private static boolean tells(boolean memory) throws IOException {
    try (ControlGroups groups = ControlGroups.find("slipway-test-" + System.nanoTime())) {
      Optional<ControlGroup> group = groups.create("probe", LIMITS);
      if (group.isEmpty()) {
        return false;
      }
      try (ControlGroup made = group.get()) {
        return memory ? made.peakMemory().isPresent() : made.cpuTime().isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void countsTheCpuTimeOfAllProcesses(Containment kind) throws Exception {
    boolean groups = tells(false);
    Assumptions.assumeTrue(groups || kind != Containment.PROOT, "proot tells it by groups only");
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      Duration idle = usage(run(jail, LIMITS, "sleep 0.2")).cpu().orElseThrow();
      Duration busy = usage(run(jail, LIMITS, BUSY)).cpu().orElseThrow();
      Duration twice =
          usage(run(jail, LIMITS, BUSY + " & " + BUSY + "; wait; exit 3")).cpu().orElseThrow();
      assertThat(idle).isPositive().isLessThan(Duration.ofMillis(800));
      assertThat(busy.minus(idle)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1800));
      assertThat(twice.minus(idle)).isBetween(Duration.ofMillis(1800), Duration.ofMillis(3200));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void tellsWhatAStoppedRunUsedWhereGroupsCountIt(Containment kind) throws Exception {
    Limits limits = new Limits(Duration.ofMinutes(2), Duration.ofSeconds(5), 1 << 20, 0, 512);
    boolean groups = tells(false);
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      // Silence begins when the second is used up, however long that takes.
      Exit exit = run(
          jail,
          limits,
          "(while sleep 0.2; do echo; done) & " + BUSY + "; kill -KILL $!; setsid sleep 1000");
      assertThat(exit).isInstanceOf(Exit.Silent.class);
      if (groups) {
        assertThat(usage(exit).cpu().orElseThrow())
            .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
      } else {
        assertThat(usage(exit).cpu()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void tellsTheMostMemoryThatARunHad(Containment kind) throws Exception {
    Assumptions.assumeTrue(tells(true), "no control group here counts memory");
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      long small = usage(run(jail, LIMITS, "true")).peakMemoryBytes().orElseThrow();
      long large = usage(run(jail, LIMITS, "head -c 100m /dev/zero | tail | wc -c"))
          .peakMemoryBytes()
          .orElseThrow();
      assertThat(small).isBetween(1L << 16, 64L << 20);
      assertThat(large - small).isBetween(80L << 20, 240L << 20);
    }
  }

  @Test
  void readsGroupsOfVersionTwoAsTheKernelDocumentsThem() throws Exception {
    Path group = Files.createDirectory(folder.resolve("group"));
    Files.writeString(
        group.resolve("cpu.stat"), "usage_usec 1234567\nuser_usec 1000000\nsystem_usec 234567\n");
    Files.writeString(group.resolve("memory.peak"), "104857600\n");
    ControlGroup both = new ControlGroup(
        List.of(),
        List.of(),
        Optional.of(group),
        Optional.of(group),
        Optional.of(group),
        true,
        Optional.empty());
    assertThat(both.cpuTime()).contains(Duration.ofNanos(1_234_567_000));
    assertThat(both.peakMemory()).hasValue(100 << 20);
    // Linux before 5.19.
    Files.delete(group.resolve("memory.peak"));
    assertThat(both.peakMemory()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void countsInAGroupOfVersionTwoThatTheKernelMade() throws Exception {
    Path top = Stream.of("/sys/fs/cgroup/unified", "/sys/fs/cgroup")
        .map(Path::of)
        .filter(path -> Files.exists(path.resolve("cgroup.controllers")) && Files.isWritable(path))
        .findFirst()
        .orElse(folder);
    Assumptions.assumeTrue(!top.equals(folder), "no version 2 hierarchy to make a group in");
    Path group = Files.createDirectory(top.resolve("slipway-test-" + System.nanoTime()));
    try (ControlGroup made = new ControlGroup(
        List.of(group),
        List.of(group),
        Optional.empty(),
        Optional.empty(),
        Optional.of(group),
        false,
        Optional.empty())) {
      String join = "echo 0 >" + group.resolve("cgroup.procs") + "; exec " + BUSY;
      Process process = new ProcessBuilder("sh", "-c", join).start();
      double told = Double.parseDouble(
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
      assertThat(process.waitFor()).isZero();
      assertThat(made.cpuTime().orElseThrow().toMillis() / 1000.0)
          .isBetween(told - 0.2, told + 0.5);
    }
  }

  @Test
  void readsWhatAShellTellsOfItsTimes() throws Exception {
    assertThat(CpuTimes.sum("0m0.010000s 0m0.020000s\n1m1.250000s 0m0.500000s\n"))
        .contains(Duration.ofMillis(61_780));
    assertThat(CpuTimes.sum("0m0,01s 0m0,02s\n0m1,5s 0m0,003s\n"))
        .contains(Duration.ofMillis(1_533));
    assertThat(CpuTimes.sum("0m0.01s 0m0.02s\n")).isEmpty();
    assertThat(CpuTimes.sum("0m0.01s 0m0.02s\n-1m1.25s 0m0.5s\n")).isEmpty();
    assertThat(CpuTimes.sum("")).isEmpty();
    assertThat(CpuTimes.read(folder.resolve("none"))).isEmpty();
    Files.createSymbolicLink(folder.resolve("link"), Path.of("/proc/self/status"));
    assertThat(CpuTimes.read(folder.resolve("link"))).isEmpty();
  }
}
