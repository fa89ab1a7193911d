package org.slipway.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Command;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailException;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;

/** Real roots from lists, with real make in real jails over them. */
final class RecordedBaseTest {
  private static final String LIST = """
      /usr/include/openssl/opensslv.h
      /usr/lib/libncursesw.so
      /usr/lib32/
      /usr/lib/libodd.so -> libodd.so.1
      /usr/lib/libodd.so.1
      /usr/lib/libdead.so -> libdead.so.1
      /usr/bin/clang
      /etc/passwd
      """;

  @TempDir
  private Path temp;

  @Test
  void showsMakeTheListAndNotTheHost() throws Exception {
    // What the host has by these names must not count, and what it lacks must.
    String makefile = """
        ASKED=	/usr/include/openssl/opensslv.h /usr/lib/libncursesw.so /usr/lib32 \\
        	/usr/lib/libodd.so /usr/lib/libdead.so /usr/bin/clang /usr/bin/make /bin/sh \\
        	/usr/include/stdio.h /usr/include/ncurses.h /usr/lib/ssl /usr/bin/perl \\
        	/usr/bin/python3 /usr/bin/gcc /usr/local /opt /usr/share /lib/systemd /etc/os-release
        .for path in ${ASKED}
        .  if exists(${path})
        SEEN+=	${path}
        .  endif
        .endfor
        """;
    assertThat(make(makefile, "SEEN"))
        .isEqualTo("/usr/include/openssl/opensslv.h /usr/lib/libncursesw.so /usr/lib32 "
            + "/usr/lib/libodd.so /usr/bin/clang /usr/bin/make /bin/sh\n");
  }

