package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jails of a root who may not mount, of an ordinary user, and where there are no namespaces. Needs real root to become these. */
final class OtherUsersTest {
  private static final String SCRIPT = "echo hello >file; test \"$(id -u)\" -ne 0 && echo lowly";

  @TempDir
  Path folder;

  @BeforeEach
  void needsRoot() throws Exception {
    Assumptions.assumeTrue(
        (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0
            && HostProcess.run(List.of("unshare", "--mount", "true"), 10) == null,
        "only root with all rights can become these users");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  @Test
  void containsBuildsOfARootWhoMayNotMount() throws Exception {
    List<String> said = farm(List.of("setpriv", "--bounding-set=-sys_admin"), false);
    assertThat(said.get(0)).matches("(RUNC|CRUN|UNSHARE) IDENTITY");
    assertThat(said).containsSubsequence("lowly", "hello", "[exit status 0, exit status 0]");
    assertHasANetworkForFetches(said);
    assertCountsCpu(said);
    assertNothingLeft();
  }

  @Test
  void containsBuildsOfAnOrdinaryUser() throws Exception {
    // An id without a name has no subordinate ids either.
    List<String> said =
        farm(List.of("setpriv", "--reuid=65529", "--regid=65529", "--clear-groups"), false);
    assertThat(said.get(0)).matches("(RUNC|CRUN|UNSHARE) SINGLE");
    if (!said.get(0).startsWith("RUNC")) {
      assertThat(said).contains("lowly");
    }
    assertThat(said).contains("hello");
    assertHasANetworkForFetches(said);
    assertCountsCpu(said);
    assertThat(said.get(said.size() - 1)).endsWith("memory unknown");
    assertNothingLeft();
  }

  @Test
  void containsBuildsOfAnOrdinaryUserWithSubordinateIds() throws Exception {
    Path table = Path.of("/etc/subuid");
    Assumptions.assumeTrue(
        Files.exists(table) && Files.exists(Path.of("/usr/bin/newuidmap")),
        "needs newuidmap (uidmap) and /etc/subuid");
    Optional<String> user = Files.readAllLines(table).stream()
        .filter(line -> line.matches("[a-z][a-z0-9_-]*:[0-9]+:65536"))
        .map(line -> line.substring(0, line.indexOf(':')))
        .filter(name -> !name.equals("root"))
        .findFirst();
    Assumptions.assumeTrue(user.isPresent(), "no user has subordinate ids here");
    List<String> said = farm(
        List.of("setpriv", "--reuid=" + user.get(), "--regid=" + user.get(), "--init-groups"),
        false);
    assertThat(said.get(0)).matches("(RUNC|CRUN|UNSHARE) SUBORDINATE");
    assertThat(said).containsSubsequence("lowly", "hello", "[exit status 0, exit status 0]");
    assertHasANetworkForFetches(said);
    assertCountsCpu(said);
    assertNothingLeft();
  }

  @Test
  void refusesWithoutNamespacesAndTellsWhatToDo() throws Exception {
    List<String> said = farm(withoutNamespaces(), false);
    assertThat(said).hasSize(1);
    assertThat(said.get(0))
        .startsWith("refused: this host gives no namespaces")
        .contains("build: { allow-uncontained: true }");
  }

  @Test
  void runsBuildsUncontainedWhereThatIsAllowed() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/proot")), "proot is not installed");
    List<String> said = farm(withoutNamespaces(), true);
    assertThat(said.get(0)).isEqualTo("PROOT SINGLE");
    assertThat(said).contains("outside: proot keeps nothing from the host's network");
    assertThat(said).contains("hello");
    assertNothingLeft();
  }

  /** As in a plain container: some root that may neither mount nor make user namespaces. */
  private static List<String> withoutNamespaces() {
    return List.of(
        "unshare",
        "--user",
        "--map-root-user",
        "sh",
        "-c",
        "echo 0 >/proc/sys/user/max_user_namespaces"
            + " && exec setpriv --bounding-set=-sys_admin \"$@\"",
        "sh");
  }

  /** Where everybody may give a network a way out. */
  private static void assertHasANetworkForFetches(List<String> said) throws IOException {
    Optional<String> lack = new Outside(Path.of("/nonexistent")).lack();
    boolean everybody = lack.isEmpty()
        && Files.getPosixFilePermissions(Outside.TUNNEL)
            .containsAll(PosixFilePermissions.fromString("------rw-"));
    assertThat(said)
        .contains("outside: "
            + (everybody
                ? "lotap0[exit status 0]"
                : lack.orElse("the farm may not open " + Outside.TUNNEL)));
  }

  /** Also where the farm may make no control group. */
  private static void assertCountsCpu(List<String> said) {
    Matcher line = Pattern.compile("cpu ([0-9]+) ms, memory .*").matcher(said.get(said.size() - 1));
    assertThat(line.matches()).as(said.toString()).isTrue();
    assertThat(Integer.parseInt(line.group(1))).isBetween(450, 1200);
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("jails"))) {
      assertThat(left).containsExactly(folder.resolve("jails/scripts"));
    }
  }

  /** Runs a farm of its own by way of another program, on copies of the classes that any user can read. */
  private List<String> farm(List<String> by, boolean allowUncontained) throws Exception {
    List<String> argv = new ArrayList<>(by);
    argv.addAll(JavaPrograms.argv(JavaPrograms.copy(folder.resolve("classes")), JailProgram.class));
    argv.addAll(
        List.of(folder.resolve("jails").toString(), Boolean.toString(allowUncontained), SCRIPT));
    Process process = new ProcessBuilder(argv).redirectErrorStream(false).start();
    process.getOutputStream().close();
    try (var errors = process.getErrorStream();
        var output = process.getInputStream()) {
      List<String> lines = new String(output.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.matches("[0-9:.]+ \\[.*"))
          .toList();
      String complaint = new String(errors.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(complaint).isZero();
      return lines;
    }
  }
}
