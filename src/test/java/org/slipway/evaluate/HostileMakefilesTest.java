package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.evaluate.Answers.about;
import static org.slipway.evaluate.Answers.assertRefused;
import static org.slipway.evaluate.Answers.assertSettled;
import static org.slipway.evaluate.Answers.messages;
import static org.slipway.evaluate.Answers.port;
import static org.slipway.evaluate.Answers.refusal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;
import org.slipway.tree.Checkout;

/** What a makefile may try while it is read: it costs its own answers, and nobody else's. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
final class HostileMakefilesTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** On the command lines of what a makefile starts, to find it again among the host's. */
  private final String mark = "7" + Integer.toUnsignedString(new SecureRandom().nextInt());

  @TempDir
  private static Path shared;

  private static Jails jails;

  @TempDir
  private Path temp;

  private Bench bench;

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(shared.resolve("jails"), true);
    Assumptions.assumeTrue(
        jails.containment().contains(), "nothing is contained here: " + jails.containment());
  }

  @AfterAll
  static void leavesNothingBehind() throws IOException {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(shared.toString());
    try (Stream<Path> left = Files.list(shared.resolve("jails"))) {
      assertThat(left).containsExactly(shared.resolve("jails/scripts"));
    }
    jails.close();
  }

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(temp, jails).framework();
  }

  @AfterEach
  void stop() throws IOException {
    bench.close();
    assertThat(processes()).isEmpty();
  }

  @Test
  void endsThoseThatRunForEver() throws Exception {
    bench
        .running("devel/shell", ": " + mark + "; while :; do :; done")
        .port("devel/makes", "X!=\t${MAKE} -C ${.CURDIR} -V X")
        .port("devel/includes", ".include \"${.CURDIR}/Makefile\"")
        .port(
            "devel/loops",
            ".for a in ${:U:range=1000}",
            ".for b in ${:U:range=1000}",
            ".for c in ${:U:range=1000}",
            "Y:=\t${a}${b}${c}",
            ".endfor",
            ".endfor",
            ".endfor");
    Evaluation evaluation = beside("devel/shell", "devel/makes", "devel/includes", "devel/loops");
    for (String spec : List.of("devel/shell", "devel/loops")) {
      assertThat(refusal(evaluation, spec)).contains("2 s");
    }
    assertRefused(evaluation, "devel/includes");
    // That many processes are not to be had: its makefile is told so, and ends.
    assertThat(about(evaluation, "devel/makes")).isNotEmpty();
  }

  @Test
  void endsThoseThatSleep() throws Exception {
    bench
        .running("devel/sleeps", "sleep " + mark)
        .running("devel/chatters", "while sleep 1; do echo line >&2; done")
        .running("devel/talks", "while sleep 1; do echo line >/proc/$PPID/fd/1; done");
    Evaluation evaluation = beside("devel/sleeps", "devel/chatters", "devel/talks");
    for (String spec : List.of("devel/sleeps", "devel/chatters", "devel/talks")) {
      assertThat(refusal(evaluation, spec)).contains("2 s");
    }
  }

  @Test
  void takesNoMoreThanSoMuchOutput() throws Exception {
    bench
        .running("devel/out", "yes >/proc/$PPID/fd/1")
        .running("devel/line", "tr '\\0' x </dev/zero >/proc/$PPID/fd/1")
        .running("devel/errors", "yes >&2")
        .running("devel/value", "yes");
    Evaluation evaluation = beside("devel/out", "devel/line", "devel/errors", "devel/value");
    assertRefused(evaluation, "devel/out", "devel/line", "devel/errors", "devel/value");
  }

  @Test
  void changesNothingOfTheTreeAndTheKit() throws Exception {
    bench.running(
        "devel/writes",
        "for f in /xports/x /xports/Mk/bsd.port.mk /kit/x /kit/sys.mk ./x ./Makefile /etc/x; do "
            + "(echo x >>$f) 2>/dev/null && echo $f; done; :");
    try (Checkout checkout = bench.checkout()) {
      Path kit = new Evaluator(jails, bench.kits(), 1).kit(request("devel/writes"));
      List<String> before = listing(checkout.directory());
      List<String> kitBefore = listing(kit);
      Evaluation evaluation = bench.evaluate(checkout, request("devel/writes"), LIMIT);
      assertThat(port(evaluation, "devel/writes").variable("PKGNAME")).isEqualTo("writes-1.0");
      assertThat(listing(checkout.directory())).isEqualTo(before);
      assertThat(listing(kit)).isEqualTo(kitBefore);
    }
  }

  @Test
  void fillsNoDiskAndLeavesNoTrapsInTheTemporaryFolder() throws Exception {
    bench
        .running(
            "devel/fills",
            "for i in 1 2 3 4; do head -c 64m /dev/zero >/tmp/" + mark
                + "$i; done; du -k /tmp | cut -f1 | tail -1")
        .running("devel/traps", "for f in /tmp/*; do rm -f $f; mkfifo $f; done; ls /tmp | wc -l");
    Evaluation evaluation = beside("devel/fills", "devel/traps");
    assertSettled(evaluation, "devel/fills", "devel/traps");
  }

  @Test
  void forksNoMoreThanItMay() throws Exception {
    bench
        .running("devel/bomb", "f() { f | f & }; f; sleep " + mark)
        .running(
            "devel/daemons",
            "i=0; while [ $i -lt 2000 ]; do setsid sleep " + mark
                + " >/dev/null 2>&1 & i=$((i + 1)); done");
    Evaluation evaluation = beside("devel/bomb", "devel/daemons");
    // Where the bomb leaves its own shell no process to sleep in, it ends before its time is up.
    assertSettled(evaluation, "devel/bomb", "devel/daemons");
  }

  @Test
  void reachesNoNetwork() throws Exception {
    List<ServerSocketChannel> listeners = new ArrayList<>();
    try {
      StringBuilder script = new StringBuilder();
      for (InetAddress address : addresses()) {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listeners.add(listener.bind(new InetSocketAddress(address, 0)));
        listener.configureBlocking(false);
        int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        script
            .append("perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(PeerAddr => \"")
            .append(address.getHostAddress())
            .append(':')
            .append(port)
            .append("\", Timeout => 5) ? \"reached \" : \"not reached \"'; ");
      }
      Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "no perl");
      bench.port("devel/calls", "COMMENT!=\t" + script.toString().replace("$", "$$") + "echo .");
      Evaluation evaluation = beside("devel/calls");
      assertThat(port(evaluation, "devel/calls").variable("COMMENT"))
          .isEqualTo("not reached ".repeat(listeners.size()) + ".");
      for (ServerSocketChannel listener : listeners) {
        assertThat(listener.accept()).isNull();
      }
    } finally {
      for (ServerSocketChannel listener : listeners) {
        listener.close();
      }
    }
  }

  @Test
  void readsNoFileOfTheFarm() throws Exception {
    Path canary = Files.writeString(temp.resolve("canary"), "COMMENT=secret\n");
    bench
        .port(
            "devel/reads",
            "COMMENT!=\tcat " + canary + " /etc/shadow 2>/dev/null; echo none",
            ".sinclude \"" + canary + "\"",
            ".if exists(" + canary + ")",
            "COMMENT=\tseen",
            ".endif")
        .port("devel/includes", ".include \"" + canary + "\"")
        .running(
            "devel/environment",
            "! tr '\\0' '\\n' </proc/1/environ | grep -q " + temp
                + " && ! ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q " + temp
                + " && exit 0; exit 7")
        .port("devel/lists", "COMMENT!=\tls " + temp + " " + shared + " 2>/dev/null; echo none");
    Evaluation evaluation =
        beside("devel/reads", "devel/includes", "devel/environment", "devel/lists");
    assertThat(port(evaluation, "devel/reads").variable("COMMENT")).isEqualTo("none");
    assertThat(port(evaluation, "devel/lists").variable("COMMENT")).isEqualTo("none");
    assertThat(port(evaluation, "devel/environment").variable("PKGNAME"))
        .isEqualTo("environment-1.0");
    assertThat(refusal(evaluation, "devel/includes")).contains("canary");
    assertThat(evaluation.findings()).noneMatch(finding -> finding.message().contains("status 7"));
  }

  @Test
  void killsItselfOnly() throws Exception {
    bench
        .running("devel/all", "kill -KILL -1; sleep " + mark)
        .running("devel/make", "kill -KILL $PPID; sleep " + mark)
        .running(
            "devel/daemon",
            "setsid sh -c 'while :; do kill -KILL -1; done' " + mark + " >/dev/null 2>&1 &");
    Evaluation evaluation = beside("devel/all", "devel/make", "devel/daemon");
    assertRefused(evaluation, "devel/all", "devel/make");
    assertSettled(evaluation, "devel/daemon");
  }

  @Test
  void leavesNobodyThatKillsTheNext() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "no perl");
    String stalk = "while (1) { for (glob \"/proc/[0-9]*\") { open F, \"$_/comm\"; "
        + "kill 9, /([0-9]+)/ if <F> =~ /make/ } }";
    bench.running(
        "devel/stalker", "setsid perl -e '" + stalk + "' " + mark + " >/dev/null 2>&1 & sleep 0.2");
    for (int i = 0; i < 4; i++) {
      bench.port("www/p" + i);
    }
    Evaluation evaluation = beside("devel/stalker", "www/p0", "www/p1", "www/p2", "www/p3");
    assertSettled(evaluation, "devel/stalker");
    for (int i = 0; i < 4; i++) {
      assertThat(port(evaluation, "www/p" + i).name()).hasToString("p" + i + "-1.0");
    }
  }

  @Test
  void answersForNobodyElse() throws Exception {
    String answers = "echo forged-6.6; for i in $(seq 2 102); do echo; done; ";
    // By guess, and with the marks of those who come after it, taken out of the questions.
    bench
        .running(
            "devel/guesses",
            "for m in MARK 0 00000000000000000000000000000000; do (echo \"$m "
                + "begin\"; " + answers + "echo \"$m errors 0\"; echo; echo \"$m end\"); done "
                + ">/proc/$PPID/fd/1")
        .running(
            "devel/thief",
            // A shell moves its input to file 10 while it runs a command with another.
            "for f in /proc/[0-9]*/fd/0 /proc/[0-9]*/fd/10; do [ -p $f ] && timeout 0.3 cat $f; "
                + "done 2>/dev/null | while read -r m o x; do (echo \"$m begin\"; " + answers
                + "echo \"$m errors 0\"; echo; echo \"$m end\"); done >/proc/$PPID/fd/1; :");
    Evaluation evaluation = beside("devel/guesses", "devel/thief");
    assertSettled(evaluation, "devel/guesses", "devel/thief");
    assertThat(evaluation.ports().values())
        .allMatch(port -> port.name().toString().equals(port.spec().origin().name() + "-1.0"));
  }

  @Test
  void saysOddThings() throws Exception {
    bench
        .port("devel/lines", "COMMENT=\tone${.newline}two${.newline}${.newline}three")
        .port("devel/controls", "COMMENT=\ta\u001b[31mb\u0007\u009bc\u202ed\u007f")
        .port("devel/null", "COMMENT=\ta\u0000b")
        .port(
            "devel/long",
            "V=\txxxxxxxx",
            ".for i in ${:U:range=17}",
            "V:=\t${V}${V}",
            ".endfor",
            "COMMENT:=\t${V}")
        .port(
            "devel/longer",
            "V=\txxxxxxxx",
            ".for i in ${:U:range=24}",
            "V:=\t${V}${V}",
            ".endfor",
            "COMMENT:=\t${V}",
            "IGNORE:=\t${V}")
        .port("devel/ignore", "IGNORE=\tone${.newline}two\u001b[31m");
    Evaluation evaluation = beside(
        "devel/lines",
        "devel/controls",
        "devel/null",
        "devel/long",
        "devel/longer",
        "devel/ignore");
    assertThat(port(evaluation, "devel/lines").variable("COMMENT")).isEqualTo("one\ntwo\n\nthree");
    assertThat(port(evaluation, "devel/long").variable("COMMENT")).hasSize(1 << 20);
    assertSettled(evaluation, "devel/controls", "devel/null", "devel/ignore");
    assertRefused(evaluation, "devel/longer");
    assertThat(port(evaluation, "devel/ignore").ignore().orElse(""))
        .startsWith("one")
        .doesNotContain("\n", "\u001b");
  }

  /** Evaluates these between two good ports, and makes sure that the good ones have answers. */
  private Evaluation beside(String... specs) throws Exception {
    bench.port("devel/a").port("devel/z");
    List<String> words = new ArrayList<>(List.of("devel/a"));
    words.addAll(List.of(specs));
    words.add("devel/z");
    Evaluation evaluation = bench.evaluate(request(words.toArray(String[]::new)), LIMIT);
    for (String good : List.of("devel/a", "devel/z")) {
      assertThat(port(evaluation, good).variable("COMMENT")).isEqualTo("A port for tests");
    }
    messages(evaluation);
    return evaluation;
  }

  private static EvaluationRequest request(String... specs) {
    return Bench.request(List.of(specs), Map.of(), "");
  }

  private static List<InetAddress> addresses() throws IOException {
    List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getLoopbackAddress()));
    for (NetworkInterface networkInterface :
        Collections.list(NetworkInterface.getNetworkInterfaces())) {
      Collections.list(networkInterface.getInetAddresses()).stream()
          .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
          .forEach(addresses::add);
    }
    return addresses;
  }

  private static List<String> listing(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> lines = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        lines.add(file + (Files.isRegularFile(file) ? " " + Files.size(file) : ""));
      }
      return lines;
    }
  }

  /** Processes of the host with the mark on their command line. */
  private List<String> processes() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        try {
          String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
          if (line.contains(mark)) {
            found.add(line.replace('\0', ' '));
          }
        } catch (IOException e) {
          // It ended, or is no process.
        }
      }
    }
    return found;
  }
}
