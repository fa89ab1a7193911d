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
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Reach;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Target;
import org.slipway.evaluate.Watch;
import org.slipway.jail.Base;
import org.slipway.jail.Jails;
import org.slipway.packages.Abi;
import org.slipway.tree.Checkout;
import org.slipway.tree.WorkingTree;
import picocli.CommandLine;

/** The commands that look at a tree without a farm, as a person or a program calls them. */
final class EvaluateCommandTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("slipway.dir", "."), "src/demo/ports").toAbsolutePath();

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path temp;

  private final List<String> said = new ArrayList<>();

  @Test
  void writesAnObjectAPortInTheFrameworksWords() throws Exception {
    Path tree = temp.resolve("tree");
    DemoFiles.copy(SAMPLE, tree);
    Files.writeString(
        tree.resolve("archivers/tarnpack/distinfo"),
        "TIMESTAMP = 1\nSHA256 (tarnpack-2.0.1.tar.gz) = " + "ab".repeat(32)
            + "\nSIZE (tarnpack-2.0.1.tar.gz) = 1234\n");
    assertThat(evaluate("--tree", tree.toString(), "--json", out())).isEqualTo(0);
    Map<String, JsonNode> ports = ports();
    assertThat(ports).hasSize(31).containsKey("net/drumlin@full").doesNotContainKey("net/drumlin");
    JsonNode port = port(ports, "archivers/tarnpack@");
    assertThat(port.get("pkgname").asText()).isEqualTo("tarnpack-2.0.1");
    assertThat(port.get("flavors")).isEmpty();
    assertThat(port.get("lib_depends"))
        .extracting(JsonNode::asText)
        .contains("libtarn.so:archivers/libtarn");
    assertThat(port.get("distinfo").get(0).get("sha256").asText()).isEqualTo("ab".repeat(32));
    assertThat(port.get("distinfo").get(0).get("size").asLong()).isEqualTo(1234);
    assertThat(port(ports, "net/oldfeed@").get("ignored").asText()).isNotBlank();
    assertThat(port(ports, "net/drumlin@full").get("flavors"))
        .extracting(JsonNode::asText)
        .containsExactly("full", "lite");
  }

  @Test
  void asksForOnePortOrForEveryFlavorOfIt() throws Exception {
    assertThat(evaluate("--tree", SAMPLE.toString(), "--json", out(), "misc/fell-tools"))
        .isEqualTo(0);
    assertThat(ports()).containsOnlyKeys("misc/fell-tools@");
    assertThat(evaluate("--tree", SAMPLE.toString(), "--json", out(), "--flavors", "net/drumlin"))
        .isEqualTo(0);
    assertThat(ports()).containsOnlyKeys("net/drumlin@full", "net/drumlin@lite");
  }

  @Test
  void setsAMakeVariableOfTheKit() throws Exception {
    assertThat(evaluate(
            "--tree",
            SAMPLE.toString(),
            "--define",
            "LOCALBASE=/opt/local",
            "--json",
            out(),
            "devel/libmarl"))
        .isEqualTo(0);
    assertThat(port(ports(), "devel/libmarl@").get("prefix").asText()).isEqualTo("/opt/local");
  }

  @Test
  void saysWhatChangedSinceACommit() throws Exception {
    Path tree = temp.resolve("tree");
    DemoFiles.copy(SAMPLE, tree);
    try (WorkingTree git = WorkingTree.create(tree, "main")) {
      git.commitAll("Ada", "ada@example.org", "First", Instant.ofEpochSecond(1_700_000_000));
    }
    Path makefile = tree.resolve("devel/libmarl/Makefile");
    Files.writeString(
        makefile, Files.readString(makefile).replace("PORTVERSION=\t2.1.0", "PORTVERSION=\t2.2.0"));
    assertThat(Files.readString(makefile)).contains("2.2.0");
    assertThat(evaluate("--tree", tree.toString(), "--since", "HEAD", "--json", out()))
        .isEqualTo(0);
    Map<String, JsonNode> changes = ports();
    assertThat(changes).containsOnlyKeys("devel/libmarl@");
    JsonNode change = port(changes, "devel/libmarl@");
    assertThat(change.get("change").asText()).isEqualTo("changed");
    assertThat(change.get("variables").get("pkgname"))
        .extracting(JsonNode::asText)
        .containsExactly("libmarl-2.1.0", "libmarl-2.2.0");
  }

  @Test
  void endsWithOneWhereAPortGivesNoAnswers() throws Exception {
    Path tree = temp.resolve("tree");
    DemoFiles.copy(SAMPLE, tree);
    Files.writeString(tree.resolve("devel/libmarl/Makefile"), ".error not today\n");
    assertThat(evaluate("--tree", tree.toString(), "--json", out(), "devel/libmarl"))
        .isEqualTo(1);
    assertThat(port(ports(), "devel/libmarl@").get("error").asText()).contains("not today");
  }

  @Test
  void refusesWrongInputInOneSentence() throws Exception {
    Path empty = Files.createDirectory(temp.resolve("empty"));
    assertThat(evaluate("--tree", temp.resolve("gone").toString())).isEqualTo(1);
    assertThat(last()).startsWith("there is no folder").contains("gone");
    assertThat(evaluate("--tree", empty.toString())).isEqualTo(1);
    assertThat(last()).contains("is no ports tree: it has no Mk/bsd.port.mk");
    assertThat(evaluate("--tree", empty.toString(), "--ref", "main")).isEqualTo(1);
    assertThat(last()).contains("is no git repository");
    assertThat(evaluate("--tree", SAMPLE.toString(), "no-slash")).isEqualTo(2);
    assertThat(last()).isEqualTo("\"no-slash\" is not an origin; write category/port");
    assertThat(evaluate("--tree", SAMPLE.toString(), "--define", "A B=1")).isEqualTo(2);
    assertThat(last()).startsWith("\"A B\" is not a make variable to define");
    assertThat(evaluate("--tree", SAMPLE.toString(), "--target", "Plan9")).isEqualTo(2);
    assertThat(last()).startsWith("\"Plan9\" is not a target");
    assertThat(evaluate("--tree", SAMPLE.toString(), "--set", "x")).isEqualTo(2);
    assertThat(last()).contains("add --poudriere DIR");
    assertThat(run(new GraphCommand(), "--tree", SAMPLE.toString(), "devel/libmral"))
        .isEqualTo(1);
    assertThat(last()).isEqualTo("devel/libmral is not in the tree; did you mean devel/libmarl?");
  }

  @Test
  void fitsATerminal() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Jails jails = Jails.open(temp.resolve("jails"), true);
        Checkout checkout = Checkout.ofFolder(SAMPLE);
        Evaluator evaluator = new Evaluator(jails, temp.resolve("kit"), 2)) {
      Target target =
          new Target(Abi.parse("Linux:3.2:x86_64"), new Base.Host(), "the host's system");
      Evaluation evaluation = evaluator.evaluate(
          Sources.of(checkout),
          new EvaluationRequest(target, List.of("all"), Map.of(), ""),
          Reach.ASKED,
          Watch.NONE);
      new PortTable(new PrintStream(bytes, true, StandardCharsets.UTF_8))
          .print(evaluation, List.of("a remark with\u001b[31m an escape"));
    }
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(lines).anyMatch(line -> line.matches("devel/libmarl +libmarl-2.1.0 +0"));
    assertThat(lines).anyMatch(line -> line.startsWith("net/oldfeed: ignored: "));
    assertThat(lines).contains("a remark with?[31m an escape");
    assertThat(lines.get(lines.size() - 1))
        .startsWith("31 ports, 1 ignored, none gave no answers; 31 asked, 0 known, ");
  }

  @Test
  void breaksSentencesBetweenWordsAndKeepsTheirIndent() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Wrapped.print(out, "    - " + "word ".repeat(20).strip());
    Wrapped.print(out, "short");
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "    - " + "word ".repeat(14).strip(),
            "        " + "word ".repeat(6).strip(),
            "short");
  }

  private String out() {
    return temp.resolve("out.jsonl").toString();
  }

  private int evaluate(String... words) {
    return run(new EvaluateCommand(), words);
  }

  private int run(Object command, String... words) {
    StringWriter errors = new StringWriter();
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(0, List.of("--cache", temp.resolve("cache").toString()));
    int status = new CommandLine(command)
        .setErr(new PrintWriter(errors))
        .setExecutionExceptionHandler((fault, line, parsed) -> {
          said.add(String.valueOf(fault.getMessage()));
          return fault instanceof IOException ? 1 : 70;
        })
        .execute(all.toArray(String[]::new));
    errors.toString().lines().findFirst().ifPresent(said::add);
    return status;
  }

  private String last() {
    return said.get(said.size() - 1);
  }

  private Map<String, JsonNode> ports() throws IOException {
    Map<String, JsonNode> ports = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(out()))) {
      JsonNode port = JSON.readTree(line);
      if (port.has("origin")) {
        ports.put(port.get("origin").asText() + "@" + port.get("flavor").asText(), port);
      }
    }
    return ports;
  }

  private static JsonNode port(Map<String, JsonNode> ports, String name) {
    JsonNode port = ports.get(name);
    assertThat(port).as(name).isNotNull();
    return java.util.Objects.requireNonNull(port);
  }
}
