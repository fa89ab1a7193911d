package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;

/**
 * A sum as pkg writes it into manifests and catalogues: a kind's number, a dollar sign and the
 * digest, or a bare SHA-256 in hexadecimal, as pkg up to 2.7 has it in catalogues
 * (libpkg/pkg_checksum.c).
 *
 * @param value without the number, as long as its kind has it
 */
public record TypedSum(Kind kind, String value) {
  public TypedSum {
    if (value.length() != kind.length || !value.chars().allMatch(kind::writes)) {
      throw new IllegalArgumentException(
          "\"" + PathRules.shown(value) + "\" is no " + kind.word + " in pkg's writing");
    }
  }

  /** Which digest it is and how it is written. pkg's raw kinds (3, 4, 6) are not for texts. */
  public enum Kind {
    SHA256_BASE32(0, "SHA-256", 52),
    SHA256_HEX(1, "SHA-256", 64),
    BLAKE2B_BASE32(2, "BLAKE2b-512", 103),
    BLAKE2S_BASE32(5, "BLAKE2s-256", 52);

    private static final String ALPHABET = "ybndrfg8ejkmcpqxot1uwisza345h769";

    private final int number;
    private final String word;
    private final int length;

    Kind(int number, String word, int length) {
      this.number = number;
      this.word = word;
      this.length = length;
    }

    /** A sum of this kind, yet of nothing. */
    public Running begin() {
      return switch (this) {
        case SHA256_BASE32, SHA256_HEX -> new RunningSha256(this);
        case BLAKE2B_BASE32 -> new RunningBlake(this, new Blake2bDigest(512));
        case BLAKE2S_BASE32 -> new RunningBlake(this, new Blake2sDigest(256));
      };
    }

    /** The sum of a text's UTF-8 bytes. */
    TypedSum of(String text) {
      Running running = begin();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      running.update(bytes, 0, bytes.length);
      return running.end();
    }

    private TypedSum sum(byte[] digest) {
      return new TypedSum(
          this, this == SHA256_HEX ? HexFormat.of().formatHex(digest) : base32(digest));
    }

    private boolean writes(int c) {
      return this == SHA256_HEX
          ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')
          : ALPHABET.indexOf(c) >= 0;
    }

    /** Groups of five bits, the least significant bit of the first byte first. */
    private static String base32(byte[] bytes) {
      StringBuilder text = new StringBuilder(bytes.length * 8 / 5 + 1);
      int bits = 0;
      int count = 0;
      for (byte b : bytes) {
        bits |= (b & 0xff) << count;
        for (count += 8; count >= 5; count -= 5) {
          text.append(ALPHABET.charAt(bits & 31));
          bits >>= 5;
        }
      }
      return count > 0 ? text.append(ALPHABET.charAt(bits & 31)).toString() : text.toString();
    }
  }

  /** A sum of bytes that still come. */
  public abstract static sealed class Running permits RunningSha256, RunningBlake {
    private Running() {}

    public abstract void update(byte[] bytes, int at, int length);

    /** The sum of all that came; to be asked once. */
    public abstract TypedSum end();
  }

  private static final class RunningSha256 extends Running {
    private final Kind kind;
    private final MessageDigest digest = Digest.sha256();

    RunningSha256(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void update(byte[] bytes, int at, int length) {
      digest.update(bytes, at, length);
    }

    @Override
    public TypedSum end() {
      return kind.sum(digest.digest());
    }
  }

  private static final class RunningBlake extends Running {
    private final Kind kind;
    private final ExtendedDigest digest;

    RunningBlake(Kind kind, ExtendedDigest digest) {
      this.kind = kind;
      this.digest = digest;
    }

    @Override
    public void update(byte[] bytes, int at, int length) {
      digest.update(bytes, at, length);
    }

    @Override
    public TypedSum end() {
      byte[] bytes = new byte[digest.getDigestSize()];
      digest.doFinal(bytes, 0);
      return kind.sum(bytes);
    }
  }

  /** Reads one; empty when it is of a kind that is unknown here or is written wrong. */
  public static Optional<TypedSum> parse(String text) {
    int dollar = text.indexOf('$');
    for (Kind kind : Kind.values()) {
      boolean named = dollar < 0
          ? kind == Kind.SHA256_HEX
          : text.substring(0, dollar).equals(Integer.toString(kind.number));
      String value = text.substring(dollar + 1);
      if (named && value.length() == kind.length && value.chars().allMatch(kind::writes)) {
        return Optional.of(new TypedSum(kind, value));
      }
    }
    return Optional.empty();
  }

  /** Whether a file's bytes are those that were summed; reads it once. */
  public boolean fits(Path file) throws IOException {
    Running running = kind.begin();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        running.update(buffer, 0, count);
      }
    }
    return running.end().equals(this);
  }

  /** With its kind's number. */
  @Override
  public String toString() {
    return kind.number + "$" + value;
  }
}
