package org.slipway.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;

/** Public keys and signatures of strangers. */
final class VerifyingKeyTest {
  private static final byte[] MESSAGE = "abc".getBytes(StandardCharsets.US_ASCII);

  @TempDir
  Path folder;

  @Test
  void takesAnEcdsaKeyAsPemButKeepsTheDerThatPkgReads() throws Exception {
    VerifyingKey key = VerifyingKey.of(SampleKeys.bytes("ec.pub.pem"));
    assertThat(key.bytes()).isEqualTo(SampleKeys.bytes("ec.pub"));
    assertThat(key.pem().getBytes(StandardCharsets.US_ASCII))
        .isEqualTo(SampleKeys.bytes("ec.pub.pem"));
    assertThat(key.curve()).contains("secp256k1");
    assertThat(key.bits()).isEqualTo(256);
  }

  @Test
  void keepsTheTextOfAnRsaKeyToTheByteForItsFingerprint() throws Exception {
    byte[] text = new String(SampleKeys.bytes("rsa.pub"), StandardCharsets.US_ASCII)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
    VerifyingKey key = VerifyingKey.of(text);
    assertThat(key.bytes()).isEqualTo(text);
    assertThat(key.fingerprint()).isEqualTo(Digest.of(text));
    assertThat(key.bits()).isEqualTo(2048);
    assertThat(key.curve()).isEmpty();
  }

  @Test
  void refusesWhatIsNoPublicKeyWithOneSentence() throws Exception {
    Path file = folder.resolve("x.pub");
    for (String name : List.of("rsa-pkcs8.pem", "README", "ec-p256.pem", "pkg-ecdsa.der")) {
      Files.write(file, SampleKeys.bytes(name));
      assertThatThrownBy(() -> VerifyingKey.read(file))
          .isInstanceOf(KeyFileException.class)
          .hasMessageStartingWith(file + " is no public key: ");
    }
    Files.write(file, new byte[200_000]);
    assertThatThrownBy(() -> VerifyingKey.read(file)).hasMessageContaining("it is too long");
  }

  @Test
  void readsThePublicHalfFromEitherHalf() throws Exception {
    Path file = SampleKeys.copy("ec-sec1.pem", folder);
    assertThat(VerifyingKey.read(file, Passphrase.none()).bytes())
        .isEqualTo(SampleKeys.bytes("ec.pub"));
    Path pub = SampleKeys.copy("ec.pub", folder);
    assertThat(VerifyingKey.read(pub, Passphrase.none()).bytes())
        .isEqualTo(SampleKeys.bytes("ec.pub"));
    assertThatThrownBy(() -> VerifyingKey.read(folder.resolve("none"), Passphrase.none()))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("there is no public key");
  }

  @Test
  void refusesDamagedKeysAndSignaturesWithoutAFault() throws Exception {
    Random random = new Random(20261122);
    for (String name : List.of("rsa", "ec")) {
      Signer signer = Signer.read(SampleKeys.copy(name + "-pkcs8.pem", folder), Passphrase.none());
      byte[] good = signer.sign(MESSAGE).bytes();
      byte[] pub = SampleKeys.bytes(name + ".pub");
      for (int i = 0; i < 1500; i++) {
        assertThat(signer.key().verify(MESSAGE, damaged(good, random))).isFalse();
        try {
          byte[] bad = damaged(pub, random);
          VerifyingKey other = VerifyingKey.of(bad);
          assertThat(other.bytes()).hasSizeBetween(pub.length - 20, pub.length + 20);
        } catch (KeyFileException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
      assertThat(signer.key().verify(MESSAGE, good)).isTrue();
      assertThat(signer.key().verify(MESSAGE, new byte[0])).isFalse();
    }
  }

  /** Always other bytes than before. */
  private static byte[] damaged(byte[] good, Random random) {
    byte[] bad =
        random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
    for (int i = random.nextInt(3); i >= 0 && bad.length == good.length; i--) {
      bad[random.nextInt(bad.length)] += (byte) (1 + random.nextInt(120));
    }
    return bad;
  }
}
