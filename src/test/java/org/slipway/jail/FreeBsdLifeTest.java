package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.jail.FreeBsdSamples.FARM;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of jails through the farm's own door, on a host that stands in for FreeBSD: one script that keeps tables of jails,
 * mounts and datasets as FreeBSD's programs do. It shows the farm's side, not FreeBSD's.
 */
final class FreeBsdLifeTest {
  private static final String STAND_IN = """
      #!/bin/sh
      # State is in files of the folder $0 lies in.
      at=${0%/*}
      name=${0##*/}
      echo "$name $*" >>"$at/calls"
      last() { for last in "$@"; do :; done; }
      case $name in
        id) cat "$at/uid" ;;
        uname) cat "$at/release" ;;
        sysctl) cat "$at/$2" ;;
        jls) cat "$at/jails" ;;
        rctl)
          case $1 in
            -a) echo "$2" >>"$at/rules" ;;
            -r) grep -v "^$2:" "$at/rules" >"$at/new"; mv "$at/new" "$at/rules" ;;
            *) cat "$at/rules" ;;
          esac ;;
        jail)
          case "$2 $*" in
            "-c "*command=*) ;;
            "-c "*) echo "${3#name=} ${4#path=}" >>"$at/jails" ;;
            "-R "*) grep -v "^$3 " "$at/jails" >"$at/new"; mv "$at/new" "$at/jails" ;;
          esac ;;
        mount)
          [ "$1" != -p ] || { cat "$at/mounts"; exit; }
          last "$@"
          [ ! -e "$at/refuse" ] || case $last in *"$(cat "$at/refuse")") echo busy >&2; exit 1 ;; esac
          echo "x $last $2 rw 0 0" >>"$at/mounts" ;;
        umount)
          last "$@"
          grep -v "^x $last " "$at/mounts" >"$at/new"; mv "$at/new" "$at/mounts" ;;
        zfs)
          case $1 in
            list)
              last "$@"
              case $last in
                *@*) grep "^${last%@clean}	" "$at/snapshots" ;;
                *) cat "$at/datasets" ;;
              esac ;;
            clone)
              last "$@"
              for word in "$@"; do case $word in mountpoint=*) place=${word#*=} ;; esac; done
              printf '%s\\t%s\\t%s\\n' "$last" "$place" base@clean >>"$at/datasets"
              echo "x $place zfs rw 0 0" >>"$at/mounts" ;;
            destroy)
              last "$@"
              grep -v "^$last	" "$at/datasets" >"$at/new"; mv "$at/new" "$at/datasets" ;;
          esac ;;
        rm)
          # Only what FreeBSD's -x leaves out is different on other systems.
          last "$@"
          ! grep -q " $last/" "$at/mounts" || exit 1
          exec /bin/rm -rf -- "$last" ;;
        jexec)
          while [ "$1" != /usr/bin/env ]; do shift; done
          for word in "$@"; do
            shift
            [ "$word" != /farm/sh ] || word=/bin/sh
            set -- "$@" "$word"
          done
          exec "$@" ;;
      esac
      """;

  @TempDir
  Path folder;

  private Path state = Path.of("");
  private Path jails = Path.of("");
  private Path base = Path.of("");
  private FreeBsdHost host = new FreeBsdHost("");

