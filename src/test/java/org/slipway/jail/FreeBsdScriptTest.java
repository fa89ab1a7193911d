package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.slipway.jail.FreeBsdSamples.FARM;
import static org.slipway.jail.FreeBsdSamples.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.FreeBsdChoices.Roots;

/** The script that runs FreeBSD's commands, for real, with programs in their place that write down how they were called. */
final class FreeBsdScriptTest {
  private static final String RECORD = "#!/bin/sh\necho \"${0##*/} $*\" >>\"$CALLS\"\n";

  /** Runs the command on this host, where the base's shell is not at /farm/sh. */
  private static final String JEXEC = RECORD
      + "while [ \"$1\" != /usr/bin/env ]; do shift; done\n"
      + "for word in \"$@\"; do\n"
      + "  shift; [ \"$word\" != /farm/sh ] || word=/bin/sh; set -- \"$@\" \"$word\"\n"
      + "done\n"
      + "exec \"$@\"\n";

  /** The removal of a jail ends what runs in it. */
  private static final String JAIL = RECORD
      + "[ \"$2\" != -R ] || [ ! -e \"$CALLS.pid\" ] || kill -KILL \"$(cat \"$CALLS.pid\")\"\n";

  /** A farm that holds the other end of the script's standard input, as Java does. */
  private static final String KILLED_FARM = """
      life=$1; shift; mkfifo "$life"
      for word in "$@"; do
        shift; [ "$word" != FARM ] || word=$$; set -- "$@" "$word"
      done
      "$@" <"$life" & exec 7>"$life"; wait
      """;

  private static final List<String> BEFORE = List.of(
      "jail -q -c name=NAME path=ROOT host.hostname=builder vnet=new children.max=0"
          + " enforce_statfs=2 devfs_ruleset=5170 sysvmsg=new sysvsem=new sysvshm=new"
          + " allow.nochflags allow.nomlock allow.nomount allow.noquotas allow.noraw_sockets"
          + " allow.noread_msgbuf allow.noset_hostname allow.nosocket_af"
          + " allow.nounprivileged_proc_debug persist",
      "rctl -a jail:NAME:maxproc:deny=4096",
      "ifconfig -j NAME lo0 inet 127.0.0.1/8 up");

  private static final List<String> AFTER = List.of("jail -q -R NAME", "rctl -r jail:NAME");

  @TempDir
  Path folder;

  private Path programs = Path.of("");
  private Path calls = Path.of("");
  private Root root = FreeBsdSamples.root(FreeBsdSamples.fetch());
  private FreeBsdBackEnd backEnd =
      new FreeBsdBackEnd(new FreeBsdHost(""), FARM, programs, host(Roots.NULLFS, true));

