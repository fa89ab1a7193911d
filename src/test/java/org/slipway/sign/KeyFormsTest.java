package org.slipway.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key files as openssl and pkg write them. */
final class KeyFormsTest {
  private static final byte[] MESSAGE = "abc".getBytes(StandardCharsets.US_ASCII);

  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs1.pem,        rsa.pub",
    "rsa-pkcs1-aes256.pem, rsa.pub",
    "rsa-pkcs1-des3.pem,   rsa.pub",
    "rsa-pkcs8.pem,        rsa.pub",
    "rsa-pkcs8-pbes2.pem,  rsa.pub",
    "rsa-pkcs8-scrypt.pem, rsa.pub",
    "rsa-pkcs8.der,        rsa.pub",
    "ec-sec1.pem,          ec.pub",
    "ec-sec1-aes256.pem,   ec.pub",
    "ec-pkcs8.pem,         ec.pub",
    "ec-pkcs8-pbes2.pem,   ec.pub",
    "ec-sec1.der,          ec.pub",
    "pkg-ecdsa.der,        pkg-ecdsa.pub",
  })
  void readsAKeyAndDerivesThePublicHalfThatItsOwnProgramWrote(String name, String pub)
      throws Exception {
    Signer signer = Signer.read(SampleKeys.copy(name, folder), SampleKeys.passphrase("correct"));
    assertThat(signer.key().bytes()).isEqualTo(SampleKeys.bytes(pub));
    VerifyingKey known = VerifyingKey.of(SampleKeys.bytes(pub));
    assertThat(known).isEqualTo(signer.key());
    byte[] signed = signer.sign(MESSAGE).bytes();
    assertThat(known.verify(MESSAGE, signed)).isTrue();
    assertThat(known.verify("abd".getBytes(StandardCharsets.US_ASCII), signed)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec-p384.pem", "ec-brainpool.pem"})
  void readsKeysOnTheOtherCurvesThatPkgReads(String name) throws Exception {
    Signer signer = Signer.read(SampleKeys.copy(name, folder), Passphrase.none());
    assertThat(signer.key().verify(MESSAGE, signer.sign(MESSAGE).bytes())).isTrue();
    assertThat(VerifyingKey.of(signer.key().bytes())).isEqualTo(signer.key());
  }

  @ParameterizedTest
  @CsvSource({
    "ec-p256.pem,   'cannot be used: pkg does not read keys on its curve, prime256v1'",
    "ed25519.pem,   'cannot be used: it is neither RSA nor ECDSA'",
    "pkg-eddsa.der, 'cannot be used: it is a key on the curve WEI25519'",
    "rsa-1024.pem,  'has less than 2048 bits'",
    "openssh.pem,   'ssh-keygen -p -m PEM'",
    "rsa.pub,       'is a public key; signing needs the private one'",
    "ec.pub,        'is damaged, or no RSA or ECDSA key'",
    "README,        'is damaged, or no RSA or ECDSA key'",
  })
  void refusesAKeyThatCannotSignInOneSentence(String name, String message) throws Exception {
    Path file = SampleKeys.copy(name, folder);
    assertThatThrownBy(() -> Signer.read(file, Passphrase.none()))
        .isInstanceOf(KeyFileException.class)
        .hasMessageStartingWith("the key " + file + " ")
        .hasMessageContaining(message)
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rsa-pkcs1-aes256.pem",
        "rsa-pkcs1-des3.pem",
        "rsa-pkcs8-pbes2.pem",
        "rsa-pkcs8-scrypt.pem",
        "ec-sec1-aes256.pem",
        "ec-pkcs8-pbes2.pem"
      })
  void namesWhereAWrongOrMissingPassphraseIsAndNeverThePassphrase(String name) throws Exception {
    Path file = SampleKeys.copy(name, folder);
    assertThatThrownBy(() -> Signer.read(file, SampleKeys.passphrase("hunter2")))
        .isInstanceOf(KeyFileException.class)
        .hasMessage("the passphrase in $KEY_WORD does not open the key " + file)
        .hasNoCause();
    assertThatThrownBy(() -> Signer.read(file, Passphrase.none()))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("is encrypted; name the file or the environment variable");
  }

  @Test
  void takesAPassphraseFromTheFirstLineOfAFile() throws Exception {
    Path file = SampleKeys.copy("rsa-pkcs8-pbes2.pem", folder);
    Path word = SampleKeys.secret(
        folder.resolve("word"), "correct\r\nnot this".getBytes(StandardCharsets.UTF_8));
    assertThat(Signer.read(file, Passphrase.file(word)).key().bytes())
        .isEqualTo(SampleKeys.bytes("rsa.pub"));
    assertThat(Passphrase.file(word)).hasToString("the passphrase in " + word);

    Files.setPosixFilePermissions(word, PosixFilePermissions.fromString("rw-r--r--"));
    assertRefused(file, word, "the passphrase file " + word + " has mode rw-r--r--");
    SampleKeys.secret(word, new byte[] {'\n', 'x'});
    assertRefused(file, word, "is empty");
    SampleKeys.secret(word, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertRefused(file, word, "is not in UTF-8");
    byte[] large = new byte[100_000];
    Arrays.fill(large, (byte) 'x');
    SampleKeys.secret(word, large);
    assertRefused(file, word, "is longer than 1024 bytes");
    Files.delete(word);
    assertRefused(file, word, "there is no passphrase file " + word);
  }

  @Test
  void saysWhichVariableHoldsNoPassphrase() throws Exception {
    Path file = SampleKeys.copy("rsa-pkcs8-pbes2.pem", folder);
    assertThatThrownBy(() -> Signer.read(file, Passphrase.environment("NOT_SET", name -> null)))
        .isInstanceOf(KeyFileException.class)
        .hasMessage("there is no passphrase in the environment variable NOT_SET");
  }

  @Test
  void refusesAKeyFileThatIsNotThereOrIsNoFile() {
    assertThatThrownBy(() -> Signer.read(folder.resolve("none.pem"), Passphrase.none()))
        .isInstanceOf(KeyFileException.class)
        .hasMessage("there is no key " + folder.resolve("none.pem"));
    assertThatThrownBy(() -> Signer.read(folder, Passphrase.none()))
        .isInstanceOf(KeyFileException.class)
        .hasMessage("the key " + folder + " is not a regular file");
  }

  @Test
  void readsAKeyThroughALinkAndLooksAtTheModeOfItsTarget() throws Exception {
    Path key = SampleKeys.copy("ec-sec1.pem", folder);
    Path link = Files.createSymbolicLink(folder.resolve("link.pem"), key);
    assertThat(Signer.read(link, Passphrase.none()).key().type()).isEqualTo(KeyType.ECDSA);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw----r--"));
    assertThatThrownBy(() -> Signer.read(link, Passphrase.none()))
        .hasMessageContaining("has mode rw----r--, so others may use it; run: chmod 600");
  }

  @Test
  void refusesEveryKeyWithOneDamagedByteOrReadsTheSameKey() throws Exception {
    byte[] good = SampleKeys.bytes("ec-pkcs8.pem");
    VerifyingKey whole = VerifyingKey.of(SampleKeys.bytes("ec.pub"));
    Path file = folder.resolve("key.pem");
    for (int i = 0; i < good.length; i += 7) {
      byte[] bad = good.clone();
      bad[i] ^= 0x15;
      SampleKeys.secret(file, bad);
      try {
        assertThat(Signer.read(file, Passphrase.none()).key()).as("byte " + i).isEqualTo(whole);
      } catch (KeyFileException e) {
        assertThat(e).hasMessageStartingWith("the key " + file).hasNoCause();
      }
    }
    SampleKeys.secret(file, good);
    assertThat(Signer.read(file, Passphrase.none()).key()).isEqualTo(whole);
  }

  private static void assertRefused(Path key, Path word, String message) {
    assertThatThrownBy(() -> Signer.read(key, Passphrase.file(word)))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining(message);
  }
}
