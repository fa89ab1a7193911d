package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.jail.SampleBase;
import picocli.CommandLine;

/** The commands about bases as a person or a program calls them. */
final class BaseCommandTest {
  @TempDir
  private Path temp;

  private Path home = Path.of("");
  private Path release = Path.of("");
  private String out = "";
  private String err = "";

  @BeforeEach
  void make() throws IOException {
    home = temp.resolve("home");
    release = SampleBase.release(temp.resolve("release"));
  }

  @Test
  void makesListsChecksAndDeletesABase() throws Exception {
    assertThat(base("create", "14.2-amd64", "--from", release.toString(), "--with", "lib32"))
        .as(err)
        .isZero();
    assertThat(out)
        .contains("base    14.2-amd64\n", "id      sha256:", "holds   20 paths, 0.1 KiB");
    assertThat(base("list")).isZero();
    assertThat(out).contains("NAME", "14.2-amd64").doesNotContain("used by");
    assertThat(out.lines()).allMatch(line -> line.length() <= 80);
    assertThat(base("list", "--verify")).isZero();
    assertThat(out).contains("all are what they were");

    assertThat(base("list", "--verify", "--json")).isZero();
    JsonNode listed = new ObjectMapper().readTree(out);
    assertThat(listed.get("id").asText()).hasSize(64);
    assertThat(listed.get("verified").asBoolean()).isTrue();
    assertThat(listed.get("used_by")).isEmpty();
    assertThat(listed.get("source").asText()).endsWith("base.txz with lib32");

    Files.writeString(home.resolve("bases/14.2-amd64/root/etc/new"), "x");
    assertThat(base("list", "--verify")).isEqualTo(1);
    assertThat(out).contains("CHANGED  14.2-amd64: its content is sha256:");

    assertThat(base("delete", "14.2-amd64")).isZero();
    assertThat(base("list")).isZero();
    assertThat(out).contains("no base is kept");
    assertThat(base("delete", "14.2-amd64")).isEqualTo(1);
    assertThat(err).contains("there is no base 14.2-amd64 in " + home.resolve("bases"));
  }

  @Test
  void refusesToDeleteABaseThatAJobNamesUnlessForced() throws Exception {
    assertThat(base("create", "a", "--from", "host")).isZero();
    Path jobs = Files.createDirectories(home.resolve("jobs"));
    Path job = Files.writeString(jobs.resolve("web.yaml"), "job: web\ntarget: { base: a }\n");
    Files.writeString(jobs.resolve("other.yaml"), "job: other\ntarget: { base: b }\n");
    assertThat(base("list")).isZero();
    assertThat(out).contains("  used by " + job);
    assertThat(base("delete", "a")).isEqualTo(1);
    assertThat(err)
        .contains("the base a is named in " + job + "; change that first, or give --force");
    Files.writeString(job, "job: [");
    assertThat(base("delete", "a")).isEqualTo(1);
    assertThat(err).contains(job + " (which is broken, and may name it)");
    assertThat(base("delete", "a", "--force")).isZero();
    assertThat(home.resolve("bases/a")).doesNotExist();
  }

  @Test
  void listsTheOthersWhereOneIsBroken() throws Exception {
    assertThat(base("create", "good", "--from", "host")).isZero();
    assertThat(base("create", "bad", "--from", "host")).isZero();
    Files.writeString(home.resolve("bases/bad/about"), "id: 12\n");
    assertThat(base("list")).isEqualTo(1);
    assertThat(out).contains("good  ", "BROKEN   bad: " + home.resolve("bases/bad/about"));
    assertThat(base("delete", "bad")).isZero();
    assertThat(base("list")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create a | where from? give --release RELEASE or --from SOURCE",
        "create a --from host --release 14.2-RELEASE | where from?",
        "create host --from host | \"host\" cannot name a base",
        "create ../a --from host | \"../a\" cannot name a base",
        "create a --release 14.2 | \"14.2\" is no release of FreeBSD; 14.2-RELEASE is",
        "create a --release 14.2-RELEASE --arch vax | \"vax\" is no processor",
        "create a --release 14.2-RELEASE --mirror x | the mirror x cannot be used",
        "create a --release 14.2-RELEASE --suite x | --release takes no --suite or --packages",
        "create a --from mmdebstrap | which suite of Debian?",
        "create a --from mmdebstrap --suite -x | \"-x\" is no suite of Debian",
        "create a --from mmdebstrap --suite sid --packages=--x | \"--x\" cannot name a package",
        "create a --from mmdebstrap --suite sid --mirror ext::sh | the mirror ext::sh cannot be used",
        "create a --from base.txz --with ../x | \"../x\" is no part of a release",
        "create a --from base.txz --sha256 12 | \"12\" is no SHA-256",
        "create a --from host --with src | --from host takes no --sha256 or --with",
      })
  void tellsWrongUse(String line, String sentence) {
    assertThat(base(line.split(" ", -1))).isEqualTo(2);
    assertThat(err).startsWith(sentence.trim());
    assertThat(home).doesNotExist();
  }

  @Test
  void tellsWhatIsNotThere() throws Exception {
    assertThat(base("list")).isEqualTo(1);
    assertThat(err).contains("there is no folder " + home);
    assertThat(base("create", "a", "--from", temp.resolve("x.txz").toString())).isEqualTo(1);
    assertThat(err).contains("there is no archive " + temp.resolve("x.txz"));
    assertThat(base(
            "create", "a", "--from", Files.createDirectory(temp.resolve("d")).toString()))
        .isEqualTo(1);
    assertThat(err).contains("is no base system: it has no program bin/sh");
    assertThat(home.resolve("bases/a")).doesNotExist();
  }

  private int base(String... arguments) {
    StringWriter said = new StringWriter();
    StringWriter wrong = new StringWriter();
    CommandLine line = new CommandLine(new BaseCommand());
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(wrong));
    line.setExecutionExceptionHandler((fault, any, parsed) -> {
      assertThat(fault).isInstanceOf(IOException.class);
      wrong.write(String.valueOf(fault.getMessage()));
      return 1;
    });
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = home.toString();
    int status = line.execute(all);
    out = said.toString();
    err = wrong.toString();
    return status;
  }
}
