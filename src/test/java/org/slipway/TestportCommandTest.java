package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.HostAbi;
import org.slipway.tree.WorkingTree;
import picocli.CommandLine;

/** Ports of a folder, built and tested in real jails without a farm, as their author does it. */
final class TestportCommandTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("slipway.dir", "."), "src/demo/ports").toAbsolutePath();

  @TempDir
  private Path temp;

  private Path tree = Path.of("");
  private String said = "";
  private String complained = "";

  @BeforeEach
  void makeTree() throws IOException {
    tree = temp.resolve("tree");
    DemoFiles.copy(SAMPLE.resolve("Mk"), tree.resolve("Mk"));
    DemoFiles.copy(SAMPLE.resolve("Templates"), tree.resolve("Templates"));
    port("misc/data", "1.0", "", "echo data > ${STAGEDIR}${PREFIX}/share/data");
    port(
        "misc/user",
        "2.0",
        "RUN_DEPENDS=\t${LOCALBASE}/share/data:misc/data\nOPTIONS_DEFINE=\tLOUD\n",
        "cat ${LOCALBASE}/share/data > ${STAGEDIR}${PREFIX}/share/user");
    port("misc/broken", "1.0", "", "echo 'fatal error: no luck' >&2; false");
    port("misc/needy", "1.0", "BUILD_DEPENDS=\t${LOCALBASE}/share/broken:misc/broken\n", "true");
    port("misc/off", "1.0", "IGNORE=\twants another moon\n", "true");
    port("misc/wobbly", "1.0", "", "date +%s.%N > ${STAGEDIR}${PREFIX}/share/wobbly");
  }

  @Test
  void buildsWhatIsNeededOnceAndThePortEachTime() throws Exception {
    assertThat(testport("misc/user")).as(complained).isZero();
    assertThat(said)
        .contains("needs 1 package\n")
        .containsPattern("  data-1.0 +built, [0-9.]+ s\n")
        .containsPattern("\nuser-2.0\n  check-sanity +[0-9.]+ s\n")
        .contains("\npassed: user-2.0 in ");
    assertThat(said.lines()).allMatch(line -> line.length() < 80 || line.contains(temp.toString()));
    assertThat(cache("trials/user-2.0.pkg")).isRegularFile();
    assertThat(Files.readString(cache("logs/user-2.0.log"))).contains("Phase: stage");

    assertThat(testport("misc/user", "--options", "+LOUD", "--json")).isZero();
    JsonNode ended = new ObjectMapper().readTree(said);
    assertThat(ended.get("outcome").asText()).isEqualTo("built");
    assertThat(ended.get("needed").get(0).get("from").asText()).isEqualTo("kept");
    assertThat(ended.get("phases"))
        .extracting(each -> each.get("phase").asText())
        .contains("stage");
    assertNothingLeft();

    // The tree counts as it stands: a change of what is needed is seen at once.
    port("misc/data", "1.0", "", "echo other > ${STAGEDIR}${PREFIX}/share/data");
    assertThat(testport("misc/user", "--no-test")).isZero();
    assertThat(said).containsPattern("  data-1.0 +built, ").contains("\nbuilt: user-2.0 in ");
  }

  @Test
  void givesPackagesTheTimeOfThePortsLastCommit() throws Exception {
    port(
        "misc/dated",
        "1.0",
        "",
        "echo dated $$SOURCE_DATE_EPOCH | tee ${STAGEDIR}${PREFIX}/share/dated");
    assertThat(testport("misc/dated", "--no-test")).as(complained).isZero();
    assertThat(Files.readString(cache("logs/dated-1.0.log"))).contains("dated 946684800\n");

    Instant then = Instant.parse("2025-03-04T05:06:07Z");
    try (WorkingTree git = WorkingTree.create(tree, "main")) {
      git.commitAll("A Person", "a@example.org", "Begin", then);
      port("misc/data", "1.0", "", "echo later > ${STAGEDIR}${PREFIX}/share/data");
      git.commitAll("A Person", "a@example.org", "Another", then.plusSeconds(60));
    }
    assertThat(testport("misc/dated", "--no-test")).as(complained).isZero();
    assertThat(Files.readString(cache("logs/dated-1.0.log")))
        .contains("dated " + then.getEpochSecond() + "\n");
  }

  @Test
  void saysWhichPortFailedAndHow() throws Exception {
    assertThat(testport("misc/needy")).isEqualTo(1);
    assertThat(said)
        .contains("| fatal error: no luck\n")
        .contains("FAILED: misc/broken, which it needs, failed in stage (stage): ")
        .contains("  log      " + cache("logs/broken-1.0.log"));
    assertThat(testport("misc/broken", "--json")).isEqualTo(1);
    JsonNode ended = new ObjectMapper().readTree(said);
    assertThat(ended.get("outcome").asText()).isEqualTo("failed");
    assertThat(ended.get("phase").asText()).isEqualTo("stage");
    assertThat(ended.has("dependency")).isFalse();
    assertThat(ended.get("tail")).extracting(JsonNode::asText).contains("fatal error: no luck");
    assertThat(testport("misc/off")).isEqualTo(1);
    assertThat(said).contains("not built: misc/off: wants another moon\n");
    assertNothingLeft();
  }

  @Test
  void tellsWhatTheTestFound() throws Exception {
    port("misc/untidy", "1.0", "", "touch ${STAGEDIR}${PREFIX}/share/untidy");
    Files.writeString(
        tree.resolve("misc/untidy/pkg-install"),
        "#!/bin/sh\n[ $2 = PRE-INSTALL ] || echo rubbish > /etc/rubbish\n");
    assertThat(testport("misc/untidy")).isEqualTo(1);
    assertThat(said)
        .contains("what the test found:\n")
        .contains("  leftovers: + /etc/rubbish\n")
        .contains("FAILED: in leftovers (leftover): ");
    port("misc/unlisted", "1.0", "", "touch ${STAGEDIR}${PREFIX}/share/other");
    assertThat(testport("misc/unlisted")).isEqualTo(1);
    assertThat(said)
        .containsPattern("  check-plist: Error: .*/usr/local/share/other\n")
        .contains("FAILED: in check-plist (plist): ");
  }

  @Test
  void buildsAnOverlaysPortBeforeTheTrees() throws Exception {
    Path overlay = temp.resolve("mine");
    DemoFiles.copy(tree.resolve("misc"), overlay.resolve("misc"));
    Path own = tree;
    tree = overlay;
    port("misc/data", "7.0", "", "echo mine > ${STAGEDIR}${PREFIX}/share/data");
    tree = own;
    assertThat(build(
            "misc/data", "--overlay", overlay.toString(), "--out", cache("o").toString()))
        .as(complained + said)
        .isZero();
    assertThat(said).contains("built: data-7.0");
  }

  @Test
  void takesFromARepositoryWhatFitsAndSaysWhatDoesNot() throws Exception {
    Path repository = temp.resolve("repository");
    Path keys = temp.resolve("keys");
    assertThat(build("misc/data", "--out", repository.toString()))
        .as(complained)
        .isZero();
    assertThat(run(new KeyGenerateCommand(), "--out", keys.toString(), "k")).isZero();
    assertThat(run(
            new RepoCreateCommand(),
            "--key",
            keys.resolve("k.pem").toString(),
            "--abi",
            HostAbi.detect(Path.of("/bin/sh")).toString(),
            repository.toString()))
        .as(complained)
        .isZero();
    List<String> from = List.of(
        "--repository",
        repository.toString(),
        "--fingerprints",
        keys.resolve("fingerprints").toString());
    assertThat(testport(words(from, "misc/user", "--no-test"))).as(complained).isZero();
    assertThat(said).containsPattern("  data-1.0 +from the repository\n");

    port("misc/data", "1.1", "", "echo data > ${STAGEDIR}${PREFIX}/share/data");
    assertThat(testport(words(from, "misc/user", "--no-test"))).as(complained).isZero();
    assertThat(said)
        .contains("  not from the repository: misc/data has version 1.0, the tree 1.1\n")
        .containsPattern("  data-1.1 +built, ");

    assertThat(run(new KeyGenerateCommand(), "--out", keys.toString(), "other")).isZero();
    assertThat(testport(
            "misc/user",
            "--repository",
            repository.toString(),
            "--pubkey",
            keys.resolve("other.pub").toString()))
        .isEqualTo(1);
    assertThat(complained).contains("; nothing is taken from it");
  }

  @Test
  void saysWhatDiffersBetweenTwoBuilds() throws Exception {
    Path out = temp.resolve("out");
    assertThat(build("misc/user", "misc/wobbly", "--check", "--out", out.toString()))
        .as(complained)
        .isEqualTo(1);
    assertThat(said)
        .contains("\nsame twice: user-2.0 (")
        .contains("\nDIFFERS: wobbly-1.0 (")
        .contains("  content /usr/local/share/wobbly: ")
        .contains("looks like a date or a time")
        .endsWith("1 of 2 are built the same\n");
    assertThat(out.resolve("user-2.0.pkg")).isRegularFile();
    assertThat(cache("trials/wobbly-1.0-again.pkg")).isRegularFile();
    assertNothingLeft();
  }

  @Test
  void buildsIntoAFolderWithWhatPackagesNeedToRun() throws Exception {
    Path out = temp.resolve("out");
    assertThat(build("misc/user", "misc/needy", "--json", "--out", out.toString()))
        .isEqualTo(1);
    assertThat(out.resolve("user-2.0.pkg")).isRegularFile();
    assertThat(out.resolve("data-1.0.pkg")).isRegularFile();
    JsonNode ended = new ObjectMapper().readTree(said);
    assertThat(ended.get("good").asInt()).isEqualTo(1);
    assertThat(ended.get("ports").get(1).get("dependency").asText()).isEqualTo("misc/broken");
  }

  @Test
  void refusesWrongInputInOneSentence() {
    assertThat(testport("misc/usr")).isEqualTo(1);
    assertThat(complained).isEqualTo("misc/usr is not in the tree; did you mean misc/user?\n");
    assertThat(testport("misc/user@loud")).isEqualTo(1);
    assertThat(complained).contains("loud");
    assertThat(testport("user")).isEqualTo(2);
    assertThat(complained).startsWith("\"user\" is not an origin");
    assertThat(run(new TestportCommand(), "--tree", "https://example.org/ports.git", "misc/user"))
        .isEqualTo(2);
    assertThat(complained).contains("is an address").contains("clone the tree");
    assertThat(testport("misc/user", "--repository", temp.toString())).isEqualTo(2);
    assertThat(complained).startsWith("by what is the repository believed?");
    assertThat(testport("misc/user", "--unsigned")).isEqualTo(2);
    assertThat(complained).startsWith("which repository");
    assertThat(testport("misc/user", "--repository", temp.toString(), "--unsigned"))
        .isEqualTo(1);
    assertThat(complained).contains("is no repository");
    assertThat(testport("misc/user", "--options", "LOUD")).isEqualTo(2);
    assertThat(complained).startsWith("\"LOUD\" switches no option; write +NAME");
    assertThat(testport("misc/user", "--jobs", "0")).isEqualTo(2);
    assertThat(testport("misc/user", "--shell", "--json")).isEqualTo(2);
    assertThat(testport("misc/user", "--target", "FreeBSD:14.2:amd64")).isEqualTo(1);
    assertThat(complained).contains("--base DIR");
    assertThat(testport("misc/user", "--distfiles", temp.resolve("gone").toString()))
        .isEqualTo(1);
    assertThat(complained).startsWith("there is no folder");
  }

  private void port(String origin, String version, String lines, String install)
      throws IOException {
    Path folder = Files.createDirectories(tree.resolve(origin));
    String name = String.valueOf(folder.getFileName());
    Files.writeString(
        folder.resolve("Makefile"),
        "PORTNAME=\t" + name + "\nPORTVERSION=\t" + version
            + "\nCATEGORIES=\tmisc\nDISTFILES=\nMAINTAINER=\tporter@example.org\n"
            + "COMMENT=\tSomething small\nNO_BUILD=\tyes\nNO_ARCH=\tyes\nPLIST_FILES=\tshare/"
            + name + "\n" + lines + "\ndo-install:\n\t@${MKDIR} ${STAGEDIR}${PREFIX}/share\n\t"
            + install + "\n\n.include <bsd.port.mk>\n");
    Files.writeString(folder.resolve("pkg-descr"), "Something small.\n");
  }

  private Path cache(String name) {
    return temp.resolve("cache").resolve(name);
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> runs = Files.list(cache("runs"))) {
      assertThat(runs).isEmpty();
    }
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(temp.toString());
  }

  private static String[] words(List<String> first, String... then) {
    List<String> words = new ArrayList<>(first);
    words.addAll(List.of(then));
    return words.toArray(String[]::new);
  }

  private int testport(String... words) {
    return onTree(out -> new TestportCommand(out), words);
  }

  private int build(String... words) {
    return onTree(out -> new BuildCommand(out), words);
  }

  private int onTree(java.util.function.Function<PrintStream, Object> command, String... words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    String[] all = words(
        List.of("--tree", tree.toString(), "--cache", temp.resolve("cache").toString()), words);
    int status = run(command.apply(out), all);
    said = bytes.toString(StandardCharsets.UTF_8);
    return status;
  }

  private int run(Object command, String... words) {
    StringWriter errors = new StringWriter();
    int status = new CommandLine(command)
        .setErr(new PrintWriter(errors))
        .setOut(new PrintWriter(new StringWriter()))
        .setExecutionExceptionHandler((fault, line, parsed) -> {
          if (!(fault instanceof IOException)) {
            throw fault;
          }
          errors.write(fault.getMessage() + "\n");
          return 1;
        })
        .execute(words);
    complained = errors.toString();
    return status;
  }
}
