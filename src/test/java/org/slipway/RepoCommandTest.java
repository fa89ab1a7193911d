package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.KeyMaker;
import org.slipway.sign.KeyType;
import org.slipway.sign.Passphrase;
import picocli.CommandLine;

/** The repo commands, as a person or a program calls them. */
final class RepoCommandTest {
  @TempDir
  private Path temp;

  private final StringWriter errors = new StringWriter();

  @Test
  void signsWithAProgramThatHasTheKey() throws Exception {
    Path folder = repository();
    KeyMaker.make(temp.resolve("keys"), "farm", KeyType.ECDSA, 256, Passphrase.none());
    Path signer = program("""
        #!/bin/sh
        read -r sum || exit 1
        echo asked "$@" >>"$1/asked"
        echo TYPE; echo ecdsa
        echo SIGNATURE
        printf %s "$sum" | openssl dgst -sha256 -sign "$1/keys/farm.pem" -binary || exit 1
        echo
        echo CERT
        cat "$1/keys/farm.pub"
        echo
        echo END
        """);
    String command = "  " + signer + "  " + temp + " --two";
    assertThat(run("create", folder.toString(), "--sign-command", command))
        .as(errors.toString())
        .isZero();
    assertThat(Files.readAllLines(temp.resolve("asked")))
        .as("for its key, and for each of two texts")
        .hasSize(3)
        .allMatch(line -> line.equals("asked " + temp + " --two"));
    String trusted = temp.resolve("keys/fingerprints").toString();
    assertThat(run("verify", folder.toString(), "--fingerprints", trusted)).isZero();

    assertThat(run("create", folder.toString(), "--form", "pubkey", "--sign-command", command))
        .isEqualTo(1);
    assertThat(errors.toString())
        .isEqualTo("a signing command cannot sign in the form pubkey with an ecdsa key: pkg wants"
            + " the catalogue's BLAKE2b signed there and tells a command its SHA-256; use the form"
            + " fingerprints");
    assertThat(run("verify", folder.toString(), "--fingerprints", trusted))
        .as("what was there stays")
        .isZero();
  }

  @Test
  void letsAKeyAndAProgramSignBesideEachOther() throws Exception {
    Path folder = repository();
    for (String name : List.of("old", "new")) {
      KeyMaker.make(temp.resolve(name), name, KeyType.ECDSA, 256, Passphrase.none());
    }
    Path signer = program("""
        #!/bin/sh
        printf 'TYPE\\necdsa\\nSIGNATURE\\n'
        tr -d '\\n' | openssl dgst -sha256 -sign "$1/new/new.pem" -binary
        printf '\\nCERT\\n'; cat "$1/new/new.pub"; printf '\\nEND\\n'
        """);
    assertThat(run(
            "create",
            folder.toString(),
            "--key",
            temp.resolve("old/old.pem").toString(),
            "--sign-command",
            signer + " " + temp))
        .isZero();
    for (String name : List.of("old", "new")) {
      assertThat(run(
              "verify",
              folder.toString(),
              "--fingerprints",
              temp.resolve(name + "/fingerprints").toString()))
          .isZero();
    }
  }

  @Test
  void tellsWhatIsWrongWithAProgramThatSigns() throws Exception {
    Path folder = repository();
    String fails = program("#!/bin/sh\necho the card is locked >&2\nexit 3\n").toString();
    assertThat(run("create", folder.toString(), "--sign-command", fails)).isEqualTo(1);
    assertThat(errors.toString()).isEqualTo(fails + " ended with status 3: the card is locked");
    String idle = program("#!/bin/sh\necho SIGNATURE\n").toString();
    assertThat(run("create", folder.toString(), "--sign-command", idle)).isEqualTo(1);
    assertThat(errors.toString()).contains("gave no answer that pkg would take");
    assertThat(folder.resolve("data.pkg")).doesNotExist();
  }

  @Test
  void refusesWrongUseInOneSentenceEach() throws Exception {
    String folder = repository().toString();
    assertWrong("which? create or verify");
    assertWrong("who signs? Give --key FILE, or --sign-command COMMAND, or", "create", folder);
    assertWrong(
        "--unsigned and --key exclude each other", "create", folder, "--unsigned", "--key", "a");
    assertWrong(
        "--unsigned and --sign-command exclude each other",
        "create",
        folder,
        "--unsigned",
        "--sign-command",
        "a");
    assertWrong(
        "--sign-time is for --sign-command", "create", folder, "--unsigned", "--sign-time", "1s");
    assertWrong(
        "--sign-time soon is none; give a duration such as",
        "create",
        folder,
        "--sign-command",
        "a",
        "--sign-time",
        "soon");
    for (String shell :
        List.of("", " ", "sign \"two words\"", "sign;rm x", "sign $(key)", "a\nb")) {
      assertWrong(
          "--sign-command is a program and its arguments, which no shell reads",
          "create",
          folder,
          "--sign-command",
          shell);
    }
    assertThat(Path.of(folder).resolve("data.pkg")).doesNotExist();
  }

  private Path repository() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("repository/All"));
    SamplePackages.script(folder, "foo", "1.0", "one");
    return folder.resolveSibling("");
  }

  private Path program(String text) throws IOException {
    Path file = Files.createTempFile(temp, "signer", "");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  private void assertWrong(String message, String... words) {
    assertThat(run(words)).as(message).isEqualTo(2);
    assertThat(errors.toString()).startsWith(message);
  }

  private int run(String... words) {
    errors.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new RepoCommand());
    line.setErr(new PrintWriter(errors, true));
    line.setExecutionExceptionHandler((fault, command, parsed) -> {
      errors.append(String.valueOf(fault.getMessage()));
      return 1;
    });
    List<String> all = new ArrayList<>(List.of(words));
    if (!all.isEmpty()) {
      all.add("--json");
    }
    if (all.contains("create")) {
      all.addAll(List.of("--abi", SamplePackages.ABI.toString()));
    }
    return line.execute(all.toArray(new String[0]));
  }
}
