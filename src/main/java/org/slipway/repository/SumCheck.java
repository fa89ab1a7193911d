package org.slipway.repository;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.slipway.packages.Digest;

/**
 * A catalogue's {@code sum} and the bytes that it is to fit: bare SHA-256 in hexadecimal, or
 * {@code KIND$VALUE} with the kinds of libpkg/pkg_checksum.c: 0 SHA-256 in pkg's base 32, 1 SHA-256
 * in hexadecimal, 2 BLAKE2b-512 and 5 BLAKE2s-256 in base 32. Raw kinds cannot stand in JSON.
 */
final class SumCheck {
  private static final String BASE32 = "ybndrfg8ejkmcpqxot1uwisza345h769";

  /** One of the digests that sums are made with. */
  private interface Sum {
    void update(byte[] bytes, int length);

    byte[] digest();
  }

  private final Sum sum;
  private final boolean hex;
  private final String expected;

  private SumCheck(Sum sum, boolean hex, String expected) {
    this.sum = sum;
    this.hex = hex;
    this.expected = expected;
  }

  /** Empty for a kind that is not known. */
  static Optional<SumCheck> of(String text) {
    int dollar = text.indexOf('$');
    String value = text.substring(dollar + 1);
    return switch (dollar < 0 ? "1" : text.substring(0, dollar)) {
      case "0" -> Optional.of(new SumCheck(sha256(), false, value));
      case "1" -> Optional.of(new SumCheck(sha256(), true, value));
      case "2" -> Optional.of(new SumCheck(blake2b(), false, value));
      case "5" -> Optional.of(new SumCheck(blake2s(), false, value));
      default -> Optional.empty();
    };
  }

  void update(byte[] bytes, int length) {
    sum.update(bytes, length);
  }

  /** To be asked once, when all bytes were told. */
  boolean fits() {
    byte[] digest = sum.digest();
    return expected.equals(hex ? HexFormat.of().formatHex(digest) : base32(digest));
  }

  /** Groups of five bits from the lowest bit of the first byte on. */
  static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (byte each : bytes) {
      held |= (each & 0xff) << bits;
      bits += 8;
      while (bits >= 5) {
        text.append(BASE32.charAt(held & 31));
        held >>>= 5;
        bits -= 5;
      }
    }
    if (bits > 0) {
      text.append(BASE32.charAt(held & 31));
    }
    return text.toString();
  }

  private static Sum sha256() {
    MessageDigest digest = Digest.sha256();
    return new Sum() {
      @Override
      public void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
      }

      @Override
      public byte[] digest() {
        return digest.digest();
      }
    };
  }

  private static Sum blake2b() {
    Blake2bDigest digest = new Blake2bDigest(512);
    return new Sum() {
      @Override
      public void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
      }

      @Override
      public byte[] digest() {
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return Arrays.copyOf(result, result.length);
      }
    };
  }

  private static Sum blake2s() {
    Blake2sDigest digest = new Blake2sDigest(256);
    return new Sum() {
      @Override
      public void update(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
      }

      @Override
      public byte[] digest() {
        byte[] result = new byte[digest.getDigestSize()];
        digest.doFinal(result, 0);
        return Arrays.copyOf(result, result.length);
      }
    };
  }
}
