package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Abi;

/** Files that the farm cannot take as they are, and what it says of all of them at once. */
final class FarmFilesTest {
  private static final Abi HOST = Abi.parse("Linux:3.2:x86_64");

  private static final String SMALLEST = """
      job: small
      tree: { url: /srv/git/ports.git }
      target: { base: host }
      ports: [ all ]
      """;

  @TempDir
  Path home;

  @BeforeEach
  void makeJobsFolder() throws IOException {
    Files.createDirectory(home.resolve("jobs"));
  }

  @Test
  void tellsEveryMistakeOfEveryFileAtOnce() throws IOException {
    farm("listen: 8080\naddres: https://a.example.org/\n");
    job("a.yaml", "job: A\ntree: { url: /x }\ntarget: { base: host }\nports: [ vim ]\n");
    job("b.yaml", "job: [\n");

    assertThat(mistakes())
        .containsExactly(
            "slipway.yaml:1:9: listen: found \"8080\", expected HOST:PORT such as"
                + " 127.0.0.1:8080 or [::1]:8080",
            "slipway.yaml:2:1: unknown key \"addres\"; did you mean address?",
            "jobs/a.yaml:1:6: job: found \"A\", expected a name of lower-case letters, digits,"
                + " dots, dashes and underscores, 64 at most",
            "jobs/a.yaml:4:10: ports: found \"vim\", expected category/port,"
                + " category/port@flavor, category/port@all or all",
            "jobs/b.yaml:2:1: this is not YAML: while parsing a flow node, expected the node"
                + " content, but found '<stream end>'");
  }

  @Test
  void refusesTwoJobsOfOneName() throws IOException {
    job("a.yaml", SMALLEST);
    job("b.yaml", SMALLEST);

    assertThat(mistakes())
        .containsExactly("jobs/b.yaml:1:6: job: the name small is taken by "
            + home.resolve("jobs/a.yaml") + "; two jobs cannot share one");
  }

  @Test
  void wantsTheOtherEndingOfFiles() throws IOException {
    job("a.yml", SMALLEST);

    assertThat(mistakes()).containsExactly("jobs/a.yml: job files end in .yaml; rename it");
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    Files.createDirectory(home.resolve("jobs/a.yaml"));
    Files.createSymbolicLink(home.resolve("jobs/b.yaml"), home.resolve("nowhere"));

    assertThat(mistakes())
        .hasSize(2)
        .anyMatch(each -> each.startsWith("jobs/a.yaml: this file cannot be read: "))
        .anyMatch(each -> each.startsWith("jobs/b.yaml: this file cannot be read: "));
  }

  @Test
  void namesThePlaceOfAByteThatIsNotUtf8() throws IOException {
    Files.write(
        home.resolve("jobs/a.yaml"), "job: small\n# Grüße\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(mistakes())
        .containsExactly("jobs/a.yaml:2:5: found the byte 0xFC, which is not UTF-8;"
            + " save the file as UTF-8");
  }

  @Test
  void refusesAFileThatNoPersonWrote() throws IOException {
    job("a.yaml", "#".repeat((1 << 20) + 1));

    assertThat(mistakes())
        .containsExactly(
            "jobs/a.yaml: this file is larger than 1 MiB, which is more than a" + " person writes");
  }

  private List<String> mistakes() {
    ConfigException refusal =
        catchThrowableOfType(ConfigException.class, () -> FarmConfig.read(home, () -> HOST));
    assertThat(refusal).isNotNull();
    return refusal.mistakes().stream()
        .map(each -> each.toString().replaceFirst("^" + home + "/", ""))
        .toList();
  }

  private void job(String name, String text) throws IOException {
    Files.writeString(home.resolve("jobs").resolve(name), text);
  }

  private void farm(String text) throws IOException {
    Files.writeString(home.resolve("slipway.yaml"), text);
  }
}