  @Test
  void showsTheListToTheShellTooAndNothingBesideItButToolsAndTheirLibraries() throws Exception {
    RecordedBase base = base(LIST);
    List<String> files = files(base.root());
    files.removeIf(path -> path.startsWith("bin/") || path.startsWith("usr/bin/"));
    files.removeIf(path -> path.matches("(usr/)?lib(64)?/(.*/)?[A-Za-z0-9_.+-]+\\.so\\.[0-9.]+"));
    assertThat(files)
        .containsExactlyInAnyOrder(
            "etc/passwd",
            "usr/include/openssl/opensslv.h",
            "usr/lib/libdead.so",
            "usr/lib/libncursesw.so",
            "usr/lib/libodd.so");
    assertThat(base.root().resolve("usr/bin/clang")).isEmptyFile();
    assertThat(Files.isExecutable(base.root().resolve("usr/bin/grep"))).isTrue();
    try (Stream<Path> all = Files.walk(base.root())) {
      assertThat(all.filter(path -> Files.isSymbolicLink(path))
              .map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("libodd.so", "libdead.so");
    }
  }

  @Test
  void runsAShellAwkSedAndMakeInMake() throws Exception {
    String makefile = """
        PLAIN!=	echo one two | awk '{print $$2}' | sed -e 's/t/T/' | tr -d o
        LINES!=	printf 'b\\na\\nb\\n' | sort -u | wc -l | tr -d ' '
        FOUND!=	find /usr/include -name '*.h' -print | xargs -n1 basename | egrep '^open'
        ANY!=	test -e /usr/lib/libncursesw.so && expr 1 + 1 && id -u && date +%Y | cut -c1-2
        INNER!=	cd /try && make -f inner.mk -V NAME
        OTHER!=	cd /try && ${MAKE} -f inner.mk -V NAME
        ALL=	${PLAIN} ${LINES} ${FOUND} ${ANY} ${INNER} ${OTHER}
        """;
    assertThat(make(makefile, "ALL")).matches("Tw 2 opensslv\\.h 2 [0-9]+ 20 inner inner\n");
  }

  @Test
  void everyToolFindsItsLibrariesThere() throws Exception {
    RecordedBase base = base(LIST);
    String script = "for tool in /bin/* /usr/bin/*; do "
        + "test -s \"$tool\" || continue; case $tool in */yes) continue;; esac; "
        + "\"$tool\" --help </dev/null >/dev/null 2>/tmp/said; status=$?; "
        + "if [ $status -eq 127 ] || grep 'shared librar' /tmp/said; "
        + "then echo $tool; fi; done; true";
    assertThat(run(base, "", List.of("/bin/sh", "-c", script))).isEmpty();
  }

  @Test
  void laysOutOnceForOneListAndAgainForAnother() throws Exception {
    RecordedBase first = base(LIST);
    Path marked = first.root().resolve("usr/lib/libncursesw.so");
    Object before = Files.getAttribute(marked, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    RecordedBase again = base(LIST + "# the same in other words\n./usr/lib32/\n");
    assertThat(again).isEqualTo(first);
    assertThat(Files.getAttribute(marked, "unix:ino", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(before);
    RecordedBase other = base(LIST + "/usr/lib/libmore.so\n");
    assertThat(other.root()).isNotEqualTo(first.root());
    assertThat(other.list()).isNotEqualTo(first.list());
  }

  @Test
  void mendsADamagedRootAndRemovesWhatAKilledOneLeft() throws Exception {
    RecordedBase base = base(LIST);
    for (String lost : List.of("usr/lib/libncursesw.so", "usr/bin/awk", "usr/lib32")) {
      Files.delete(base.root().resolve(lost));
      Files.createDirectories(temp.resolve("bases/.new-killed/usr/lib"));
      assertThat(base(LIST)).isEqualTo(base);
      assertThat(base.root().resolve(lost)).exists();
    }
    Files.writeString(base.root().resolveSibling("cut"), "");
    Path sh = base.root().resolve("bin/sh");
    Files.delete(sh);
    Files.writeString(sh, "");
    base(LIST);
    assertThat(sh).isNotEmptyFile();
    try (Stream<Path> bases = Files.list(temp.resolve("bases"))) {
      assertThat(bases.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(".lock", "cut", base.root().getFileName().toString());
    }
  }

  @Test
  void laysOutOneRootForManyThreads() throws Exception {
    var threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<RecordedBase>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(() -> base(LIST));
      }
      List<RecordedBase> bases = new ArrayList<>();
      for (var result : threads.invokeAll(tasks)) {
        bases.add(result.get());
      }
      assertThat(bases).containsOnly(base(LIST));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void copiesProgramsAndShellScriptsOfTheHostAndNothingElse() throws Exception {
    Path host = Files.createDirectories(temp.resolve("host"));
    for (String name : List.of("sh", "bmake", "cat")) {
      Path found = Stream.of("/bin/", "/usr/bin/", "/usr/local/bin/")
          .map(folder -> Path.of(folder + name))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow();
      Files.copy(found.toRealPath(), host.resolve(name));
      assertThat(host.resolve(name).toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(host.resolve("egrep"), "#!/bin/sh\nexec grep -E \"$@\"\n");
    Files.writeString(host.resolve("awk"), "#!/usr/bin/perl\n");
    Files.writeString(host.resolve("sed"), "no program");
    for (String name : List.of("egrep", "awk", "sed")) {
      assertThat(host.resolve(name).toFile().setExecutable(true)).isTrue();
    }
    RecordedBase base = RecordedBase.layOut(temp.resolve("bases"), list(LIST), List.of(host));
    Path copy = base.root().resolve("bin/cat");
    assertThat(Files.getAttribute(copy, "unix:ino"))
        .isNotEqualTo(Files.getAttribute(host.resolve("cat"), "unix:ino"));
    assertThat(base.absent()).contains("awk", "sed").doesNotContain("sh", "cat", "egrep");
    assertThat(base.root().resolve("usr/bin/bmake"))
        .hasSameBinaryContentAs(base.root().resolve("usr/bin/make"));
    assertThat(base.root().resolve("usr/bin/awk")).doesNotExist();
  }

  @Test
  void takesEmptyFoldersThatFindPrintsLikeFiles() throws Exception {
    RecordedBase base = base(".\n./tmp\n./var\n./bin\n./proc\n./dev\n./usr\n");
    assertThat(base.root().resolve("bin/sh")).isNotEmptyFile();
    assertThat(base(".\n./usr\n./tmp\n./var\n./bin\n./proc\n./dev\n")).isEqualTo(base);
    String script = "echo x >/tmp/a; cat /tmp/a; test -d /proc/1";
    assertThat(run(base, "", List.of("/bin/sh", "-c", script))).isEqualTo("x\n");
  }

  @Test
  void refusesAHostWithoutMakeAndAListThatBarsTheTools() {
    assertThatThrownBy(() -> RecordedBase.layOut(temp.resolve("b"), list(LIST), List.of(temp)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no sh");
    assertThatThrownBy(() -> base("/bin -> usr/bin\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a link at /bin");
    assertThatThrownBy(() -> base("/tmp -> /etc\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a link at /tmp");
    assertThatThrownBy(() -> base("/usr/bin/make/\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a folder at /usr/bin/make");
  }

  private RecordedBase base(String list) throws IOException {
    return RecordedBase.layOut(temp.resolve("bases"), list(list));
  }

  private static BaseList list(String text) throws IOException {
    return BaseList.read("test", new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  /** What make says of a variable of a makefile, in a jail over the base. */
  private String make(String makefile, String variable) throws Exception {
    return run(
        base(LIST), makefile, List.of("/usr/bin/bmake", "-f", "/try/main.mk", "-V", variable));
  }

  private String run(RecordedBase base, String makefile, List<String> argv) throws Exception {
    Path work = Files.createDirectories(temp.resolve("work"));
    Files.writeString(work.resolve("main.mk"), makefile);
    Files.writeString(work.resolve("inner.mk"), "NAME=\tinner\n");
    Files.writeString(work.resolve("sys.mk"), ".MAKE.EXPAND_VARIABLES=\tyes\nSHELL?=\t/bin/sh\n");
    try (Jails jails = Jails.open(temp.resolve("jails"), false);
        Jail jail = jails.create(
            new JailSpec("test", base.base(), List.of(new Mount(work, "/try", false))))) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      Exit exit = jail.run(
          new Command(
              argv,
              Map.of("PATH", "/bin:/usr/bin", "MAKESYSPATH", "/try"),
              "/",
              Command.User.BUILDER,
              Command.Network.NONE,
              Limits.of(Duration.ofMinutes(2)),
              Optional.empty()),
          output);
      assertThat(exit.succeeded())
          .as(() -> exit.inWords() + ": " + output.toString(UTF_8))
          .isTrue();
      return output.toString(UTF_8);
    } catch (JailException e) {
      Assumptions.abort("no jail over a folder can be made here: " + e.getMessage());
      throw e;
    }
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return new ArrayList<>(all.filter(path -> !Files.isDirectory(path))
          .map(path -> root.relativize(path).toString())
          .toList());
    }
  }
}
