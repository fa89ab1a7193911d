package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.said;
import static org.slipway.jail.Commands.script;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every limit of a root and of a command, in each back end that works here: it holds, or it is refused. */
final class LimitsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long MIB = 1L << 20;

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

  private static JailSpec spec(long diskBytes, Tmpfs... tmpfs) {
    return new JailSpec("test", new Base.Host(), List.of(), List.of(tmpfs), diskBytes);
  }

  private static Jail create(Jails jails, JailSpec spec) throws IOException {
    Optional<String> refusal = jails.refusal(spec);
    Assumptions.assumeTrue(refusal.isEmpty(), refusal.orElse(""));
    return jails.create(spec);
  }

  private static Exit run(Jail jail, Limits limits, String script) throws Exception {
    return jail.run(script(Command.User.BUILDER, limits, script), OutputStream.nullOutputStream());
  }

  private static Exit.Usage usage(Exit exit) {
    assertThat(exit.used()).as(exit.inWords()).isPresent();
    return exit.used().get();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void keepsWhatIsInMemoryFromRunToRunAndNoMoreThanItsSize(Containment kind) throws Exception {
    Tmpfs part = new Tmpfs("/wrkdirs", 8 * MIB, 100);
    try (Jails jails = open(kind);
        Jail jail = create(jails, spec(0, part, new Tmpfs("/usr/local/share", MIB, 0)))) {
      assertThat(
              said(jail, asBuilder("echo kept >file; mkdir sub; grep ' /wrkdirs ' /proc/mounts")))
          .contains("tmpfs /wrkdirs tmpfs rw,nosuid,nodev", "size=8192k", "nr_inodes=100")
          .endsWith("[exit status 0]");
      assertThat(said(jail, asBuilder("cat file; df -Pk . | awk 'NR == 2 { print $2 }'")))
          .isEqualTo("kept\n8192\n[exit status 0]");
      assertThat(said(jail, asBuilder("head -c 9000000 /dev/zero >large; wc -c <large")))
          .contains("No space left on device")
          .endsWith("[exit status 0]");
      assertThat(said(
              jail, asBuilder("rm large; i=0; (while : >f$i; do i=$((i + 1)); done); ls | wc -l")))
          .contains("No space left on device")
          // The top is one itself.
          .endsWith("\n99\n[exit status 0]");
      assertThat(said(jail, asRoot("echo x >/usr/local/share/x; ls /usr/local/share")))
          .isEqualTo("x\n[exit status 0]");
      assertThat(folder.resolve("jails")).isDirectoryNotContaining("glob:**/file");
    }
    assertNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void letsNoRootHaveMoreOfTheDiskThanItsLimit(Containment kind) throws Exception {
    long host = folder.toFile().getUsableSpace();
    try (Jails jails = open(kind);
        Jail jail = create(jails, spec(48 * MIB))) {
      assertThat(usage(run(jail, Limits.of(MINUTE), "head -c 10000000 /dev/zero >kept")))
          .satisfies(usage -> {
            assertThat(usage.diskLimit()).isFalse();
            assertThat(usage.diskBytes().orElseThrow()).isBetween(10_000_000L, 11_000_000L);
          });
      // Wherever it writes, as whoever.
      for (String place : List.of("/wrkdirs", "/tmp", "/var/tmp", "/usr/local")) {
        // What a run removes again is seen where it stayed for a while; else what is there at its
        // end.
        String removes = place.equals("/tmp") ? "sleep 3; rm fill; " : "";
        Command fill = script(
            Command.User.ROOT,
            Limits.of(MINUTE),
            "cd " + place + " && head -c 70000000 /dev/zero >fill; s=$?; " + removes + "exit $s");
        assertThat(jail.run(fill, OutputStream.nullOutputStream()))
            .asInstanceOf(type(Exit.Exited.class))
            .satisfies(exit -> assertThat(exit.status()).isEqualTo(1))
            .extracting(Exit.Exited::usage)
            .satisfies(usage -> assertThat(usage.diskLimit()).as(place).isTrue());
        assertThat(said(jail, asRoot("rm -f " + place + "/fill"))).isEqualTo("[exit status 0]");
      }
      assertThat(said(jail, asBuilder("wc -c <kept; head -c 99000000 /dev/zero >more")))
          .startsWith("10000000\n")
          .contains("No space left on device");
      assertThat(host - folder.toFile().getUsableSpace()).isLessThan(400 * MIB);
      assertThat(
              said(jail, asBuilder("rm more; i=0; while : >n$i; do i=$((i+1)); done 2>/dev/null")))
          .endsWith("[exit status 2]");
      Exit files = run(jail, Limits.of(MINUTE), ": >one-more");
      assertThat(usage(files).diskLimit()).isTrue();
      assertThat(usage(run(jail, Limits.of(MINUTE), "rm n*; exit 1")).diskLimit())
          .isFalse();
    }
    assertNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void refusesARootOnALimitedDiskInWhichAMountPointWasReplaced(Containment kind) throws Exception {
    try (Jails jails = open(kind);
        Jail jail = create(jails, spec(32 * MIB))) {
      assertThat(said(jail, asRoot("rm /etc/resolv.conf && ln -s passwd /etc/resolv.conf")))
          .isEqualTo("[exit status 0]");
      assertThatThrownBy(() -> said(jail, asBuilder("true")))
          .isInstanceOf(JailException.class)
          .hasMessageContaining("/etc/resolv.conf, a mount point");
    }
    assertNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void limitsTheOpenFilesOfAProcess(Containment kind) throws Exception {
    Limits limits = new Limits(MINUTE, MINUTE, MIB, 0, 512, 100, 0);
    try (Jails jails = open(kind);
        Jail jail = jails.create(spec(0))) {
      String opens = "ulimit -n; ulimit -Hn; perl -e "
          + "'while (open $f[@f], q(/dev/null)) {} print $! + 0, q( ), @f < 100 ? 1 : 0'";
      assertThat(said(jail, script(Command.User.BUILDER, limits, opens)))
          .isEqualTo("100\n100\n24 1[exit status 0]");
      assertThat(said(jail, script(Command.User.ROOT, limits, "ulimit -n 200 || ulimit -n")))
          .endsWith("100\n[exit status 0]");
    }
  }

  @Test
  void knowsARootThatGoesOverItsLimits() {
    assertThat(ProotBackEnd.raisesLimits(List.of("Name:\tjava", "CapEff:\t000001ffffffffff")))
        .isTrue();
    assertThat(ProotBackEnd.raisesLimits(List.of("CapPrm:\t01000000", "CapEff:\t000001fffeffffff")))
        .isFalse();
    assertThat(ProotBackEnd.raisesLimits(List.of())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void limitsProcessorsOrRefuses(Containment kind) throws Exception {
    Limits limits = new Limits(MINUTE, MINUTE, MIB, 0, 512, 0, 20);
    String second = "perl -e '$e = time + 2; 1 while time < $e'";
    try (Jails jails = open(kind);
        Jail jail = jails.create(spec(0))) {
      if (!limitsProcessors(limits)) {
        assertThatThrownBy(() -> run(jail, limits, second))
            .isInstanceOf(JailException.class)
            .hasMessageContaining("cpuPercent 20 cannot be applied by " + kind.sentence());
        return;
      }
      Exit.Usage usage = usage(run(jail, limits, second + " & " + second + "; wait"));
      Duration most = usage.wall().dividedBy(5).plusMillis(150);
      assertThat(usage.cpu().orElseThrow()).isPositive().isLessThan(most);
    }
  }

  private static boolean limitsProcessors(Limits limits) throws IOException {
    try (ControlGroups groups = ControlGroups.find("slipway-test-" + System.nanoTime())) {
      Optional<ControlGroup> group = groups.create("probe", limits);
      if (group.isEmpty()) {
        return false;
      }
      try (ControlGroup made = group.get()) {
        return made.limitsCpu();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void tellsWhichRunWantedTooManyProcesses(Containment kind) throws Exception {
    Limits limits = new Limits(MINUTE, MINUTE, MIB, 0, 20);
    try (ControlGroups groups = ControlGroups.find("slipway-test-" + System.nanoTime())) {
      Optional<ControlGroup> group = groups.create("probe", limits);
      Assumptions.assumeTrue(group.flatMap(ControlGroup::pids).isPresent(), "no group counts them");
      group.get().close();
    }
    try (Jails jails = open(kind);
        Jail jail = jails.create(spec(0))) {
      String many = "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i + 1)); done";
      assertThat(usage(run(jail, limits, many)).processLimit()).isTrue();
      assertThat(usage(run(jail, limits, "true & true & wait")).processLimit()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "PROOT")
  void refusesWhatProotCannotApply(Containment kind) throws Exception {
    try (Jails jails = open(kind)) {
      assertThatThrownBy(() -> jails.create(spec(0, new Tmpfs("/wrkdirs", MIB, 0))))
          .isInstanceOf(JailException.class)
          .hasMessage(
              "jail test: tmpfs at /wrkdirs cannot be applied by proot, which mounts nothing;"
                  + " leave it out");
      assertThatThrownBy(() -> jails.create(spec(1L << 30)))
          .isInstanceOf(JailException.class)
          .hasMessageContaining("diskBytes 1073741824 cannot be applied by proot");
    }
    assertNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void refusesPartsInMemoryThatWouldHideOthers(Containment kind) throws Exception {
    try (Jails jails = open(kind)) {
      for (String target : List.of("/", "/dev/shm", "/farm", "/proc")) {
        assertThat(jails.refusal(spec(0, new Tmpfs(target, MIB, 0))))
            .hasValueSatisfying(why -> assertThat(why).contains("tmpfs at " + target + " would"));
      }
      assertThat(jails.refusal(spec(0, new Tmpfs("/a", MIB, 0), new Tmpfs("/a/b", MIB, 0))))
          .isPresent();
      assertThat(jails.refusal(spec(1000))).isPresent();
      assertThatThrownBy(() -> jails.create(spec(0, new Tmpfs("/usr/share/x", MIB, 0))))
          .isInstanceOf(JailException.class)
          .hasMessageContaining("/usr/share/x");
    }
    assertNothingLeft();
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("jails"))) {
      assertThat(left).containsExactly(folder.resolve("jails/scripts"));
    }
    assertThat(Loops.behind(folder)).isEmpty();
  }
}
