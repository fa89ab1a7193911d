package org.slipway.sign;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Primitive;

/**
 * A signature with its key as a signing command writes them, and as they lie beside
 * {@code Latest/pkg.pkg} (pkg-repo(8); {@code pkg_repo_sign} in libpkg/pkg_repo_create.c):
 * lines {@code SIGNATURE}, {@code CERT}, {@code END} and perhaps {@code TYPE}, each before what it
 * announces, in any order but for the last.
 */
public record SigningReply(Signature signature, VerifyingKey key) {
  private static final int MOST_BYTES = 1 << 16;

  /** @throws KeyFileException when it is not whole, with the rest of a sentence */
  public static SigningReply parse(byte[] output) throws KeyFileException {
    if (output.length > MOST_BYTES) {
      throw new KeyFileException("it is longer than " + MOST_BYTES + " bytes");
    }
    ByteArrayOutputStream signature = new ByteArrayOutputStream();
    ByteArrayOutputStream cert = new ByteArrayOutputStream();
    ByteArrayOutputStream type = new ByteArrayOutputStream();
    ByteArrayOutputStream current = new ByteArrayOutputStream();
    boolean ended = false;
    for (int at = 0; at < output.length && !ended; ) {
      int next = lineEnd(output, at);
      switch (new String(output, at, Math.min(next - at, 16), StandardCharsets.ISO_8859_1)) {
        case "SIGNATURE\n" -> current = signature;
        case "CERT\n" -> current = cert;
        case "TYPE\n" -> current = type;
        case "END\n", "END" -> ended = true;
        default -> current.write(output, at, next - at);
      }
      at = next;
    }
    return of(signature.toByteArray(), cert.toByteArray(), word(type), ended);
  }

  private static SigningReply of(byte[] signature, byte[] cert, String type, boolean ended)
      throws KeyFileException {
    if (signature.length < 2) {
      throw new KeyFileException("there is nothing after a line SIGNATURE");
    }
    if (cert.length == 0) {
      throw new KeyFileException("there is nothing after a line CERT");
    }
    byte[] whole = ended ? cert : withoutEnd(cert);
    if (whole.length == 0) {
      throw new KeyFileException("it has no line END, so it is not whole");
    }
    VerifyingKey key = VerifyingKey.of(trimmed(whole));
    if (!type.isEmpty() && !type.equals(key.type().word())) {
      throw new KeyFileException(
          "it says TYPE " + (type.length() > 16 ? "..." : type) + " but its key is " + key.type());
    }
    if (type.isEmpty() && key.type() != KeyType.RSA) {
      throw new KeyFileException("its key is " + key.type() + ", which a line TYPE has to say");
    }
    // The last newline belongs to the protocol.
    int length = signature.length - (signature[signature.length - 1] == '\n' ? 1 : 0);
    return new SigningReply(new Signature(Arrays.copyOf(signature, length)), key);
  }

  /** DER runs into the last line where the program wrote no newline after it. */
  private static byte[] withoutEnd(byte[] cert) {
    String tail = new String(
        cert, Math.max(0, cert.length - 4), Math.min(4, cert.length), StandardCharsets.ISO_8859_1);
    int mark = tail.endsWith("END\n") ? 4 : tail.endsWith("END") ? 3 : cert.length;
    return Arrays.copyOf(cert, cert.length - mark);
  }

  /** DER says how long it is; a newline after it is not its own. PEM stays as it is. */
  private static byte[] trimmed(byte[] cert) {
    boolean newline = cert.length > 0 && cert[cert.length - 1] == '\n';
    if (newline && Pem.decode(cert).isEmpty()) {
      byte[] shorter = Arrays.copyOf(cert, cert.length - 1);
      try {
        ASN1Primitive.fromByteArray(shorter);
        return shorter;
      } catch (java.io.IOException e) {
        return cert;
      }
    }
    return cert;
  }

  private static String word(ByteArrayOutputStream type) {
    return type.toString(StandardCharsets.US_ASCII).strip();
  }

  private static int lineEnd(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != '\n') {
      at++;
    }
    return Math.min(at + 1, bytes.length);
  }
}
