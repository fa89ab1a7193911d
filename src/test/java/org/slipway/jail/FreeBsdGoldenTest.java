package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.FreeBsdSamples.LIMITS;
import static org.slipway.jail.FreeBsdSamples.PLAIN;
import static org.slipway.jail.FreeBsdSamples.base;
import static org.slipway.jail.FreeBsdSamples.command;
import static org.slipway.jail.FreeBsdSamples.host;
import static org.slipway.jail.FreeBsdSamples.root;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.jail.Command.Network;
import org.slipway.jail.Command.User;
import org.slipway.jail.FreeBsdChoices.Roots;

/**
 * The commands for FreeBSD, as files to be read by people who know it. Run with {@code -Dslipway.golden=write} to write them
 * anew, and read what has changed.
 */
final class FreeBsdGoldenTest {
  private static final String FOLDER = "src/test/resources/org/slipway/jail/freebsd";
  private static final List<String> MAKE = List.of("make", "-C", "/xports/www/haproxy", "build");

  @Test
  void clonesABaseForABuildWithEveryLimit() throws Exception {
    holds(
        "zfs-build",
        whole(
            root(FreeBsdSamples.build()),
            base(false),
            Set.of(),
            host(Roots.ZFS, true),
            command(MAKE, User.BUILDER, Network.NONE, LIMITS)));
  }

  @Test
  void sharesABaseReadOnlyForAFetchWithNetwork() throws Exception {
    holds(
        "nullfs-fetch",
        whole(
            root(FreeBsdSamples.fetch()),
            base(true),
            Set.of(Path.of("/farm/files/a")),
            host(Roots.NULLFS, true),
            command(List.of("make", "fetch"), User.BUILDER, Network.OUTSIDE, PLAIN)));
  }

  @Test
  void copiesABaseIntoMemoryOnAHostWithoutAccounting() throws Exception {
    holds(
        "tmpfs-unaccounted",
        whole(
            root(FreeBsdSamples.spec(List.of(), List.of(), 4L << 30)),
            base(true),
            Set.of(),
            host(Roots.TMPFS, false),
            command(List.of("/bin/true"), User.BUILDER, Network.NONE, PLAIN)));
  }

  @Test
  void runsAsRootWithoutNetworkInAClone() throws Exception {
    holds(
        "zfs-root",
        whole(
            root(FreeBsdSamples.spec(List.of(), List.of(), 0)),
            base(true),
            Set.of(),
            host(Roots.ZFS, true),
            command(
                List.of("/bin/sh", "-c", "echo '$HOME' \"`id`\"\nexit 3", "-n", ""),
                User.ROOT,
                Network.NONE,
                LIMITS)));
  }

  @Test
  void definesTheDevicesThatBuildsSee() throws Exception {
    holds("devices", lines("devices, once on each host", FreeBsdDevices.define(5170, "")));
  }

  @Test
  void sweepsWhatAKilledFarmLeft() throws Exception {
    FreeBsdState state = FreeBsdState.parse(
        recorded("jls.txt"),
        recorded("mount-p.txt"),
        recorded("zfs-list.txt"),
        recorded("rctl.txt"));
    List<Path> left = List.of(
        Path.of("/farm/jails/b-0a1b2c3d4e5f"), Path.of("/farm/jails/evaluate-ffffffffffff"));
    Stream<String> roots =
        FreeBsdSweep.roots(state, FreeBsdSamples.FARM, left).stream().map(FreeBsdGoldenTest::line);
    Stream<String> rest =
        FreeBsdSweep.rest(state, FreeBsdSamples.FARM).stream().map(FreeBsdGoldenTest::line);
    holds(
        "sweep",
        Stream.of(
                Stream.of("== folders of roots"),
                roots,
                Stream.of("", "== what is left then"),
                rest)
            .flatMap(each -> each)
            .toList());
  }

  private static List<String> whole(
      Root root, FreeBsdBase base, Set<Path> files, FreeBsdChoices choices, Command command)
      throws JailException {
    FreeBsdRoots.Plan plan = FreeBsdRoots.plan(root, base, files, choices);
    FreeBsdRuns run = new FreeBsdRuns(root, 1, choices);
    return Stream.of(
            lines("to make the root", plan.make()),
            lines("before the command", run.begin(command, FreeBsdSamples.ADDRESSES)),
            lines("the command", List.of(run.enter(command))),
            lines("after the command", run.end()),
            lines("to undo the root", plan.undo()))
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> lines(String heading, List<FreeBsdCall> calls) {
    return Stream.of(
            Stream.of("== " + heading), calls.stream().map(FreeBsdGoldenTest::line), Stream.of(""))
        .flatMap(each -> each)
        .toList();
  }

  private static String line(FreeBsdSweep.Step step) {
    return (step.must() ? "must " : "may  ") + line(step.call());
  }

  private static String line(FreeBsdCall call) {
    return call.line() + "   # " + call.manual().page();
  }

  private static String recorded(String name) throws IOException {
    try (@Nullable
        InputStream in = FreeBsdGoldenTest.class.getResourceAsStream("freebsd/" + name)) {
      assertThat(in).as("recorded output freebsd/" + name).isNotNull();
      return new String(
          Optional.ofNullable(in).orElseThrow().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A word of several lines takes several lines of the file. */
  private static void holds(String name, List<String> lines) throws IOException {
    String text = String.join("\n", lines).stripTrailing() + "\n";
    Path file = Path.of(System.getProperty("slipway.dir", "."), FOLDER, name + ".txt");
    if ("write".equals(System.getProperty("slipway.golden"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(text.lines().toList())
        .as(file + " (-Dslipway.golden=write writes it anew)")
        .containsExactlyElementsOf(Files.readAllLines(file));
  }
}
