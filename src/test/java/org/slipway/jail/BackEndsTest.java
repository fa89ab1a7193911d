package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.Commands.LIMITS;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.fed;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.mount;
import static org.slipway.jail.Commands.said;
import static org.slipway.jail.Commands.script;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every back end must do, with each that works here. */
final class BackEndsTest {
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

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void tellsExactlyHowACommandEnded(Containment kind) throws Exception {
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      assertThat(jails.containment()).isEqualTo(kind);
      assertThat(said(jail, asBuilder("exit 0"))).isEqualTo("[exit status 0]");
      assertThat(said(jail, asBuilder("echo out; exit 1"))).isEqualTo("out\n[exit status 1]");
      assertThat(said(jail, asBuilder("kill -KILL $$"))).endsWith("[ended by signal 9]");
      Command missing = new Command(
          List.of("/no/such/program"),
          Map.of(),
          "/wrkdirs",
          Command.User.BUILDER,
          Command.Network.NONE,
          LIMITS,
          Optional.empty());
      assertThat(said(jail, missing)).endsWith("[exit status 127]");
      Command nowhere = new Command(
          List.of("/bin/true"),
          Map.of(),
          "/no/such/folder",
          Command.User.BUILDER,
          Command.Network.NONE,
          LIMITS,
          Optional.empty());
      assertThat(jail.run(nowhere, OutputStream.nullOutputStream()))
          .isInstanceOfSatisfying(
              Exit.NotStarted.class,
              exit -> assertThat(exit.message()).contains("/no/such/folder"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void passesBytesThroughUnchanged(Containment kind) throws Exception {
    byte[] bytes = new byte[3 << 20];
    new Random(7).nextBytes(bytes);
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      Command cat = fed(asBuilder("cat; echo done >&2"), new ByteArrayInputStream(bytes));
      Exit exit = jail.run(cat, output, errors);
      assertThat(exit).isInstanceOfSatisfying(Exit.Exited.class, exited -> {
        assertThat(exited.status()).isZero();
        assertThat(exited.usage().outputBytes()).isEqualTo(bytes.length + 5L);
      });
      assertThat(output.toByteArray()).isEqualTo(bytes);
      assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("done\n");
      // A command need not read what it is given.
      assertThat(said(jail, fed(asBuilder("exit 4"), new ByteArrayInputStream(bytes))))
          .isEqualTo("[exit status 4]");
      assertThat(said(jail, fed(asBuilder("cat"), new ByteArrayInputStream(new byte[0]))))
          .isEqualTo("[exit status 0]");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void keepsWhatCommandsChangeUntilTheJailIsClosed(Containment kind) throws Exception {
    try (Jails jails = open(kind)) {
      try (Jail jail = jails.create(host())) {
        assertThat(
                said(jail, asBuilder("echo kept >file; mkdir shut; echo x >shut/x; chmod 0 shut")))
            .isEqualTo("[exit status 0]");
        assertThat(said(jail, asBuilder("cat file"))).isEqualTo("kept\n[exit status 0]");
      }
      try (Jail jail = jails.create(host())) {
        assertThat(said(jail, asBuilder("ls -A"))).isEqualTo("[exit status 0]");
      }
      try (Stream<Path> left = Files.list(folder.resolve("jails"))) {
        assertThat(left).containsExactly(folder.resolve("jails/scripts"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void unpacksAsRootWhatTheBuilderReads(Containment kind) throws Exception {
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      Command pack =
          asBuilder("umask 022; mkdir -p usr/local/bin; echo 'echo unpacked' >usr/local/bin/tool;"
              + " chmod 755 usr/local/bin/tool; exec tar --owner=0 --group=0 -cf - usr/local");
      assertThat(jail.run(pack, archive, OutputStream.nullOutputStream()).succeeded())
          .isTrue();
      Command unpack = fed(
          asRoot("cd / && tar -xpf - && ls -A /usr/local"),
          new ByteArrayInputStream(archive.toByteArray()));
      assertThat(said(jail, unpack)).isEqualTo("bin\n[exit status 0]");
      assertThat(said(jail, asBuilder("sh /usr/local/bin/tool")))
          .isEqualTo("unpacked\n[exit status 0]");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void mountsWhatItIsToldAndLetsTheFarmHaveWhatTheBuilderWrote(Containment kind) throws Exception {
    Path given = Files.createDirectory(folder.resolve("given"));
    Files.writeString(given.resolve("Makefile"), "all:\n");
    Path taken = Files.createDirectory(folder.resolve("taken"));
    try (Jails jails = open(kind)) {
      try (Jail jail =
          jails.create(host(mount(given, "/xports", false), mount(taken, "/distfiles", true)))) {
        assertThat(said(jail, asBuilder("cat /xports/Makefile && echo got >/distfiles/file")))
            .isEqualTo("all:\n[exit status 0]");
        if (kind.contains()) {
          assertThat(said(jail, asBuilder("echo x >>/xports/Makefile"))).contains("exit status 2");
          assertThat(said(jail, asRoot("echo x >>/xports/Makefile"))).contains("Read-only");
        }
      }
      assertThat(taken.resolve("file")).hasContent("got\n");
      assertThat(given.resolve("Makefile")).hasContent("all:\n");
      Files.delete(taken.resolve("file"));
      Files.delete(taken);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void passesNothingOfTheFarmsEnvironmentOn(Containment kind) throws Exception {
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      String seen = said(jail, asBuilder("env; cat /proc/self/environ | tr '\\0' '\\n'"));
      assertThat(seen.lines())
          .allMatch(line -> line.matches("(PATH|PWD|OLDPWD|SHLVL|_)=.*|\\[exit status 0]"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void endsAtItsLimitsWithAllThatItStarted(Containment kind) throws Exception {
    String mark = "4" + Integer.toUnsignedString(folder.hashCode());
    Limits time = new Limits(Duration.ofSeconds(1), Duration.ofSeconds(9), 1 << 20, 0, 512);
    Limits silence = new Limits(Duration.ofSeconds(60), Duration.ofSeconds(1), 1 << 20, 0, 512);
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      String stubborn =
          "trap '' TERM; setsid sleep " + mark + " & while :; do echo; sleep 0.1; done";
      assertThat(jail.run(
              script(Command.User.BUILDER, time, stubborn), OutputStream.nullOutputStream()))
          .isInstanceOfSatisfying(Exit.TimedOut.class, exit -> {
            assertThat(exit.limit()).isEqualTo(Duration.ofSeconds(1));
            assertThat(exit.usage().wall()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(exit.usage().outputBytes()).isPositive();
          });
      assertThat(running(mark)).isEmpty();
      String silent = "setsid sleep " + mark + " & sleep " + mark;
      assertThat(jail.run(
              script(Command.User.BUILDER, silence, silent), OutputStream.nullOutputStream()))
          .isInstanceOfSatisfying(
              Exit.Silent.class, exit -> assertThat(exit.limit()).isEqualTo(Duration.ofSeconds(1)));
      assertThat(running(mark)).isEmpty();
      // A daemon that holds the output open and ignores signals does not hold up the farm.
      assertThat(said(jail, asBuilder("trap '' TERM; setsid sleep " + mark + " & exit 5")))
          .isEqualTo("[exit status 5]");
      assertThat(running(mark)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void keepsTheFirstPartOfTooMuchOutputAndCountsTheRest(Containment kind) throws Exception {
    Limits limits = new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), 1000, 0, 512);
    try (Jails jails = open(kind);
        Jail jail = jails.create(host())) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      Exit exit =
          jail.run(script(Command.User.BUILDER, limits, "head -c 50000000 /dev/zero"), output);
      assertThat(output.size()).isEqualTo(1000);
      assertThat(exit)
          .isInstanceOfSatisfying(
              Exit.Exited.class,
              exited -> assertThat(exited.usage().outputBytes()).isEqualTo(50_000_000));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JAIL")
  void endsTheCommandWhenItsJailIsClosed(Containment kind) throws Exception {
    try (Jails jails = open(kind)) {
      Jail jail = jails.create(host());
      OutputStream closing = new OutputStream() {
        @Override
        public void write(int b) {
          new Thread(() -> {
                try {
                  jails.close();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
              .start();
        }
      };
      assertThat(jail.run(asBuilder("printf x; sleep 1000"), closing))
          .isEqualTo(new Exit.NotStarted("its jail was closed"));
    }
  }

  /** Processes of the host, in whatever namespace, that have this word on their command line. */
  static List<String> running(String mark) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .map(process -> process.resolve("cmdline"))
          .filter(Files::isReadable)
          .map(BackEndsTest::read)
          .filter(line -> List.of(line.split("\0", -1)).contains(mark))
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