  @BeforeEach
  void makePrograms() throws IOException {
    calls = folder.resolve("calls");
    programs = Files.createDirectory(folder.resolve("programs"));
    for (String name : List.of("rctl", "ifconfig", "umount", "zfs")) {
      program(name, RECORD);
    }
    program("jail", JAIL);
    program("jexec", JEXEC);
    Path scripts = Files.createDirectory(folder.resolve("scripts"));
    try (@Nullable InputStream in = FreeBsdBackEnd.class.getResourceAsStream("freebsd.sh")) {
      Files.copy(Optional.ofNullable(in).orElseThrow(), scripts.resolve("freebsd.sh"));
    }
    root = new Root(
        FARM + "-0a1b2c3d4e5f",
        FreeBsdSamples.spec(List.of(), List.of(), 0),
        folder.resolve("b-0a1b2c3d4e5f"),
        folder.resolve("b-0a1b2c3d4e5f/lower"),
        true);
    Files.createDirectories(root.run());
    backEnd = new FreeBsdBackEnd(
        new FreeBsdHost(programs + ":/usr/bin:/bin"), FARM, scripts, host(Roots.NULLFS, true));
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void makesAJailRunsTheCommandAndRemovesTheJail() throws Exception {
    Process process = start("echo out; echo err >&2; exit 0", 1);
    assertThat(text(process)).isEqualTo("out\nerr\n");
    assertThat(process.waitFor()).isZero();
    assertThat(status()).isEqualTo("started\n0\n");
    assertThat(recorded(1)).containsExactlyElementsOf(all());
    assertThat(root.run().resolve("done")).exists();
    assertThat(CpuTimes.read(root.times())).isPresent();
  }

  @Test
  void removesTheJailOfACommandThatFails() throws Exception {
    Process process = start("exit 42", 1);
    assertThat(text(process)).isEmpty();
    assertThat(status()).isEqualTo("started\n42\n");
    assertThat(recorded(1)).containsExactlyElementsOf(all());
  }

  @Test
  void runsNothingWhenALimitCannotBeSetAndSaysWhy() throws Exception {
    program("rctl", RECORD + "[ $1 != -a ] || { echo 'rctl: not permitted' >&2; exit 1; }\n");
    Process process = start("echo never", 1);
    assertThat(text(process)).isEqualTo("rctl: not permitted\n");
    assertThat(process.waitFor()).isEqualTo(125);
    assertThat(root.status()).doesNotExist();
    List<String> expected = new ArrayList<>(BEFORE.subList(0, 2));
    expected.addAll(AFTER);
    assertThat(recorded(1)).containsExactlyElementsOf(expected);
  }

  @Test
  void endsTheJailWhenTheFarmWantsAnEndAndKeepsTheRoot() throws Exception {
    Process process = start("echo $$ >" + calls + ".pid; exec sleep 600", 1);
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(Path.of(calls + ".pid")));
    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(recorded(1)).containsExactlyElementsOf(stopped());
    commandEnds();
  }

