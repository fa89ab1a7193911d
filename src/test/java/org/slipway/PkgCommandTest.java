package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.PackageFile;
import org.slipway.packages.SamplePackages;
import picocli.CommandLine;

/** The pkg commands, as a person or a program calls them. */
final class PkgCommandTest {
  @TempDir
  private Path temp;

  private final StringWriter errors = new StringWriter();
  private String said = "";

  @Test
  void showsWhatAPackageSaysOfItself() throws IOException {
    Path file = sample("foo");
    assertThat(pkg("", "info", file.toString())).isZero();
    assertThat(said.lines().findFirst()).contains("foo-1.0");
    assertThat(said)
        .contains(
            "\n  comment     Sample foo\n",
            "\n  origin      misc/foo\n",
            "\n  holds       1 file\n")
        .contains("bytes packed, 5 installed\n");
    assertThat(said.lines()).allMatch(line -> line.length() < 80);
    assertThat(pkg("", "info", "-l", file.toString())).isZero();
    assertThat(said).isEqualTo("/usr/local/bin/foo\n");
    assertThat(pkg("", "info", "-d", file.toString())).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void givesTheCompactManifestAsItIs() throws Exception {
    Path file = sample("foo");
    assertThat(pkg("", "info", "-R", file.toString())).isZero();
    assertThat(said).isEqualTo(PackageFile.compactManifest(file) + "\n");
  }

  @Test
  void tellsProgramsEverythingInAnObjectAFile() throws IOException {
    assertThat(pkg("", "info", "--json", sample("foo").toString(), sample("bar").toString()))
        .isZero();
    List<String> lines = said.lines().toList();
    assertThat(lines).hasSize(2);
    JsonNode foo = new ObjectMapper().readTree(lines.get(0));
    assertThat(foo.get("name").asText()).isEqualTo("foo");
    assertThat(foo.get("flatsize").asLong()).isEqualTo(5);
    assertThat(foo.get("files").get(0).get("path").asText()).isEqualTo("/usr/local/bin/foo");
    assertThat(foo.get("files").get(0).get("sum").asText()).matches("(1\\$)?[0-9a-f]{64}");
  }

  @Test
  void verifiesPackagesAndFailsWhenOneIsNotSound() throws IOException {
    Path file = sample("foo");
    assertThat(pkg("", "verify", file.toString())).isZero();
    assertThat(said).isEqualTo("foo-1.0 is sound: 1 file, 5 bytes as listed\n");
    Path text = Files.writeString(temp.resolve("text.pkg"), "no package");
    assertThat(pkg("", "verify", file.toString(), text.toString())).isEqualTo(1);
    assertThat(said)
        .contains("is not sound, 1 finding:\n")
        .endsWith("2 packages, 1 of them not sound\n");
    assertThat(pkg("", "verify", "--json", text.toString())).isEqualTo(1);
    JsonNode found = new ObjectMapper().readTree(said);
    assertThat(found.get("sound").asBoolean()).isFalse();
    assertThat(found.get("findings").get(0).get("kind").asText()).isEqualTo("archive");
  }

  @Test
  void comparesVersionsAndPairsOfThem() {
    assertThat(pkg("", "version", "-t", "1.0", "1.0_1")).isZero();
    assertThat(said).isEqualTo("<\n");
    assertThat(pkg("2 10\n\n1.0 1\n", "version", "-t")).isZero();
    assertThat(said).isEqualTo("2 < 10\n1.0 = 1\n");
    assertThat(pkg("", "version", "-t", "--json", "2", "1")).isZero();
    assertThat(said).isEqualTo("{\"left\":\"2\",\"order\":\">\",\"right\":\"1\"}\n");
  }

  @Test
  void matchesNamesByExitStatus() {
    assertThat(pkg("", "version", "-T", "foo-1.0", "f*-1.?")).isZero();
    assertThat(pkg("", "version", "-T", "foo-1.0", "bar*")).isEqualTo(1);
    assertThat(said).isEmpty();
  }

  @Test
  void refusesWrongUseInOneSentenceEach() throws IOException {
    assertThat(wrong()).isEqualTo("which? create, info, verify, version");
    assertThat(wrong("info", "-l", "-d", sample("foo").toString()))
        .isEqualTo("-l, -d, -R and --json are four forms; give one of them");
    assertThat(wrong("version", "1", "2")).isEqualTo("-t or -T? Give one of them");
    assertThat(wrong("version", "-t", "1"))
        .isEqualTo("-t takes two versions, or none to read pairs from the standard input");
    assertThat(wrong("version", "-t", "1", "ä")).isEqualTo("\"ä\" is not a package version");
  }

  @Test
  void namesWhatIsMissingOrNoPackage() {
    assertThat(fault("", "info", "none.pkg"))
        .isEqualTo("none.pkg does not exist; give a package file");
    assertThat(fault("", "verify", temp.toString()))
        .isEqualTo(temp + " is a folder; give a package file");
    assertThat(fault("1 2\n3\n", "version", "-t"))
        .isEqualTo("line 2 has 1 word; two versions are a pair");
  }

  private Path sample(String name) throws IOException {
    SamplePackages.script(temp, name, "1.0", "echo\n");
    return temp.resolve(name + "-1.0.pkg");
  }

  private String wrong(String... words) {
    assertThat(pkg("", words)).isEqualTo(2);
    return errors.toString().lines().findFirst().orElse("");
  }

  private String fault(String input, String... words) {
    assertThat(pkg(input, words)).isEqualTo(1);
    return errors.toString().strip();
  }

  private int pkg(String input, String... words) {
    errors.getBuffer().setLength(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    CommandLine line = new CommandLine(new PkgCommand(in, out));
    line.setErr(new PrintWriter(errors));
    line.setExecutionExceptionHandler((fault, command, parsed) -> {
      errors.write(String.valueOf(fault.getMessage()));
      return 1;
    });
    int status = line.execute(words);
    said = bytes.toString(StandardCharsets.UTF_8);
    return status;
  }
}
