package org.slipway.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;

final class SignerTest {
  private static final byte[] BYTES = "abc".getBytes(StandardCharsets.UTF_8);

  @TempDir
  Path home;

  @Test
  void makesAKeyOnceAndKeepsIt() throws Exception {
    Signer first = open();
    Signer second = open();
    assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
    assertThat(second.sign(BYTES).bytes()).isEqualTo(first.sign(BYTES).bytes());
    assertThat(mode(keys())).isEqualTo("rwx------");
    assertThat(mode(keys().resolve("farm.pem"))).isEqualTo("rw-------");
  }

  @Test
  void signsSoThatTheJdkVerifiesWithThePublicKeyAlone() throws Exception {
    byte[] signed = open().sign(BYTES).bytes();
    java.security.Signature rsa = java.security.Signature.getInstance("SHA256withRSA");
    rsa.initVerify(publicKey(Files.readString(keys().resolve("farm.pub"))));
    rsa.update(BYTES);
    assertThat(rsa.verify(signed)).isTrue();
  }

  @Test
  void tellsClientsWhatToTrust() throws Exception {
    Signer signer = open();
    String pub = Files.readString(keys().resolve("farm.pub"));
    assertThat(pub).isEqualTo(signer.publicKeyPem()).startsWith("-----BEGIN PUBLIC KEY-----\n");
    assertThat(signer.fingerprint()).isEqualTo(Digest.of(pub));
    assertThat(keys().resolve("fingerprints/trusted/farm"))
        .hasContent("function: \"sha256\"\nfingerprint: \"" + signer.fingerprint() + "\"\n");
    assertThat(keys().resolve("fingerprints/revoked")).isEmptyDirectory();
  }

  @Test
  void givesManyStartersOneKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Digest>> starters = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        starters.add(() -> open().fingerprint());
      }
      Files.createDirectories(keys());
      Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rwx------"));
      List<Digest> seen = new ArrayList<>();
      for (Future<Digest> future : threads.invokeAll(starters)) {
        seen.add(future.get());
      }
      assertThat(seen).containsOnly(seen.get(0));
      try (var left = Files.list(keys())) {
        assertThat(left.filter(path -> path.getFileName().toString().startsWith(".new")))
            .isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesAKeyThatOthersMayRead() throws Exception {
    open();
    Files.setPosixFilePermissions(
        keys().resolve("farm.pem"), PosixFilePermissions.fromString("rw-r-----"));
    assertFault("has mode rw-r-----, so others may use it; run: chmod 600");
  }

  @Test
  void refusesAKeyFolderThatOthersMayWrite() throws Exception {
    open();
    Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rwxrwx---"));
    assertFault("others may replace the keys; run: chmod 700");
  }

  @Test
  void refusesDamagedKeysInOneSentence() throws Exception {
    open();
    String good = Files.readString(keys().resolve("farm.pem"));
    for (String bad :
        List.of("", "no key", good.substring(0, good.length() / 2), good.replace('M', 'N'))) {
      Files.writeString(keys().resolve("farm.pem"), bad);
      assertFault("is damaged, or no RSA or ECDSA key in PEM; put it back from a backup");
    }
  }

  @Test
  void doesNotReplaceALostKeyInSilence() throws Exception {
    open();
    Files.delete(keys().resolve("farm.pem"));
    assertFault("is gone while farm.pub is still there");
  }

  @Test
  void refusesAPublicKeyOfAnother() throws Exception {
    open();
    Files.writeString(keys().resolve("farm.pub"), "other");
    assertFault("does not belong to the key");
  }

  @Test
  void refusesNamesThatLeadElsewhere() {
    assertThatThrownBy(() -> Signer.open(keys(), "../x")).isInstanceOf(KeyFileException.class);
  }

  @Test
  void keepsWhatClientsNeedOfAKeyThatLiesElsewhere() throws Exception {
    Path elsewhere = SampleKeys.copy("ec-sec1.pem", home);
    KeySource source = new KeySource.KeyFile(elsewhere, Passphrase.none());
    Signer signer = Signer.open(keys(), "farm", source, SignerTest::noProgram);
    assertThat(signer.key().type()).isEqualTo(KeyType.ECDSA);
    assertThat(keys().resolve("farm.pub")).hasBinaryContent(SampleKeys.bytes("ec.pub"));
    assertThat(keys().resolve("fingerprints/trusted/farm"))
        .hasContent("function: \"sha256\"\nfingerprint: \"" + Digest.of(SampleKeys.bytes("ec.pub"))
            + "\"\n");
    assertThat(keys().resolve("farm.pem")).doesNotExist();

    SampleKeys.secret(elsewhere, SampleKeys.bytes("rsa-pkcs1.pem"));
    assertThatThrownBy(() -> Signer.open(keys(), "farm", source, SignerTest::noProgram))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("does not belong to the key");
  }

  @Test
  void makesAnEncryptedKeyWhereTheFarmHasAPassphrase() throws Exception {
    KeySource kept = new KeySource.Kept(SampleKeys.passphrase("p\u00e4ss"));
    Signer first = Signer.open(keys(), "farm", kept, SignerTest::noProgram);
    assertThat(keys().resolve("farm.pem")).content().contains("BEGIN ENCRYPTED PRIVATE KEY");
    assertThat(Signer.open(keys(), "farm", kept, SignerTest::noProgram).key())
        .isEqualTo(first.key());
    assertFault("is encrypted");
  }

  private static byte[] noProgram(List<String> argv, Duration time, byte[] input) {
    throw new AssertionError("no program was to be run");
  }

  private static PublicKey publicKey(String pem) throws Exception {
    String body = pem.replaceAll("-----[A-Z ]+-----", "");
    return KeyFactory.getInstance("RSA")
        .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
  }

  private void assertFault(String message) {
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining(message);
  }

  private Signer open() throws IOException {
    return Signer.open(keys(), "farm");
  }

  private Path keys() {
    return home.resolve("keys");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