  @Test
  void unmountsTheRootTooWhenTheFarmIsKilled() throws Exception {
    FreeBsdRoots.Plan plan =
        FreeBsdRoots.plan(root, FreeBsdSamples.base(true), Set.of(), host(Roots.ZFS, true));
    BackEnd.Launch launch = launch("echo $$ >" + calls + ".pid; exec sleep 600");
    FreeBsdLists.must(root.run().resolve("gone"), plan.undo());
    List<String> argv = new ArrayList<>(List.of("sh", "-c", KILLED_FARM, "sh"));
    argv.add(folder.resolve("life").toString());
    argv.addAll(launch.argv());
    int farm = argv.indexOf(root.times().toString()) + 1;
    assertThat(argv.get(farm)).isEqualTo(Long.toString(ProcessHandle.current().pid()));
    argv.set(farm, "FARM");
    Process process = start(argv);
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(Path.of(calls + ".pid")));
    process.destroyForcibly().waitFor();
    List<String> expected = stopped();
    expected.addAll(List.of(
        "umount -f ROOT/dev/fd",
        "umount -f ROOT/dev",
        "zfs destroy -f -r zroot/slipway/jails/" + FARM + "-0a1b2c3d4e5f"));
    await().atMost(Duration.ofSeconds(60)).until(() -> recorded(1).size() >= expected.size());
    assertThat(recorded(1)).containsExactlyElementsOf(expected);
    commandEnds();
  }

  @Test
  void removesTheJailOfARunWhoseScriptWasKilled() throws Exception {
    Process killed = start("echo $$ >" + calls + ".pid; exec sleep 600", 1);
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(Path.of(calls + ".pid")));
    killed.destroyForcibly().waitFor();
    // What waited for the farm's end has seen it, and ends the jail.
    await().atMost(Duration.ofSeconds(60)).until(() -> recorded(1).equals(all()));
    commandEnds();
    Files.delete(calls);
    Process process = start("exit 0", 2);
    assertThat(text(process)).isEmpty();
    assertThat(process.waitFor()).isZero();
    assertThat(recorded(2).subList(0, 3))
        .containsExactly(
            "jail -q -R " + root.id() + "-1", "rctl -r jail:" + root.id() + "-1", BEFORE.get(0));
  }

  @Test
  void takesNoMoreOfAStatusThanTwoWrites() throws Exception {
    program(
        "jexec",
        RECORD + "i=0; while [ $i -lt 300 ]; do echo xxxxxxxxxxxxxxxxxxxx; i=$((i+1));"
            + " done >&3 2>/dev/null\n");
    Process process = start("true", 1);
    process.waitFor();
    assertThat(root.status().toFile().length()).isBetween(1L, 128L);
    assertThat(recorded(1)).containsExactlyElementsOf(all());
  }

  @Test
  void passesEveryWordOfAListUnread() throws Exception {
    List<String> hostile =
        List.of("a b", "$(touch " + calls + ".hacked)", "`id`", "", "-e", "*", "'\"\\");
    List<FreeBsdSweep.Step> steps = List.of(
        new FreeBsdSweep.Step(FreeBsdManual.RCTL.call("fails"), false),
        new FreeBsdSweep.Step(FreeBsdManual.UMOUNT.call(hostile), true),
        new FreeBsdSweep.Step(FreeBsdManual.ZFS_DESTROY.call("fails"), true),
        new FreeBsdSweep.Step(FreeBsdManual.IFCONFIG.call("never"), true));
    program("rctl", RECORD + "exit 1\n");
    program("zfs", RECORD + "exit 1\n");
    program("umount", "#!/bin/sh\nfor word in \"$@\"; do echo \"<$word>\" >>\"$CALLS\"; done\n");
    Path list = FreeBsdLists.write(folder.resolve("list"), steps);
    Process process = start(
        List.of("sh", folder.resolve("scripts/freebsd.sh").toString(), "calls", list.toString()));
    assertThat(text(process)).isEmpty();
    assertThat(process.waitFor()).isEqualTo(1);
    List<String> expected = new ArrayList<>(List.of("rctl fails"));
    hostile.forEach(word -> expected.add("<" + word + ">"));
    expected.add("zfs fails");
    assertThat(Files.readAllLines(calls)).containsExactlyElementsOf(expected);
    assertThat(list).as("kept for the admin, because it was not done").exists();
    assertThat(Path.of(calls + ".hacked")).doesNotExist();
  }

  private BackEnd.Launch launch(String script) throws IOException {
    Command command = new Command(
        List.of("/bin/sh", "-c", script),
        Map.of("PATH", "/usr/bin:/bin"),
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        FreeBsdSamples.PLAIN,
        Optional.empty());
    return backEnd.launch(root, Optional.empty(), command, Path.of("/dev/null"), Optional.empty());
  }

  private Process start(String script, int run) throws IOException {
    BackEnd.Launch launch = launch(script);
    assertThat(launch.argv()).contains(root.id() + "-" + run);
    return start(launch.argv());
  }

  private Process start(List<String> argv) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
    builder.environment().put("CALLS", calls.toString());
    return builder.start();
  }

  private List<String> recorded(int run) throws IOException {
    return Files.readAllLines(calls).stream()
        .map(line ->
            line.replace(root.id() + "-" + run, "NAME").replace(root.mounted().toString(), "ROOT"))
        .map(line -> line.startsWith("jexec") ? "jexec" : line)
        .toList();
  }

  private static List<String> all() {
    List<String> expected = new ArrayList<>(BEFORE);
    expected.add("jexec");
    expected.addAll(AFTER);
    return expected;
  }

  /** Once when the input ends, and once more at the end: a jail may have been made in between. */
  private static List<String> stopped() {
    List<String> expected = all();
    expected.addAll(AFTER);
    return expected;
  }

  /** A process that has ended may wait for its parent to look at it. */
  private void commandEnds() throws IOException {
    String pid = Files.readString(Path.of(calls + ".pid")).strip();
    await().atMost(Duration.ofSeconds(60)).until(() -> {
      Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", pid).start();
      String state = text(ps).strip();
      return state.isEmpty() || state.startsWith("Z");
    });
  }

  private static String text(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String status() throws IOException {
    return Files.readString(root.status());
  }
}
