package org.slipway.sign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slipway.packages.Digest;

/**
 * A signer whose key is with a program. Each answer is checked against the key that the program gave
 * at first, before anybody gets to see it.
 */
final class ExternalSigner implements Signer {
  /** What is signed to learn the public key; a signature of it is of no use to anybody. */
  private static final byte[] PROBE =
      Digest.of("slipway asks for a public key").hex().getBytes(StandardCharsets.US_ASCII);

  private static final int LEAST_RSA_BITS = 2048;

  private final List<String> argv;
  private final Duration time;
  private final SigningProgram program;
  private final VerifyingKey key;

  private ExternalSigner(
      List<String> argv, Duration time, SigningProgram program, VerifyingKey key) {
    this.argv = argv;
    this.time = time;
    this.program = program;
    this.key = key;
  }

  static ExternalSigner open(List<String> argv, Duration time, SigningProgram program)
      throws IOException {
    SigningReply reply = ask(argv, time, program, PROBE);
    VerifyingKey key = reply.key();
    if (key.type() == KeyType.RSA && key.bits() < LEAST_RSA_BITS) {
      throw refused(argv, "signs with a key of less than " + LEAST_RSA_BITS + " bits");
    }
    return new ExternalSigner(argv, time, program, key);
  }

  @Override
  public Signature sign(byte[] message) throws IOException {
    SigningReply reply = ask(argv, time, program, message);
    if (!reply.key().equals(key)) {
      throw refused(argv, "signed with another key than at first: " + reply.key() + ", not " + key);
    }
    return reply.signature();
  }

  @Override
  public VerifyingKey key() {
    return key;
  }

  @Override
  public boolean signsAnyMessage() {
    return false;
  }

  @Override
  public String toString() {
    return key + " of " + argv.get(0);
  }

  private static SigningReply ask(
      List<String> argv, Duration time, SigningProgram program, byte[] message) throws IOException {
    if (!new String(message, StandardCharsets.ISO_8859_1).matches("[0-9a-f]{64}")) {
      throw refused(argv, "is only given a SHA-256, not other messages to sign");
    }
    byte[] line = Arrays.copyOf(message, message.length + 1);
    line[message.length] = '\n';
    byte[] output = program.run(argv, time, line);
    SigningReply reply;
    try {
      reply = SigningReply.parse(output);
    } catch (KeyFileException e) {
      throw refused(argv, "gave no answer that pkg would take: " + e.getMessage());
    }
    if (!reply.key().verify(message, reply.signature().bytes())) {
      throw refused(argv, "gave a signature that is not its " + reply.key() + "'s");
    }
    return reply;
  }

  /** Arguments may hold what is nobody's business, so only the program is named. */
  private static KeyFileException refused(List<String> argv, String what) {
    return new KeyFileException("the signing command " + argv.get(0) + " " + what);
  }
}
