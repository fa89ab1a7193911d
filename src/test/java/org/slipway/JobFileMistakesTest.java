package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.packages.Abi;

/** Every way to get a job file wrong, and where the reader says that it is wrong. */
final class JobFileMistakesTest {
  private static final String HEAD = """
      job: small
      tree: { url: /srv/git/ports.git }
      target: { base: host }
      ports: [ all ]
      """;

  @TempDir
  Path home;

  /** One wrong line under an otherwise right file, as line 5. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "build: { timeout: 6 hours } | 5:19: build.timeout: found \"6 hours\", expected a duration",
        "build: { timeout: 0s } | 5:19: build.timeout: found \"0s\", expected a duration such as",
        "build: { timeout: 6 } | 5:19: build.timeout: found \"6\", expected a duration such as 30s",
        "build: { timeout: 400d } | 5:19: build.timeout: found \"400d\", expected a duration",
        "build: { silence: -1h } | 5:19: build.silence: found \"-1h\", expected a duration",
        "build: { memory: 8 GB } | 5:18: build.memory: found \"8 GB\", expected a size such as",
        "build: { memory: 0g } | 5:18: build.memory: found \"0g\", expected a size such as 512m",
        "build: { memory: 9999999t } | 5:18: build.memory: found \"9999999t\", expected a size",
        "build: { slots: 0 } | 5:17: build.slots: found \"0\", expected auto or a whole number",
        "build: { slots: many } | 5:17: build.slots: found \"many\", expected auto or a whole",
        "build: { slots: 2.5 } | 5:17: build.slots: found \"2.5\", expected auto or a whole",
        "build: { slots: [ 1 ] } | 5:17: build.slots: found a list, expected auto or a whole",
        "build: { slots: {} } | 5:17: build.slots: found keys and values, expected auto or",
        "build: { slots: } | 5:16: build.slots: found nothing, expected auto or a whole number",
        "build: { slots: !x 3 } | 5:17: build.slots: found the tag \"!x\", expected auto or",
        "build: { slot: 3 } | 5:10: unknown key \"slot\" in build; did you mean slots?",
        "build: { time_out: 3h } | 5:10: unknown key \"time_out\" in build; did you mean timeout?",
        "build: { colour: red } | 5:10: unknown key \"colour\" in build; expected one of slots,",
        "publish: { form: none } | 5:18: publish.form: found \"none\", expected fingerprints, pubkey",
        "publish: { form: unsigned, sign: farm } | 5:34: publish.sign: an unsigned repository has no key; leave",
        "publish: { form: pubkey, sign: [ a, b ] } | 5:32: publish.sign: the form pubkey takes one key;",
        "publish: { sign: [ a, b, c, d, e ] } | 5:18: publish.sign: the form fingerprints takes 1 to 4 keys",
        "publish: { sign: [ a, a ] } | 5:18: publish.sign: the key a is named twice",
        "publish: { sign: [ { file: k } ] } | 5:20: publish.sign.name is missing, expected a key's",
        "publish: { sign: { name: a, time: 3s } } | 5:35: publish.sign.time: only a command is given a time",
        "publish: { sign: { name: a, colour: red } } | 5:29: unknown key \"colour\" in publish.sign;",
        "publish: { groups: ../up } | 5:20: publish.groups: found \"../up\", expected a folder of",
        "publish: { groups: /etc } | 5:20: publish.groups: found \"/etc\", expected a folder of the",
        "publish: { layout: Flat } | 5:20: publish.layout: found \"Flat\", expected flat or hashed",
        "publish: { keep-for: ever } | 5:22: publish.keep-for: found \"ever\", expected a duration",
        "blacklist: [ www ] | 5:14: blacklist: found \"www\", expected category/port,",
        "define: { 1A: b } | 5:11: define: found \"1A\", expected a make variable's name",
        "define: { A: \"b\\\\\" } | 5:14: define.A: found \"b\\\", expected one line of at most",
        "poudriere: { set: a } | 5:12: poudriere.folder is missing",
        "poudriere: { folder: gone } | 5:22: poudriere.folder: ",
        "poudriere: { folder: ., set: ../a } | 5:30: poudriere.set: found \"../a\", expected a name",
        "build: { policy: exact } | 5:18: build.policy: the policy exact is not supported yet;",
        "build: { policy: abi } | 5:18: build.policy: the policy abi is not supported yet;",
        "build: { policy: best } | 5:18: build.policy: found \"best\", expected content",
        "build: { retries: { fetch: 99 } } | 5:28: build.retries.fetch: found \"99\", expected a whole",
        "build: { retries: { patch: 3 } } | 5:21: unknown key \"patch\" in build.retries; did you mean",
        "build: { retries: { pause: 0s } } | 5:28: build.retries.pause: found \"0s\", expected a duration",
        "build: { package-size: 100g } | 5:24: build.package-size: found \"100g\", expected a size from 1m",
        "build: { package-size: 1k } | 5:24: build.package-size: found \"1k\", expected a size from 1m to",
        "build: { cpu: 0% } | 5:15: build.cpu: found \"0%\", expected a percentage of one processor",
        "build: { work: memory } | 5:16: build.work: found \"memory\", expected disk, or memory and",
        "build: { work: memory 0g } | 5:16: build.work: found \"memory 0g\", expected disk, or memory",
        "build: { disk: all } | 5:16: build.disk: found \"all\", expected a size such as 512m, 8g",
        "build: { processes: 2 } | 5:21: build.processes: found \"2\", expected a whole number from 16",
        "build: { files: none } | 5:17: build.files: found \"none\", expected a whole number from 64",
        "build: { timeouts: { compile: 3h } } | 5:22: build.timeouts: found \"compile\", expected a phase,",
        "build: { timeouts: { build: 3 } } | 5:29: build.timeouts.build: found \"3\", expected a duration",
        "build: { test: maybe } | 5:16: build.test: found \"maybe\", expected true, false or an origin",
        "build: { test: [ true, www/haproxy ] } | 5:16: build.test: expected true or false alone, or",
        "build: { ccache: /x } | 5:18: build.ccache: found \"/x\", expected true or false",
        "build: { keep-work: forever } | 5:21: build.keep-work: found \"forever\", expected a duration",
        "build: { mirror: ftp://a/ } | 5:18: build.mirror: found \"ftp://a/\", expected an address",
        "build: { mirror: http://u:p@a/ } | 5:18: build.mirror: found \"http://u:p@a/\", expected",
        "build: { allow-uncontained: yes } | 5:29: build.allow-uncontained: found \"yes\", expected true",
        "build: 3 | 5:8: build: found \"3\", expected keys and values",
        "trigger: { poll: soon } | 5:18: trigger.poll: found \"soon\", expected a duration such as",
        "trigger: { cron: '0 3 * * *' } | 5:18: trigger.cron: found \"0 3 * * *\", expected a cron",
        "trigger: { cron: '0 0 3 * * *' } | 5:18: trigger.cron: found \"0 0 3 * * *\", expected a",
        "trigger: { webhook: true } | 5:12: trigger.webhook is not supported yet; poll notices",
        "trigger: { each-commit: true } | 5:12: trigger.each-commit is not supported yet; the",
        "publish: { channel: Dev } | 5:21: publish.channel: found \"Dev\", expected a channel's",
        "publish: { sign: ../key } | 5:18: publish.sign: found \"../key\", expected a key's name",
        "publish: { keep: 0 } | 5:18: publish.keep: found \"0\", expected a whole number from 1",
        "publish: { require: [ haproxy ] } | 5:23: publish.require: found \"haproxy\", expected an",
        "publish: { max-failed: 5 } | 5:24: publish.max-failed: found \"5\", expected a whole per",
        "publish: { max-failed: 101% } | 5:24: publish.max-failed: found \"101%\", expected a",
        "publish: { keep: 1, keep: 2 } | 5:21: publish.keep is there twice, first in line 5",
        "options: { haproxy: { LUA: on } } | 5:12: options: found \"haproxy\", expected an origin",
        "options: { www/haproxy: { LUA: 1 } } | 5:32: options.www/haproxy.LUA: found \"1\", expected on",
        "options: { www/haproxy: { 'A B': on } } | 5:27: options.www/haproxy: found \"A B\", expected",
        "options: { www/haproxy: LUA } | 5:25: options.www/haproxy: found \"LUA\", expected keys",
        "options: { ? [ a ] : b } | 5:14: found a list, expected a key",
        "make: [ A=1 ] | 5:7: make: found a list, expected lines for make.conf",
        "make: \"a\\0b\" | 5:7: make: found \"a?b\", expected lines for make.conf",
        "jobs: x | 5:1: unknown key \"jobs\"; did you mean job?",
        "port: x | 5:1: unknown key \"port\"; did you mean ports?",
        "? [ job ] | 5:3: found a list, expected a key",
        "ports: [ all ] | 5:1: ports is there twice, first in line 4",
      })
  void namesThePlaceOfAWrongLine(String line, String expected) throws IOException {
    assertThat(mistakes(HEAD + line + "\n"))
        .singleElement()
        .asString()
        .startsWith("job.yaml:" + expected);
  }

  /** One of the required lines in another form. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "job: small | # | 2:1: job is missing, expected a name",
        "job: small | job: ../x | 1:6: job: found \"../x\", expected a name of lower-case letters",
        "job: small | job: | 1:5: job: found nothing, expected a name",
        "tree: { url: /srv/git/ports.git } | # | 1:1: tree is missing, expected the fork",
        "tree: { url: /srv/git/ports.git } | tree: { branch: x } | 2:7: tree.url is missing, exp",
        "url: /srv/git/ports.git | url: ext::sh | 2:14: tree.url: found \"ext::sh\", expected a",
        "url: /srv/git/ports.git | url: ftp://a/b | 2:14: tree.url: found \"ftp://a/b\", expected",
        "url: /srv/git/ports.git | url: --help | 2:14: tree.url: found \"--help\", expected a",
        "url: /srv/git/ports.git | url: https://u:p@a/b | 2:14: tree.url: a password in an address",
        "url: /srv/git/ports.git | url: /a, branch: a..b | 2:26: tree.branch: found \"a..b\", exp",
        "url: /srv/git/ports.git | url: /a, upstream: { url: /b } | 2:18: tree.upstream is not",
        "target: { base: host } | target: { os: Linux } | 3:9: target.base is missing, expected",
        "base: host | base: host, os: FreeBSD, arch: amd64 | 3:9: target.version: is missing, exp",
        "base: host | base: host, os: Plan9 | 3:27: target.os: found \"Plan9\", expected Linux or",
        "base: host | base: host, arch: amd64 | 3:29: target.arch: found \"amd64\", expected",
        "base: host | base: host, version: 4.0 | 3:32: target.version: found \"4.0\", expected",
        "base: host | base: base.txz | 3:17: target.base: an archive is no base yet; make one of",
        "base: host | base: nowhere | 3:17: target.base: found \"nowhere\", expected host, the",
        "ports: [ all ] | # | 1:1: ports is missing, expected a list of words",
        "ports: [ all ] | ports: [] | 4:8: ports: found an empty list, expected category/port",
        "ports: [ all ] | ports: [ { file: x.txt } ] | 4:10: ports: a list from file is not",
        "ports: [ all ] | ports: [ { ansible: x.yml } ] | 4:10: ports: a list from ansible is not",
        "ports: [ all ] | ports: [ { port: x } ] | 4:10: ports: found keys and values, expected",
        "ports: [ all ] | ports: [ a/b@ ] | 4:10: ports: found \"a/b@\", expected category/port",
        "ports: [ all ] | ports: [ a/b/c ] | 4:10: ports: found \"a/b/c\", expected category/port",
        "ports: [ all ] | ports: [ ../b ] | 4:10: ports: found \"../b\", expected category/port",
      })
  void namesThePlaceOfAWrongRequiredLine(String right, String wrong, String expected)
      throws IOException {
    assertThat(HEAD).contains(right);
    assertThat(mistakes(HEAD.replace(right, wrong)))
        .singleElement()
        .asString()
        .startsWith("job.yaml:" + expected);
  }

  @Test
  void wantsAllThreeOfTheTargetWhereTheBasesShellDoesNotSay() throws IOException {
    Files.createDirectories(home.resolve("base/bin"));

    assertThat(mistakes(HEAD.replace("base: host", "base: base, os: Linux")))
        .containsExactly(
            "job.yaml:3:9: target.version: is missing, expected a version such as 3.2, in"
                + " quotation marks",
            "job.yaml:3:9: target.arch: is missing, expected an architecture such as x86_64");
  }

  @Test
  void tellsWhichHostTheTargetDoesNotFit() throws IOException {
    assertThat(mistakes(HEAD.replace("base: host", "base: host, arch: aarch64")))
        .containsExactly("job.yaml:3:29: target.arch: found \"aarch64\", expected \"x86_64\":"
            + " base is host, and this host is Linux:3.2:x86_64; the key may be left out");
  }

  @Test
  void refusesAnEmptyFileAndOneThatIsNoMapping() throws IOException {
    assertThat(mistakes(""))
        .containsExactly(
            "job.yaml:1:1: the file is empty; expected settings such as \"key: value\"");
    assertThat(mistakes("\n- a\n"))
        .containsExactly(
            "job.yaml:2:1: expected settings such as \"key: value\" at the top of the file");
  }

  @Test
  void refusesASecondDocument() throws IOException {
    assertThat(mistakes(HEAD + "---\njob: other\n"))
        .singleElement()
        .asString()
        .startsWith("job.yaml:5:1: this is not YAML: expected a single document");
  }

  @Test
  void namesThePlaceOfBrokenSyntax() throws IOException {
    assertThat(mistakes(HEAD + "build: { slots: 1\n"))
        .singleElement()
        .asString()
        .startsWith("job.yaml:6:1: this is not YAML: ");
    assertThat(mistakes(HEAD + "\tbuild: 1\n"))
        .singleElement()
        .asString()
        .startsWith("job.yaml:5:1: this is not YAML: ");
  }

  @Test
  void namesThePlaceOfACharacterThatYamlForbids() throws IOException {
    assertThat(mistakes("job: small\n# \u001B[31mred\n"))
        .containsExactly("job.yaml:2:3: found the character U+001B, which YAML does not allow");
  }

  @Test
  void survivesBracketsThatAreNestedWithoutEnd() throws IOException {
    assertThat(mistakes("job: " + "[".repeat(200_000))).hasSize(1);
  }

  @Test
  void survivesAliasesThatMultiply() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [ x ]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append(String.format("a%d: &a%d [ *a%d, *a%d ]%n", i, i, i - 1, i - 1));
    }

    assertThat(mistakes(bomb.toString()))
        .singleElement()
        .asString()
        .startsWith("job.yaml: this is not usable YAML: Number of aliases");
  }

  @Test
  void survivesAMappingThatHoldsItself() throws IOException {
    assertThat(mistakes(HEAD + "build: &b { slots: *b }\n"))
        .singleElement()
        .asString()
        .startsWith("job.yaml:5:8: build.slots: found keys and values, expected auto");
  }

  @Test
  void countsMistakesThatNobodyWouldRead() throws IOException {
    StringBuilder many = new StringBuilder(HEAD);
    for (int i = 0; i < 150; i++) {
      many.append("key").append(i).append(": x\n");
    }

    assertThat(mistakes(many.toString()))
        .hasSize(101)
        .last()
        .isEqualTo("job.yaml: and 50 more mistakes");
  }

  @Test
  void showsHostileWordsWithoutWhatATerminalObeys() throws IOException {
    assertThat(mistakes(HEAD + "\"a\\e[2J\\nb\\u202E" + "y".repeat(100) + "\": x\n"))
        .singleElement()
        .asString()
        .startsWith("job.yaml:5:1: unknown key \"a?[2J?b?" + "y".repeat(52) + "...\"; expected");
  }

  private List<String> mistakes(String text) throws IOException {
    Path file = home.resolve("job.yaml");
    Files.writeString(file, text);
    Mistakes mistakes = new Mistakes(Path.of("job.yaml"));
    assertThat(new JobFile(home, new HashMap<>(), () -> Abi.parse("Linux:3.2:x86_64"))
            .read(file, mistakes))
        .isEmpty();
    return mistakes.all().stream().map(Mistake::toString).toList();
  }
}
