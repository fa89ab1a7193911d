package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.packages.Abi;
import org.slipway.schedule.Job;

/** What may lie over a job's tree, and where a person is told that it may not. */
final class OverlaySectionTest {
  private static final String REST = """
      target: { base: host }
      ports: [ all ]
      """;

  @TempDir
  Path home;

  @Test
  void readsAddressesAndMappingsInTheirOrder() throws IOException {
    assertThat(overlays("[ private.git, { url: git@git.example.org:farm/web.git, branch: next },"
            + " { url: https://git.example.org/x/, name: a.b-c } ]"))
        .containsExactly(
            new Job.Overlay("private", home.resolve("private.git").toString(), "main"),
            new Job.Overlay("web", "git@git.example.org:farm/web.git", "next"),
            new Job.Overlay("a.b-c", "https://git.example.org/x/", "main"));
    assertThat(overlays("/srv/git/private/.git"))
        .containsExactly(new Job.Overlay("private", "/srv/git/private/.git", "main"));
    assertThat(overlays("[ { url: /srv/git/ports.git, branch: next } ]"))
        .as("another branch of the fork")
        .containsExactly(new Job.Overlay("ports", "/srv/git/ports.git", "next"));
    assertThat(overlays("[]")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[ { branch: a } ] | 2:46: tree.overlays.url is missing, expected a folder or an address",
        "[ ftp://a/b ] | 2:46: tree.overlays: found \"ftp://a/b\", expected a folder or an address",
        "[ https://u:p@a/b ] | 2:46: tree.overlays: a password in an address is not supported",
        "[ { url: /a, branch: a..b } ] | 2:65: tree.overlays.branch: found \"a..b\", expected a branch's",
        "[ { url: /a, name: ../b } ] | 2:63: tree.overlays.name: found \"../b\", expected a name of",
        "[ { url: /a, nmae: b } ] | 2:57: unknown key \"nmae\" in tree.overlays; did you mean name?",
        "[ { url: /a, upstream: {} } ] | 2:57: unknown key \"upstream\" in tree.overlays;",
        "[ /a/b, { url: /c/b } ] | 2:59: tree.overlays.url: two overlays are called b; give one of",
        "[ /a, { url: /b, name: a } ] | 2:67: tree.overlays.name: two overlays are called a; give",
        "[ /a/.hidden ] | 2:44: tree.overlays: no name follows from \"/a/.hidden\"; write { url: ...,",
        "[ /srv/git/ports.git ] | 2:44: tree.overlays: ports is the fork itself, which cannot lie over",
        "[ [ /a ] ] | 2:46: tree.overlays: found a list, expected a folder or an address",
      })
  void namesThePlaceOfAMistake(String value, String expected) throws IOException {
    assertThat(mistakes(value, "")).singleElement().asString().startsWith("job.yaml:" + expected);
  }

  @Test
  void refusesMoreThanAJailIsToHold() throws IOException {
    String many =
        IntStream.range(0, 17).mapToObj(at -> "/a/" + at).collect(Collectors.joining(", "));
    assertThat(mistakes("[ " + many + " ]", ""))
        .containsExactly("job.yaml:2:44: tree.overlays: found 17 overlays, and 16 are the most");
  }

  @Test
  void refusesNamesThatPoudriereDoesNotTake() throws IOException {
    String engine = "engine: poudriere\npoudriere-engine: { jail: a, ports: fork }\n";
    assertThat(mistakes("[ { url: /a, name: a.b } ]", engine))
        .singleElement()
        .asString()
        .startsWith("job.yaml:2:7: tree: poudriere takes no overlay called a.b; give it a name of");
    assertThat(mistakes("[ /a/fork ]", engine))
        .singleElement()
        .asString()
        .startsWith("job.yaml:2:7: tree: the overlay fork has the name that poudriere-engine:");
  }

  private Path file(String value, String more) throws IOException {
    return Files.writeString(
        home.resolve("job.yaml"),
        "job: small\ntree: { url: /srv/git/ports.git, overlays: " + value + " }\n" + REST + more);
  }

  private List<Job.Overlay> overlays(String value) throws IOException {
    return FarmConfig.readJob(file(value, ""), home, () -> Abi.parse("Linux:3.2:x86_64"))
        .tree()
        .overlays();
  }

  private List<String> mistakes(String value, String more) throws IOException {
    Mistakes mistakes = new Mistakes(Path.of("job.yaml"));
    assertThat(new JobFile(home, new HashMap<>(), () -> Abi.parse("Linux:3.2:x86_64"))
            .read(file(value, more), mistakes))
        .isEmpty();
    return mistakes.all().stream().map(Mistake::toString).toList();
  }
}
