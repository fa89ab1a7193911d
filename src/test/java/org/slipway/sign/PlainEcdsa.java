package org.slipway.sign;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Checks ECDSA signatures on secp256k1 by the definition (SEC 1, 4.1.4), with numbers alone: slow, and
 * of nothing that signs.
 */
final class PlainEcdsa {
  private static final BigInteger P =
      hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
  private static final BigInteger N =
      hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  private static final Point G = new Point(
      hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
      hex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"));

  private PlainEcdsa() {}

  private record Point(BigInteger x, BigInteger y) {}

  /**
   * @param publicKey 88 bytes of DER, of which the last 64 are the point
   * @param der two numbers in a sequence
   */
  static boolean verifies(byte[] publicKey, byte[] message, byte[] der) throws Exception {
    int length = publicKey.length;
    Point key = new Point(
        new BigInteger(1, Arrays.copyOfRange(publicKey, length - 64, length - 32)),
        new BigInteger(1, Arrays.copyOfRange(publicKey, length - 32, length)));
    if (der[0] != 0x30 || der[1] != der.length - 2 || der[2] != 2 || der[4 + der[3]] != 2) {
      return false;
    }
    BigInteger r = new BigInteger(Arrays.copyOfRange(der, 4, 4 + der[3]));
    BigInteger s = new BigInteger(Arrays.copyOfRange(der, 6 + der[3], der.length));
    if (r.signum() <= 0 || s.signum() <= 0 || r.compareTo(N) >= 0 || s.compareTo(N) >= 0) {
      return false;
    }
    BigInteger digest = new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(message));
    BigInteger w = s.modInverse(N);
    Point found =
        sum(times(G, digest.multiply(w).mod(N)), times(key, r.multiply(w).mod(N)));
    return found != null && found.x().mod(N).equals(r);
  }

  /** Null is the point at infinity. */
  private static @Nullable Point times(Point point, BigInteger factor) {
    Point result = null;
    for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
      result = sum(result, result);
      if (factor.testBit(bit)) {
        result = sum(result, point);
      }
    }
    return result;
  }

  private static @Nullable Point sum(@Nullable Point a, @Nullable Point b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    BigInteger slope;
    if (a.equals(b)) {
      BigInteger three = BigInteger.valueOf(3);
      slope = a.x()
          .pow(2)
          .multiply(three)
          .multiply(a.y().shiftLeft(1).modInverse(P))
          .mod(P);
    } else if (a.x().equals(b.x())) {
      return null;
    } else {
      slope = b.y()
          .subtract(a.y())
          .multiply(b.x().subtract(a.x()).mod(P).modInverse(P))
          .mod(P);
    }
    BigInteger x = slope.pow(2).subtract(a.x()).subtract(b.x()).mod(P);
    return new Point(x, slope.multiply(a.x().subtract(x)).subtract(a.y()).mod(P));
  }

  private static BigInteger hex(String digits) {
    return new BigInteger(digits, 16);
  }
}
