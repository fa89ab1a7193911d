package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Command;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailException;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;
import org.slipway.packages.Abi;
import org.slipway.packages.Version;

/** FreeBSD's ways of programs, by those of this host. */
class RigTest {
  static final Target FREEBSD =
      new Target(Abi.parse("FreeBSD:14:amd64"), new Base.Host(), "FreeBSD 14.2 on this host");

  @TempDir
  static Path scratch;

  private static Jails jails;

  @TempDir
  Path folder;

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(scratch.toAbsolutePath(), true);
  }

  @AfterAll
  static void closeJails() throws IOException {
    jails.close();
  }

  /** What a script says in a jail with the rig for a target, after its last status. */
  private String said(Target target, String script) throws Exception {
    Rig rig = Rig.of(target, folder.resolve("rigs")).orElseThrow();
    Path kit = Files.createDirectories(folder.resolve("kit"));
    for (Path open : List.of(folder, kit)) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.writeString(
        kit.resolve("presets.mk"),
        "OPSYS=\tFreeBSD\nARCH=\tamd64\n_OSRELEASE=\t14.2-RELEASE\nOSVERSION=\t1402000\n");
    List<Mount> mounts = new ArrayList<>(rig.mounts());
    mounts.add(new Mount(kit, Steps.KIT, false));
    Map<String, String> environment = new TreeMap<>(Evaluator.environment(folder));
    environment.putAll(rig.environment());
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Jail jail = jails.create(new JailSpec("rig", target.base(), mounts))) {
      Exit exit = jail.run(
          new Command(
              List.of("/bin/sh", "-c", script),
              environment,
              "/wrkdirs",
              Command.User.BUILDER,
              Command.Network.NONE,
              Limits.of(Duration.ofMinutes(5)),
              Optional.empty()),
          output);
      return output.toString(StandardCharsets.UTF_8) + (exit.succeeded() ? "" : exit.inWords());
    }
  }

  @Test
  void sedTakesASuffixAsAWordAndTheEdgesOfWords() throws Exception {
    assertThat(said(FREEBSD, """
        printf 'cat concat cat\\n' >a
        sed -i '' -e 's/[[:<:]]cat[[:>:]]/dog/g' a && cat a
        /usr/bin/sed -i .bak 's/dog/cow/' a && cat a a.bak
        printf 'x\\n' | sed -E 's/(x)/\\1\\1/'
        sed -Ei '' 's/(o)/<\\1>/' a && cat a
        ls
        """)).isEqualTo("""
        dog concat dog
        cow concat dog
        dog concat dog
        xx
        c<o>w concat dog
        a
        a.bak
        """);
  }

  @Test
  void findSortsDescendsAndTakesModesAsFreeBsdDoes() throws Exception {
    assertThat(said(FREEBSD, """
        mkdir -p t/b/c t/a-b t/a && touch t/a/z t/a-b/y t/b/c/x 't/b/w w'
        chmod 755 t/a/z; chmod 644 t/b/c/x t/a-b/y 't/b/w w'
        find -s t
        echo --
        find -ds t -type d
        echo --
        find t -type f -perm +111
        find -E t -regex '.*/(y|z)' -exec basename {} \\; | sort
        (cd t && find -s . -type f -print0 | tr '\\0' '!'); echo
        find -s absent; echo "$?"
        """)).isEqualTo("""
        t
        t/a
        t/a/z
        t/a-b
        t/a-b/y
        t/b
        t/b/c
        t/b/c/x
        t/b/w w
        --
        t/a
        t/a-b
        t/b/c
        t/b
        t
        --
        t/a/z
        y
        z
        ./a/z!./a-b/y!./b/c/x!./b/w w!
        /rig/real/find: 'absent': No such file or directory
        1
        """);
  }

  @Test
  void statMktempWhichAndTheDigestsAnswerAsFreeBsds() throws Exception {
    assertThat(said(FREEBSD, """
        printf hello >a; chmod 640 a; ln -s a l
        stat -f %z a
        stat -f '%N %Lp %p%n' a
        stat -f '%N -> %Y' l
        case $(mktemp -t port) in /tmp/port.??????????) echo made;; esac
        test -d "$(mktemp -d -t dir)" && echo folder
        which -s sh && echo there; which -s absent-program || echo absent
        which sha256
        sha256 -q a; md5 a; printf hello | sha1
        /rig/bin/sha512 -q -s hello | cut -c 1-8
        """)).isEqualTo("""
        5
        a 640 100640

        l -> a
        made
        folder
        there
        absent
        /rig/bin/sha256
        2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
        MD5 (a) = 5d41402abc4b2a76b9719d911017c592
        aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d
        9b71d224
        """);
  }

  @Test
  void installXargsJotAndOthersAnswerAsFreeBsds() throws Exception {
    assertThat(said(FREEBSD, """
        printf hello >a; mkdir d e
        /usr/bin/install -S -o root -g wheel -m 444 a d/b && stat -f '%Lp %z' d/b
        install -l rs d/b e/l && readlink e/l
        printf '1 2\\n' | xargs -J % echo a % "b'c"
        printf '' | xargs echo nothing
        jot 3; jot -s , 3 10; jot -w 'n%d' 2 5; jot -b x 2
        date -u -r 86400 +%F; date -j -u -f %s 0 +%Y
        gzip -c a >a.gz; gzcat a.gz; echo
        (cd d && find . | cpio -dumpl ../e 2>/dev/null); cat e/b; echo
        uname; uname -rm; UNAME_r=13.0 uname -r
        printf 'a b\\n' | fmt 75 79
        (set -o pipefail; false | true) || echo pipefail
        echo 'a\\nb'
        """)).isEqualTo("""
        444 5
        ../d/b
        a 1 2 b'c
        1
        2
        3
        10,11,12
        n5
        n6
        x
        x
        1970-01-02
        1970
        hello
        hello
        FreeBSD
        14.2-RELEASE amd64
        13.0
        a b
        pipefail
        a\\nb
        """);
  }

  @Test
  void mtreeMakesTheFoldersOfASpecificationAndTarReadsOne() throws Exception {
    assertThat(said(FREEBSD, """
        cat >spec <<'S'
        # comment
        /set type=dir uname=root gname=wheel mode=0755
        .
            bin
            ..
            share
                man mode=0700
                ..
                old             type=link link=man
            ..
        ..
        S
        mkdir stage && /rig/bin/mtree -U -f spec -d -e -p stage && find -s stage
        stat -f %Lp stage/share/man
        { echo '#mtree'; sed 's/nochange$//' /etc/mtree/BSD.var.dist; } | tar -tf- | sort | head -n 3
        /rig/bin/mtree -c -p stage >/dev/null || echo "status $?"
        """)).isEqualTo("""
        stage
        stage/bin
        stage/share
        stage/share/man
        stage/share/old
        700
        .
        cache
        crash
        mtree: "-c -p stage" needs a whole mtree; install the Debian package mtree-netbsd
        status 69
        """);
  }

  @Test
  void aMakeThatBuildsDoesNotSeeTheKit() throws Exception {
    assertThat(said(FREEBSD, """
        printf 'all:\\n\\t@echo "kit $${MAKESYSPATH:-none}"\\n' >Makefile
        make; /usr/bin/make -V MAKE
        """)).startsWith("kit none\n");
  }

  @Test
  void pkgAnswersFromWhatTheFarmRegistered() throws Exception {
    assertThat(said(FREEBSD, """
        export SLIPWAY_PKG_DB=/wrkdirs/db
        put() {
          mkdir -p "db/$1"
          printf '%s\\n' "name $1" "version $2" "origin $3" 'prefix /usr/local' \\
            'comment Something' 'annotation flavor py311' >"db/$1/words"
          printf '%s\\n' "$4" >"db/$1/files"
        }
        put foo 1.2_1,1 misc/foo /usr/local/bin/foo
        put foo-lib 2.0 devel/foo-lib /usr/local/lib/libfoo.so.1
        pkg=/usr/local/sbin/pkg-static
        $pkg -v | grep -q '^[0-9.]*$' && echo version
        $pkg config abi
        $pkg info -g 'foo>=1.2' >/dev/null && echo newer
        $pkg info -g 'foo>=1.3,1' >/dev/null 2>&1 || echo older
        $pkg info -Eg 'foo>0<2,1'
        $pkg info -g -q -O misc/foo
        $pkg info -e devel/foo-lib && $pkg info -g -e bar || echo no bar
        $pkg info -g -aoq
        $pkg info -g -ql 'foo-l*'
        $pkg which -q /usr/local/bin/foo; $pkg which -qo /usr/local/lib/libfoo.so.1
        $pkg which -q /bin/sh || echo of nobody
        $pkg query '"%n": {origin: "%o", version: "%v"}' foo-1.2_1,1
        $pkg query -ge '%n != foo' '%n-%v' 'foo*'
        $pkg query %n '' || echo none
        $pkg annotate -q -S foo-1.2_1,1 flavor
        $pkg version -t foo-1.2_1,1 foo-1.10
        $pkg audit foo >/dev/null 2>&1 && echo no list
        $pkg upgrade; echo "status $?"
        $pkg info -x foo; echo "status $?"
        $pkg query -e '%a = 0' %n; echo "status $?"
        $pkg add x.pkg; echo "status $?"
        """)).isEqualTo("""
        version
        FreeBSD:14:amd64
        newer
        older
        foo-1.2_1,1
        foo-1.2_1,1
        no bar
        misc/foo
        devel/foo-lib
        /usr/local/lib/libfoo.so.1
        foo-1.2_1,1
        devel/foo-lib
        of nobody
        "foo": {origin: "misc/foo", version: "1.2_1,1"}
        foo-lib-2.0
        none
        py311
        >
        no list
        pkg: the jail's pkg does not know "pkg upgrade"; a ports framework is not known to ask that
        status 64
        pkg: the jail's pkg does not know "pkg info -x foo"; a ports framework is not known to ask that
        status 64
        pkg: the jail's pkg does not know "pkg query -e %a = 0 %n"; a ports framework is not known to ask that
        status 64
        pkg: packages are put into this jail by the farm, not by "pkg add"
        status 69
        """);
  }

  @Test
  void pkgOrdersVersionsAsTheFarmDoes() throws Exception {
    List<String> versions = List.of(
        "1.0",
        "1",
        "1.0_1",
        "1.0,1",
        "1.0.a",
        "1.a",
        "1.0pl1",
        "1.0a",
        "1.0rc1",
        "1.10",
        "1.9",
        "1.0alpha2",
        "1.0.beta",
        "20190101",
        "2019.01",
        "1.0+2",
        "1.0+10",
        "1.0snap1",
        "0",
        "1..1");
    StringBuilder script = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (String left : versions) {
      for (String right : versions) {
        int order = new Version(left).compareTo(new Version(right));
        String sign = order < 0 ? "<" : order > 0 ? ">" : "=";
        expected.append(left).append(' ').append(sign).append(' ').append(right).append('\n');
        script
            .append("echo '")
            .append(left)
            .append("' \"$(awk -f /rig/lib/version.awk -v left='")
            .append(left)
            .append("' -v right='")
            .append(right)
            .append("')\" '")
            .append(right)
            .append("'\n");
      }
    }
    assertThat(said(SmallTree.TARGET, script.toString())).isEqualTo(expected.toString());
  }

  @Test
  void aTargetOfTheHostsOwnSystemGetsPkgAlone() throws Exception {
    assertThat(said(SmallTree.TARGET, "ls /rig; command -v sed | grep rig; pkg config abi"))
        .isEqualTo("abi\nlib\nLinux:3.2:x86_64\n");
    Rig rig = Rig.of(SmallTree.TARGET, folder.resolve("rigs")).orElseThrow();
    assertThat(rig.environment()).isEmpty();
    assertThat(rig.makeConf()).isEmpty();
  }

  @Test
  void aBaseThatIsFreeBsdsNeedsNoRig() throws Exception {
    Path base = Files.createDirectories(folder.resolve("base/libexec"));
    Files.createFile(base.resolve("ld-elf.so.1"));
    Target target = new Target(
        Abi.parse("FreeBSD:14:amd64"), new Base.Directory(folder.resolve("base")), "14.2");
    assertThat(Rig.of(target, folder.resolve("rigs"))).isEmpty();
    assertThat(Rig.make(target)).isEqualTo("make");
    assertThat(Rig.make(FREEBSD)).isEqualTo("bmake");
  }

  @Test
  void whatABaseLacksIsToldWithTheNamesOfPackages() throws Exception {
    Path base = folder.resolve("base");
    Files.createDirectories(base.resolve("usr/lib"));
    Files.createDirectories(base.resolve("usr/bin"));
    Files.writeString(base.resolve("usr/lib/os-release"), "ID=debian\n");
    for (String program : List.of("bash", "bmake", "file", "gzip", "patch", "readelf", "xz")) {
      Files.createFile(base.resolve("usr/bin").resolve(program));
    }
    Target target = new Target(Abi.parse("FreeBSD:14:amd64"), new Base.Directory(base), "Debian");
    assertThatThrownBy(() -> Rig.of(target, folder.resolve("rigs")))
        .isInstanceOf(JailException.class)
        .hasMessage("the base system at " + base + " has no bsdcpio, bsdtar, which FreeBSD's ports"
            + " are built with; install there (Debian's names): libarchive-tools");
  }

  @Test
  void aDamagedRigIsWrittenAgainAndAWholeOneIsLeft() throws Exception {
    Path rig =
        Rig.of(FREEBSD, folder.resolve("rigs")).orElseThrow().mounts().get(0).source();
    Object written = Files.getAttribute(rig, "unix:ino");
    Path again =
        Rig.of(FREEBSD, folder.resolve("rigs")).orElseThrow().mounts().get(0).source();
    assertThat(again).isEqualTo(rig);
    assertThat(Files.getAttribute(again, "unix:ino")).isEqualTo(written);
    byte[] whole = Files.readAllBytes(rig.resolve("lib/pkg"));
    Files.write(rig.resolve("lib/pkg"), new byte[0]);
    Rig.of(FREEBSD, folder.resolve("rigs"));
    assertThat(rig.resolve("lib/pkg")).hasBinaryContent(whole);
  }
}