  @BeforeEach
  void makeHost() throws IOException {
    folder = folder.toRealPath();
    state = Files.createDirectory(folder.resolve("host"));
    jails = Files.createDirectory(folder.resolve("jails"));
    base = folder.resolve("base");
    for (String name : List.of("bin", "etc", "usr/bin", "var")) {
      Files.createDirectories(base.resolve(name));
    }
    for (String name : List.of("bin/sh", "etc/passwd", "etc/master.passwd")) {
      Path file = Files.writeString(base.resolve(name), "#\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path program = Files.writeString(state.resolve("id"), STAND_IN);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String name : List.of(
        "uname",
        "sysctl",
        "jls",
        "rctl",
        "jail",
        "mount",
        "umount",
        "zfs",
        "rm",
        "jexec",
        "install",
        "pw",
        "tar",
        "devfs",
        "ifconfig",
        "chflags")) {
      Files.copy(program, state.resolve(name), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
    for (String name : List.of("jails", "mounts", "datasets", "snapshots", "rules")) {
      write(name, "");
    }
    write("uid", "0\n");
    write("release", "14.3-RELEASE\n");
    write("kern.features.vimage", "1\n");
    write("kern.racct.enable", "1\n");
    write("hw.physmem", "17179869184\n");
    host = new FreeBsdHost(state + ":/usr/bin:/bin");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(state.resolve(name), text);
  }

  private Jails open() throws IOException {
    return new Jails(jails, FARM, FreeBsdBackEnd.open(host, jails, FARM), ControlGroups.find(FARM));
  }

  private JailSpec spec() {
    return new JailSpec(
        "b",
        new Base.Directory(base),
        List.of(),
        List.of(new Tmpfs("/wrkdirs", 1 << 20, 0)),
        1 << 30);
  }

  @Test
  void leavesNothingOfAJailThatIsClosed() throws Exception {
    write("datasets", "z/base\t" + base + "\t-\nz/jails\t" + jails + "\t-\n");
    write("snapshots", "z/base\tclean\n");
    String datasets = text("datasets");
    try (Jails opened = open()) {
      assertThat(opened.containment()).isEqualTo(Containment.JAIL);
      try (Jail jail = opened.create(spec())) {
        assertThat(text("datasets")).contains("z/jails/" + FARM + "-").contains("base@clean");
        assertThat(text("mounts").lines()).hasSize(4);
        assertThat(run(jail, "echo \"$GREETING\"; exit 3")).isEqualTo("hello\n[exit status 3]");
        assertThat(run(jail, "cat; exit 0")).isEqualTo("[exit status 0]");
        assertThat(text("jails")).isEmpty();
        assertThat(text("rules")).isEmpty();
      }
    }
    assertThat(text("mounts")).isEmpty();
    assertThat(text("datasets")).isEqualTo(datasets);
    assertThat(text("calls")).contains("rctl -a jail:" + FARM).contains("ifconfig -j " + FARM);
    assertThat(left()).isEmpty();
  }

  @Test
  void sharesABaseThatCannotBeCloned() throws Exception {
    write("datasets", "z/base\t" + base + "\t-\nz/jails\t" + jails + "\t-\n");
    try (Jails opened = open();
        Jail jail = opened.create(spec())) {
      assertThat(text("datasets")).doesNotContain("base@clean");
      assertThat(text("mounts")).contains("/root tmpfs").contains("/root/bin nullfs");
      assertThat(run(jail, "exit 0")).isEqualTo("[exit status 0]");
    }
    assertThat(text("mounts")).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void takesBackARootThatCouldNotBeFinished() throws Exception {
    write("refuse", "/wrkdirs");
    try (Jails opened = open()) {
      assertThatThrownBy(() -> opened.create(spec()))
          .isInstanceOf(JailException.class)
          .hasMessageContaining("mount -t tmpfs")
          .hasMessageEndingWith("failed with status 1: busy; see tmpfs(4)");
    }
    assertThat(text("calls")).contains("/root/dev/fd\n");
    assertThat(text("mounts")).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void sweepsWhatAKilledFarmLeftAndNothingElse() throws Exception {
    Path root = Files.createDirectories(jails.resolve("b-0a1b2c3d4e5f/root"));
    write("jails", FARM + "-0a1b2c3d4e5f-1 " + root + "\nwww /usr/jails/www\n");
    write("rules", "jail:" + FARM + "-0a1b2c3d4e5f-1:maxproc:deny=1\njail:www:maxproc:deny=9\n");
    write(
        "mounts",
        "x / zfs rw 0 0\nx " + root + " tmpfs rw 0 0\nx " + root
            + "/dev devfs rw 0 0\nx /usr/jails/www/dev devfs rw 0 0\n");
    try (Jails opened = open()) {
      assertThat(opened.containment()).isEqualTo(Containment.JAIL);
    }
    assertThat(text("jails")).isEqualTo("www /usr/jails/www\n");
    assertThat(text("rules")).isEqualTo("jail:www:maxproc:deny=9\n");
    assertThat(text("mounts")).isEqualTo("x / zfs rw 0 0\nx /usr/jails/www/dev devfs rw 0 0\n");
    assertThat(left()).isEmpty();
  }

  @Test
  void refusesToStartWhereALeftMountStays() throws Exception {
    Path root = Files.createDirectories(jails.resolve("b-0a1b2c3d4e5f/root"));
    Files.writeString(root.resolve("precious"), "a file of what is mounted here");
    write("mounts", "x " + root + " nullfs rw 0 0\n");
    Path umount = Files.writeString(state.resolve("umount"), "#!/bin/sh\necho busy >&2; exit 1\n");
    assertThat(umount).isExecutable();
    assertThatThrownBy(this::open)
        .isInstanceOf(JailException.class)
        .hasMessageContaining("could not be removed")
        .hasMessageContaining("busy")
        .hasMessageContaining("docs/jails.md");
    assertThat(root.resolve("precious")).exists();
  }

  @Test
  void makesNoJailWhereTheHostCannotHoldIt() throws Exception {
    write("uid", "1001\n");
    assertThatThrownBy(this::open).hasMessageContaining("only root may make jails");
    write("uid", "0\n");
    write("release", "13.5-RELEASE\n");
    assertThatThrownBy(this::open).hasMessageContaining("runs FreeBSD 13.5-RELEASE");
    write("release", "15.0-RELEASE\n");
    write("kern.features.vimage", "0\n");
    assertThatThrownBy(this::open).hasMessageContaining("has no vnet");
    write("kern.features.vimage", "1\n");
    write("kern.racct.enable", "0\n");
    try (Jails opened = open();
        Jail jail = opened.create(spec())) {
      Limits limited =
          new Limits(FreeBsdSamples.PLAIN.time(), FreeBsdSamples.PLAIN.time(), 1000, 1 << 30, 9);
      assertThatThrownBy(() -> jail.run(command("true", limited), OutputStream.nullOutputStream()))
          .hasMessageContaining("a limit on memory (1024 MiB) needs resource accounting");
      assertThatThrownBy(() -> opened.create(Commands.host()))
          .hasMessageContaining("\"base: host\" is for Linux");
    }
    assertThat(text("mounts")).isEmpty();
  }

  private static Command command(String script, Limits limits) {
    return new Command(
        List.of("/bin/sh", "-c", script),
        Map.of("PATH", "/usr/bin:/bin", "GREETING", "hello"),
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        limits,
        Optional.empty());
  }

  private static String run(Jail jail, String script) throws IOException, InterruptedException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Exit exit = jail.run(command(script, FreeBsdSamples.PLAIN), output);
    return output.toString(StandardCharsets.UTF_8) + "[" + exit.inWords() + "]";
  }

  private String text(String name) throws IOException {
    return Files.readString(state.resolve(name));
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.list(jails)) {
      return all.filter(path -> !path.equals(jails.resolve("scripts"))).toList();
    }
  }
}
