package org.slipway.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.jail.HostProgram;
import org.slipway.packages.Digest;

final class ExternalSignerTest {
  private static final Duration TIME = Duration.ofMinutes(2);
  private static final byte[] HASH = ascii(Digest.of("abc").hex());

  @TempDir
  Path folder;

  private SigningProgram answering(String key, String type) {
    return (argv, time, input) -> {
      Signer signer = signer(key);
      return reply(type, signer.sign(line(input)), signer.key());
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rsa"})
  void learnsTheKeyFromATestAndSignsWithAndWithoutAType(String type) throws Exception {
    Signer signer = Signer.command(List.of("sign"), TIME, answering("rsa-pkcs8.pem", type));
    assertThat(signer.key().bytes()).isEqualTo(SampleKeys.bytes("rsa.pub"));
    assertThat(signer.key().verify(HASH, signer.sign(HASH).bytes())).isTrue();
    assertThat(signer.signsAnyMessage()).isFalse();
  }

  @Test
  void takesADerKeyWithOrWithoutANewlineBeforeTheEnd() throws Exception {
    Signer known = signer("ec-pkcs8.pem");
    for (String end : List.of("\nEND\n", "END\n", "\nEND", "END")) {
      SigningProgram program = (argv, time, input) -> joined(
          ascii("TYPE\necdsa\nSIGNATURE\n"),
          known.sign(line(input)).bytes(),
          ascii("\nCERT\n"),
          known.key().bytes(),
          ascii(end));
      Signer signer = Signer.command(List.of("sign"), TIME, program);
      assertThat(signer.key()).as(end).isEqualTo(known.key());
      assertThat(PlainEcdsa.verifies(
              SampleKeys.bytes("ec.pub"), HASH, signer.sign(HASH).bytes()))
          .isTrue();
    }
  }

  @Test
  void runsAProgramOfTheHostFromHashToSignature() throws Exception {
    SampleKeys.copy("rsa-pkcs8.pem", folder);
    Path program = folder.resolve("sign it");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path") + "' '"
            + Answer.class.getName() + "' '" + folder + "' \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Signer signer =
        Signer.command(List.of(program.toString(), "a b", "$(x)"), TIME, HostProgram::run);
    assertThat(signer.key().bytes()).isEqualTo(SampleKeys.bytes("rsa.pub"));
    assertThat(Files.readString(folder.resolve("asked"))).isEqualTo("a b|$(x)|");
  }

  /** What an operator's program does: a hash on its input, an answer on its output. */
  static final class Answer {
    private Answer() {}

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Files.writeString(
          folder.resolve("asked"),
          String.join("|", Arrays.copyOfRange(arguments, 1, arguments.length)) + "|");
      Signer signer = Signer.read(folder.resolve("rsa-pkcs8.pem"), Passphrase.none());
      System.out.write(reply("", signer.sign(line(System.in.readAllBytes())), signer.key()));
      System.out.flush();
    }
  }

  @Test
  void believesNoSignatureThatIsNotTheKeys() {
    SigningProgram liar = (argv, time, input) -> reply(
        "",
        signer("rsa-pkcs8.pem").sign(ascii("other")),
        signer("rsa-pkcs8.pem").key());
    assertRefused(liar, "the signing command sign gave a signature that is not its rsa key");
    SigningProgram stranger = (argv, time, input) -> reply(
        "", signer("rsa-pkcs8.pem").sign(line(input)), signer("ec-pkcs8.pem").key());
    assertRefused(stranger, "its key is ecdsa, which a line TYPE has to say");
    assertRefused(answering("rsa-pkcs8.pem", "ecdsa"), "it says TYPE ecdsa but its key is rsa");
  }

  @Test
  void refusesAKeyThatIsExchangedWhileTheFarmRuns() throws Exception {
    String[] key = {"rsa-pkcs8.pem", ""};
    SigningProgram program =
        (argv, time, input) -> answering(key[0], key[1]).run(argv, time, input);
    Signer signer = Signer.command(List.of("sign"), TIME, program);
    key[0] = "ec-pkcs8.pem";
    key[1] = "ecdsa";
    assertThatThrownBy(() -> signer.sign(HASH))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("signed with another key than at first: ecdsa key");
  }

  @Test
  void refusesAShortKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair pair = generator.generateKeyPair();
    SigningProgram program = (argv, time, input) -> {
      try {
        java.security.Signature rsa = java.security.Signature.getInstance("SHA256withRSA");
        rsa.initSign(pair.getPrivate());
        rsa.update(line(input));
        return reply(
            "", new Signature(rsa.sign()), VerifyingKey.of(pair.getPublic().getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    };
    assertRefused(program, "the signing command sign signs with a key of less than 2048 bits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello\n",
        "SIGNATURE\n\nCERT\nx\nEND\n",
        "SIGNATURE\nabc\n",
        "SIGNATURE\nabc\nCERT\nEND\n",
        "SIGNATURE\nabc\nCERT\nEND",
        "SIGNATURE\nabc\nCERT\nnot a key\nEND\n",
        "SIGNATURE\nabc\nCERT\nnot a key\n",
        "CERT\nSIGNATURE\nTYPE\nEND\n",
        "SIGNATURE\nabc\nCERT\n-----BEGIN PUBLIC KEY-----\n????\n-----END PUBLIC KEY-----\nEND\n",
        "SIGNATURE\nabc\nCERT\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\nEND\n"
      })
  void refusesAnswersThatAreNone(String answer) {
    assertRefused(
        (argv, time, input) -> ascii(answer),
        "the signing command sign gave no answer that pkg would take: ");
  }

  @Test
  void refusesAnAnswerBeyondItsBound() {
    assertRefused((argv, time, input) -> new byte[70_000], "it is longer than 65536 bytes");
  }

  @Test
  void passesOnWhatTheProgramSaidWhenItFailed() {
    assertThatThrownBy(() -> Signer.command(
            List.of("/bin/sh", "-c", "echo no card >&2; exit 4"), TIME, HostProgram::run))
        .isInstanceOf(IOException.class)
        .hasMessage("/bin/sh ended with status 4: no card");
  }

  @Test
  void givesAProgramNothingButHashes() throws Exception {
    Signer signer = Signer.command(List.of("sign"), TIME, answering("rsa-pkcs8.pem", ""));
    assertThatThrownBy(() -> signer.sign(ascii("transfer everything")))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("is only given a SHA-256");
  }

  static byte[] reply(String type, Signature signature, VerifyingKey key) {
    return joined(
        ascii((type.isEmpty() ? "" : "TYPE\n" + type + "\n") + "SIGNATURE\n"),
        signature.bytes(),
        ascii("\nCERT\n"),
        key.bytes(),
        ascii("END\n"));
  }

  /** The hash, without the newline that ends it. */
  static byte[] line(byte[] input) {
    assertThat(new String(input, StandardCharsets.US_ASCII)).matches("[0-9a-f]{64}\n");
    return Arrays.copyOf(input, 64);
  }

  private Signer signer(String name) throws IOException {
    return Signer.read(SampleKeys.copy(name, folder), Passphrase.none());
  }

  private static void assertRefused(SigningProgram program, String message) {
    assertThatThrownBy(() -> Signer.command(List.of("sign", "secret argument"), TIME, program))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret argument");
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
