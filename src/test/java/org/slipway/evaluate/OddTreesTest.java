package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.evaluate.Answers.about;
import static org.slipway.evaluate.Answers.assertAnswered;
import static org.slipway.evaluate.Answers.assertSettled;
import static org.slipway.evaluate.Answers.messages;
import static org.slipway.evaluate.Answers.port;
import static org.slipway.evaluate.Answers.refusal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

/** Trees with names, folders, flavors and frameworks as they should not be. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
final class OddTreesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir
  private static Path shared;

  private static Jails jails;

  @TempDir
  private Path temp;

  private Bench bench;

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(shared.resolve("jails"), true);
  }

  @AfterAll
  static void closeJails() throws IOException {
    jails.close();
  }

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(temp, jails).framework().port("devel/a").port("devel/z");
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void runsNothingOfAFoldersName() throws Exception {
    List<String> names = List.of(
        "two words",
        "quo\"te",
        "quo'te",
        "$(touch;run)",
        "`touch run`",
        "-V",
        "${.MAKE.PID}",
        "line\nbreak",
        "bell\u0007",
        "star*",
        "semi;colon");
    for (String name : names) {
      bench.fork.file("devel/" + name + "/Makefile", ".error was read\n");
    }
    bench.fork.file("Makefile", "SUBDIR += devel\n");
    bench.fork.file(
        "devel/Makefile",
        "SUBDIR += a\nSUBDIR += " + String.join("\nSUBDIR += ", names) + "\nSUBDIR += z\n");
    Evaluation evaluation = bench.evaluate("all");
    assertAnswered(evaluation, "devel/a", "devel/z");
    assertThat(evaluation.ports()).hasSize(2);
    assertThat(messages(evaluation)).noneMatch(message -> message.contains("was read"));
    for (String part : List.of(
        "words", "quo\"te", "quo'te", "$(touch;run)", "`touch", "-V", "star*", "semi;colon")) {
      assertThat(messages(evaluation))
          .anyMatch(message -> message.contains(part) && message.contains("devel/Makefile"));
    }
  }

  @Test
  void namesThePortWhoseDependencyIsNoOrigin() throws Exception {
    List<String> places = List.of(
        "devel/$$(touch)",
        "devel/'a",
        "../../etc",
        "/etc/passwd",
        "devel/-V",
        "devel/a/b",
        "devel",
        "devel/a@@",
        "devel/a@B;c",
        "devel/\u00e9",
        "devel/a\u0001b");
    List<String> specs = new ArrayList<>(List.of("devel/a"));
    for (int i = 0; i < places.size(); i++) {
      bench.port("www/n" + i, "RUN_DEPENDS=\tx:" + places.get(i));
      specs.add("www/n" + i);
    }
    specs.add("devel/z");
    Evaluation evaluation = bench.evaluate(specs.toArray(String[]::new));
    assertAnswered(evaluation, "devel/a", "devel/z");
    for (int i = 0; i < places.size(); i++) {
      assertThat(about(evaluation, "www/n" + i)).as(places.get(i)).isNotEmpty();
    }
  }

  @Test
  void doesNotFollowLinksOutOfTheTree() throws Exception {
    Path outside = Files.createDirectories(temp.resolve("outside/port"));
    Files.writeString(outside.resolve("Makefile"), ".error was read\n");
    bench.fork.link("devel/inside", "a").link("devel/absolute", "/etc");
    try (Checkout checkout = bench.checkout()) {
      Path devel = checkout.directory().resolve("devel");
      // As in somebody's own folder; a commit's link that leads out is not checked out at all.
      Files.createSymbolicLink(devel.resolve("out"), outside);
      Files.createSymbolicLink(devel.resolve("gone"), Path.of("nowhere"));
      Files.createSymbolicLink(devel.resolve("loop"), Path.of("loop"));
      Files.createDirectories(devel.resolve("file"));
      Files.createSymbolicLink(devel.resolve("file/Makefile"), outside.resolve("Makefile"));
      Evaluation evaluation = evaluate(
          checkout,
          "devel/a",
          "devel/inside",
          "devel/absolute",
          "devel/out",
          "devel/gone",
          "devel/loop",
          "devel/file",
          "devel/z");
      assertAnswered(evaluation, "devel/a", "devel/z");
      for (String spec :
          List.of("devel/absolute", "devel/out", "devel/gone", "devel/loop", "devel/file")) {
        assertThat(refusal(evaluation, spec)).as(spec).isNotEmpty().doesNotContain("was read");
      }
      assertThat(about(evaluation, "devel/inside").isEmpty())
          .isEqualTo(evaluation.port(OriginSpec.parse("devel/inside")).isPresent());
    }
  }

  @Test
  void answersForAHundredFlavors() throws Exception {
    String flavors =
        String.join(" ", IntStream.range(0, 100).mapToObj(i -> "f" + i).toList());
    bench.port("devel/many", "FLAVORS=\t" + flavors, "PKGNAMESUFFIX=\t-${FLAVOR}");
    Evaluation evaluation = bench.evaluate("devel/a", "devel/many@all", "devel/z");
    assertAnswered(evaluation, "devel/a", "devel/z");
    for (int i = 0; i < 100; i++) {
      String spec = "devel/many@f" + i;
      assertThat(evaluation.port(OriginSpec.parse(spec)))
          .as(spec)
          .hasValueSatisfying(port -> assertThat(port.name())
              .hasToString("many-" + port.spec().flavor().orElseThrow() + "-1.0"));
    }
    assertThat(evaluation.wanted()).hasSize(102);
    assertThat(evaluation.unevaluable()).isEmpty();
  }

  @Test
  void namesPortsWithFlavorsThatAreNone() throws Exception {
    bench
        .port("devel/doubles", "FLAVORS=\tone two one", "PKGNAMESUFFIX=\t-${FLAVOR}")
        .port("devel/upper", "FLAVORS=\tOne")
        .port("devel/word", "FLAVORS=\tone $$(touch)")
        .port("devel/slash", "FLAVORS=\t../one")
        .port("devel/long", "FLAVORS=\t" + "x".repeat(70));
    Evaluation evaluation = bench.evaluate(
        "devel/a",
        "devel/doubles@all",
        "devel/upper",
        "devel/word",
        "devel/slash",
        "devel/long",
        "devel/z");
    assertAnswered(evaluation, "devel/a", "devel/z");
    assertThat(evaluation.wanted()).doesNotHaveDuplicates();
    for (String spec : List.of("devel/upper", "devel/word", "devel/slash", "devel/long")) {
      assertThat(refusal(evaluation, spec)).contains("is not a flavor");
    }
    assertAnswered(evaluation, "devel/doubles@one", "devel/doubles@two");
    assertThat(port(evaluation, "devel/doubles@one").flavors()).doesNotHaveDuplicates();
  }

  @Test
  void answersForPortsThatNeedEachOther() throws Exception {
    bench
        .port("www/one", "BUILD_DEPENDS=\tx:www/two", "RUN_DEPENDS=\tx:www/one")
        .port("www/two", "LIB_DEPENDS=\tlibx.so:www/three")
        .port("www/three", "RUN_DEPENDS=\tx:www/one");
    Evaluation evaluation = bench.evaluate("www/one", "devel/a", "devel/z");
    assertAnswered(evaluation, "www/one", "www/two", "www/three", "devel/a", "devel/z");
  }

  @Test
  void namesPortsWhoseMakefileIsNone() throws Exception {
    for (String name : List.of("unreadable", "huge")) {
      bench.port("devel/" + name);
    }
    bench.fork.file("devel/empty/Makefile", "").file("devel/bytes/Makefile", "");
    try (Checkout checkout = bench.checkout()) {
      Path devel = checkout.directory().resolve("devel");
      Files.setPosixFilePermissions(
          devel.resolve("unreadable/Makefile"), PosixFilePermissions.fromString("---------"));
      Files.createDirectories(devel.resolve("folder/Makefile"));
      fifo(Files.createDirectories(devel.resolve("fifo")).resolve("Makefile"));
      Files.createDirectories(devel.resolve("nothing"));
      byte[] every = new byte[1 << 16];
      for (int i = 0; i < every.length; i++) {
        every[i] = (byte) ((i * 31) >> 3);
      }
      Files.write(devel.resolve("bytes/Makefile"), every);
      enlarge(devel.resolve("huge/Makefile"), 50);
      Evaluation evaluation = evaluate(
          checkout,
          "devel/a",
          "devel/unreadable",
          "devel/empty",
          "devel/bytes",
          "devel/folder",
          "devel/fifo",
          "devel/nothing",
          "devel/huge",
          "devel/z");
      assertAnswered(evaluation, "devel/a", "devel/z");
      for (String spec : List.of(
          "devel/unreadable",
          "devel/empty",
          "devel/bytes",
          "devel/folder",
          "devel/fifo",
          "devel/nothing")) {
        assertThat(refusal(evaluation, spec)).as(spec).isNotEmpty();
      }
      assertSettled(evaluation, "devel/huge");
    }
  }

  @Test
  void waitsForNoPipeInAPortsFolder() throws Exception {
    bench.port("devel/pipe").port("devel/names");
    try (Checkout checkout = bench.checkout()) {
      Path devel = checkout.directory().resolve("devel");
      Path pipe = Files.createDirectories(devel.resolve("pipe/files")).resolve("patch-a");
      fifo(pipe);
      sh(
          "mkdir files && : >\"files/patch-$(printf '\\377\\376')\" && : >'files/patch-\n'",
          devel.resolve("names"));
      // Whoever opens the pipe to read it after all gets an end after a while, and the test fails.
      Thread writer = new Thread(() -> release(pipe));
      writer.setDaemon(true);
      writer.start();
      Evaluation evaluation = evaluate(checkout, "devel/a", "devel/pipe", "devel/names", "devel/z");
      assertAnswered(evaluation, "devel/a", "devel/pipe", "devel/names", "devel/z");
      assertThat(writer.isAlive()).as("nobody opened the pipe").isTrue();
    }
  }

  @Test
  void namesThePortWhoseFolderCannotBeNamedInUnicode() throws Exception {
    bench.fork.file("Makefile", "SUBDIR += devel\n").file("devel/Makefile", "");
    try (Checkout checkout = bench.checkout()) {
      sh(
          "n=devel/$(printf 'x\\377'); mkdir \"$n\" && echo '.error was read' >\"$n/Makefile\""
              + " && printf 'SUBDIR += a\\nSUBDIR += x\\377\\nSUBDIR += z\\n' >devel/Makefile",
          checkout.directory());
      Evaluation evaluation = evaluate(checkout, "all");
      assertAnswered(evaluation, "devel/a", "devel/z");
      assertThat(evaluation.ports()).hasSize(2);
      assertThat(messages(evaluation))
          .anyMatch(message -> message.startsWith("devel/Makefile lists x"));
    }
  }

  @Test
  void saysThatAFolderIsNoPortsTree() throws Exception {
    bench.fork.without("Mk").file("README", "Recipes\n");
    assertThatThrownBy(() -> bench.evaluate("all"))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("commit [0-9a-f]+ is no ports tree: it has no Mk/bsd.port.mk; .*");
    Path empty = Files.createDirectories(temp.resolve("empty"));
    try (Checkout folder = Checkout.ofFolder(empty)) {
      assertThatThrownBy(
              () -> bench.evaluate(folder, Bench.request(List.of("all"), Map.of(), ""), LIMIT))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(empty.toRealPath() + " is no ports tree");
    }
  }

  @Test
  void saysOnceAPortWhatIsWrongWithTheFramework() throws Exception {
    bench.fork.file("Mk/bsd.port.mk", "A=\tb\nthis is no line of a makefile\n");
    List<String> specs = IntStream.range(0, 60).mapToObj(i -> "www/p" + i).toList();
    specs.forEach(bench::port);
    Evaluation evaluation = bench.evaluate(specs.toArray(String[]::new));
    assertThat(evaluation.ports()).isEmpty();
    assertThat(evaluation.unevaluable()).hasSize(60);
    assertThat(evaluation.unevaluable().stream().map(Unevaluable::message).distinct())
        .singleElement()
        .satisfies(message -> assertThat(message).containsOnlyOnce("Mk/bsd.port.mk"));
    assertThat(evaluation.findings()).isEmpty();
  }

  private Evaluation evaluate(Checkout checkout, String... specs) throws Exception {
    return bench.evaluate(checkout, Bench.request(List.of(specs), Map.of(), ""), LIMIT);
  }

  private static void fifo(Path path) throws Exception {
    sh("mkfifo '" + path + "'", Path.of("/"));
  }

  private static void sh(String script, Path folder) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", script)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** Returns when somebody has opened the pipe for reading. */
  private static void release(Path pipe) {
    try (OutputStream out = Files.newOutputStream(pipe)) {
      out.write('x');
    } catch (IOException e) {
      // The reader went away, or the folder.
    }
  }

  /** Adds lines at the start, a valid port after them. */
  private static void enlarge(Path makefile, int megabytes) throws IOException {
    String port = Files.readString(makefile);
    String lines = "# A comment of some forty characters and more\n".repeat(1 << 14);
    try (Writer out = Files.newBufferedWriter(makefile)) {
      for (long written = 0; written < (long) megabytes << 20; written += lines.length()) {
        out.write(lines);
      }
      out.write(port);
    }
  }
}
