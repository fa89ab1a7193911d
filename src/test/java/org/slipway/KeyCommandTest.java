package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;
import picocli.CommandLine;

/** The key commands as a person or a program calls them. */
final class KeyCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path temp;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void makesAKeyWithWhatClientsNeedAndNeverASecondTime() throws Exception {
    Path keys = temp.resolve("new/keys");
    assertThat(run("generate", "--out", keys.toString())).isEqualTo(0);
    Digest fingerprint = Digest.of(keys.resolve("key.pub"));
    assertThat(out.toString()).contains("fingerprint  " + fingerprint);
    assertThat(mode(keys.resolve("key.pem"))).isEqualTo("rw-------");
    assertThat(keys.resolve("key.pub")).content().startsWith("-----BEGIN PUBLIC KEY-----\n");
    assertThat(keys.resolve("fingerprints/trusted/key"))
        .hasContent("function: \"sha256\"\nfingerprint: \"" + fingerprint + "\"\n");

    byte[] before = Files.readAllBytes(keys.resolve("key.pem"));
    assertThat(run("generate", "--out", keys.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("key.pem exists already, and a key is never overwritten");
    assertThat(keys.resolve("key.pem")).hasBinaryContent(before);
  }

  @Test
  void makesNoKeyWhereAnotherKeysPublicHalfOrFingerprintIs() throws Exception {
    for (String taken : List.of("key.pub", "fingerprints/trusted/key")) {
      Path keys = Files.createTempDirectory(temp, "keys");
      Files.createDirectories(keys.resolve(taken).getParent());
      Files.writeString(keys.resolve(taken), "of another");
      assertThat(run("generate", "--type", "ecdsa", "--out", keys.toString())).isEqualTo(1);
      assertThat(keys.resolve("key.pem")).doesNotExist();
      assertThat(keys.resolve(taken)).hasContent("of another");
    }
  }

  @Test
  void makesAnEncryptedEcdsaKeyThatOnlyItsPassphraseOpens() throws Exception {
    Path word = secret("word", "open sesame\n");
    assertThat(run(
            "generate",
            "--type",
            "ECDSA",
            "--passphrase-file",
            word.toString(),
            "--json",
            "--out",
            temp.toString(),
            "ring"))
        .isEqualTo(0);
    JsonNode made = JSON.readTree(out.toString());
    assertThat(made.get("type").asText()).isEqualTo("ecdsa");
    assertThat(made.get("curve").asText()).isEqualTo("secp256k1");
    assertThat(made.get("bits").asInt()).isEqualTo(256);
    assertThat(made.get("fingerprint").asText())
        .isEqualTo(Digest.of(temp.resolve("ring.pub")).hex());
    String pem = temp.resolve("ring.pem").toString();
    assertThat(Files.readString(Path.of(pem))).contains("BEGIN ENCRYPTED PRIVATE KEY");

    assertThat(run("fingerprint", "--file", pem)).isEqualTo(1);
    assertThat(err.toString()).contains("is encrypted; name the file or the environment variable");
    assertThat(run(
            "fingerprint",
            "--file",
            pem,
            "--passphrase-file",
            secret("bad", "x").toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("bad does not open the key " + pem);
    assertThat(run("fingerprint", "--file", pem, "--passphrase-file", word.toString()))
        .isEqualTo(0);
    assertThat(out.toString().strip()).isEqualTo(made.get("fingerprint").asText());
  }

  @Test
  void showsTheSameKeyFromEitherHalfAndFromAFarm() throws Exception {
    Path keys = temp.resolve("home/keys");
    run("generate", "--out", keys.toString(), "--type", "ecdsa", "farm");
    String home = temp.resolve("home").toString();
    assertThat(run("show", "--home", home, "farm")).isEqualTo(0);
    String pem = out.toString();
    assertThat(pem)
        .startsWith("-----BEGIN PUBLIC KEY-----\n")
        .endsWith("-----END PUBLIC KEY-----\n");
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    assertThat(keys.resolve("farm.pub")).hasBinaryContent(der);
    for (String half : List.of("farm.pem", "farm.pub")) {
      assertThat(run("show", "--file", keys.resolve(half).toString())).isEqualTo(0);
      assertThat(out.toString()).isEqualTo(pem);
    }
    assertThat(run("show", "--json", "--home", home, "farm")).isEqualTo(0);
    assertThat(JSON.readTree(out.toString()).get("public_key").asText()).isEqualTo(pem);
  }

  @Test
  void printsAndWritesWhatAClientOfEachFormNeeds() throws Exception {
    Path keys = temp.resolve("home/keys");
    run("generate", "--out", keys.toString(), "old");
    run("generate", "--out", keys.toString(), "--type", "ecdsa", "new");
    String[] asked = {
      "client", "--home", temp.resolve("home").toString(), "--url", "https://pkg.example.org/dev"
    };
    assertThat(run(asked, "old", "new")).isEqualTo(0);
    assertThat(out.toString())
        .contains("signature_type: \"fingerprints\"")
        .contains("fingerprints: \"/usr/local/etc/pkg/fingerprints/slipway\"")
        .contains("# /usr/local/etc/pkg/fingerprints/slipway/trusted/old\n")
        .contains(Digest.of(keys.resolve("new.pub")).hex())
        .contains("Needs pkg 1.21 or later");

    Path files = temp.resolve("files");
    assertThat(
            run(asked, "--form", "pubkey", "--repository", "dev", "--out", files.toString(), "new"))
        .isEqualTo(0);
    assertThat(files.resolve("keys/dev.pub"))
        .hasBinaryContent(Files.readAllBytes(keys.resolve("new.pub")));
    assertThat(files.resolve("repos/dev.conf"))
        .content()
        .contains("pubkey: \"/usr/local/etc/pkg/keys/dev.pub\"");

    Files.delete(files.resolve("repos/dev.conf"));
    assertThat(
            run(asked, "--form", "pubkey", "--repository", "dev", "--out", files.toString(), "old"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("dev.pub exists already");
    assertThat(files.resolve("repos/dev.conf")).doesNotExist();

    assertThat(run(asked, "--json", "old")).isEqualTo(0);
    JsonNode file = JSON.readTree(out.toString()).get("files").get(1);
    assertThat(new String(file.get("base64").binaryValue(), StandardCharsets.US_ASCII))
        .isEqualTo(Files.readString(keys.resolve("fingerprints/trusted/old")));
  }

  @Test
  void saysWhatWasWrongOnTheCommandLine() throws Exception {
    assertWrong("which? generate, show, fingerprint or client");
    assertWrong("--type dsa is no kind of key", "generate", "--out", "x", "--type", "dsa");
    assertWrong("--bits 1024 is no length", "generate", "--out", "x", "--bits", "1024");
    assertWrong("--bits is for rsa", "generate", "--out", "x", "--type", "ecdsa", "--bits", "256");
    assertWrong("which key?", "show");
    assertWrong("whose key is farm?", "show", "farm");
    assertWrong("one key at a time", "show", "--file", "a", "--file", "b");
    assertWrong("is no address", "client", "--file", "a", "--url", "no url");
    assertWrong(
        "mutually exclusive", "show", "--passphrase-env", "A", "--passphrase-file", "b", "c");
    assertWrong("--repository takes", "client", "--url", "http://x", "--repository", "a/b");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void refusesNamesThatLeadOutOfAFarmsKeys() throws Exception {
    Files.createDirectories(temp.resolve("home/keys"));
    Files.writeString(temp.resolve("home/out.pub"), "x");
    assertThat(run("show", "--home", temp.resolve("home").toString(), "../out")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no key \"../out\"");
    assertThat(run("generate", "--out", temp.resolve("keys").toString(), "../x"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("is no key's name");
    assertThat(temp.resolve("keys")).doesNotExist();
  }

  @Test
  void hasNoOptionThatWouldShowAPassphraseToEveryUserOfTheHost() {
    List<String> options = new ArrayList<>();
    new CommandLine(new KeyCommand())
        .getSubcommands()
        .values()
        .forEach(each -> each.getCommandSpec()
            .options()
            .forEach(option -> options.addAll(Arrays.asList(option.names()))));
    assertThat(options)
        .contains("--passphrase-file", "--passphrase-env")
        .noneMatch(name -> name.matches("--?pass(word|phrase)?"));
  }

  private void assertWrong(String message, String... arguments) {
    assertThat(run(arguments)).as(message).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  private int run(String[] first, String... rest) {
    return run(Stream.concat(Arrays.stream(first), Arrays.stream(rest)).toArray(String[]::new));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new KeyCommand());
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    line.setExecutionExceptionHandler((fault, command, parsed) -> {
      err.append(String.valueOf(fault.getMessage()));
      return 1;
    });
    return line.execute(arguments);
  }

  private Path secret(String name, String text) throws Exception {
    Path file = temp.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
