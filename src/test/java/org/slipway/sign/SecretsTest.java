package org.slipway.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a person, a log or a client sees holds a part of a private key or a passphrase. */
final class SecretsTest {
  private static final String WORD = "correct";

  @TempDir
  Path folder;

  @Test
  void hidesKeysAndPassphrasesInEveryText() throws Exception {
    List<String> seen = new ArrayList<>();
    Passphrase word = SampleKeys.passphrase(WORD);
    seen.add(word.toString());
    for (String name : List.of("rsa-pkcs8-pbes2.pem", "ec-sec1-aes256.pem", "pkg-ecdsa.der")) {
      Path file = SampleKeys.copy(name, folder);
      Signer signer = Signer.read(file, word);
      seen.add(signer.toString());
      seen.add(signer.key().toString());
      seen.add(KeyPairFile.read(file, word).toString());
      seen.add(new KeySource.KeyFile(file, word).toString());
      seen.add(new KeySource.Kept(word).toString());
      seen.add(Signing.fingerprints(List.of(signer)).toString());
    }
    seen.add(Pem.decode(SampleKeys.bytes("rsa-pkcs8.pem")).toString());
    assertHidden(seen);
  }

  @Test
  void hidesKeysAndPassphrasesInEveryFault() throws Exception {
    List<String> seen = new ArrayList<>();
    for (String name : List.of(
        "rsa-pkcs1.pem",
        "rsa-pkcs8.pem",
        "rsa-pkcs8.der",
        "ec-sec1.pem",
        "ec-pkcs8.pem",
        "ec-sec1.der",
        "pkg-ecdsa.der",
        "rsa-pkcs8-pbes2.pem",
        "rsa-pkcs1-aes256.pem")) {
      byte[] good = SampleKeys.bytes(name);
      Path file = folder.resolve(name);
      for (int cut = 1; cut < good.length; cut += good.length / 9) {
        SampleKeys.secret(file, Arrays.copyOf(good, cut));
        Throwable fault =
            catchThrowable(() -> Signer.read(file, SampleKeys.passphrase(WORD + " not")));
        assertThat(fault).as(name + " cut at " + cut).isInstanceOf(KeyFileException.class);
        StringWriter text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text, true));
        seen.add(text.toString());
      }
    }
    assertHidden(seen);
  }

  @Test
  void givesClientsNoPartOfThePrivateKey() throws Exception {
    List<String> seen = new ArrayList<>();
    for (String name : List.of("rsa-pkcs8.pem", "ec-pkcs8.pem", "pkg-ecdsa.der")) {
      Signer signer = Signer.open(
          folder.resolve(name + ".keys"),
          "farm",
          new KeySource.KeyFile(SampleKeys.copy(name, folder), Passphrase.none()),
          SecretsTest::noProgram);
      for (SignatureMember member :
          Signing.fingerprints(List.of(signer)).begin("data").members()) {
        seen.add(new String(member.bytes(), StandardCharsets.ISO_8859_1));
        seen.add(HexFormat.of().formatHex(member.bytes()));
      }
      seen.add(new String(signer.key().bytes(), StandardCharsets.ISO_8859_1));
      seen.add(signer.key().pem());
      seen.add(signer.key().fingerprintFile());
    }
    assertHidden(seen);
  }

  @Test
  void wouldFindASecretThatWasShown() throws Exception {
    for (String name : List.of("rsa-pkcs8.pem", "ec-pkcs8.pem")) {
      byte[] pem = SampleKeys.bytes(name);
      byte[] der = Pem.decode(pem).get(0).der();
      for (String shown : List.of(
          new String(pem, StandardCharsets.ISO_8859_1),
          new String(der, StandardCharsets.ISO_8859_1),
          HexFormat.of().formatHex(der),
          "opened with correct")) {
        assertThat(catchThrowable(() -> assertHidden(List.of(shown))))
            .isInstanceOf(AssertionError.class);
      }
    }
  }

  private static byte[] noProgram(List<String> argv, Duration time, byte[] input) {
    throw new AssertionError("no program was to be run");
  }

  private static void assertHidden(List<String> texts) throws Exception {
    List<String> secrets = new ArrayList<>(List.of(WORD));
    for (String name : List.of("rsa-pkcs8.pem", "ec-pkcs8.pem")) {
      byte[] der = Pem.decode(SampleKeys.bytes(name)).get(0).der();
      // The private numbers of both are in the last third of an RSA key, in the middle of an EC
      // key.
      byte[] part = name.startsWith("rsa")
          ? Arrays.copyOfRange(der, 702, 720)
          : Arrays.copyOfRange(der, 33, 48);
      secrets.add(HexFormat.of().formatHex(part));
      secrets.add(Base64.getEncoder().encodeToString(part));
      secrets.add(new String(part, StandardCharsets.ISO_8859_1));
    }
    byte[] pkg = SampleKeys.bytes("pkg-ecdsa.der");
    secrets.add(HexFormat.of().formatHex(Arrays.copyOfRange(pkg, 120, 138)));
    for (String text : texts) {
      assertThat(text).doesNotContain(secrets);
    }
  }
}
