package org.slipway.sign;

/**
 * A signature of one message: for RSA as many bytes as the key's modulus has, for ECDSA the DER of
 * its two numbers.
 */
public final class Signature {
  private final byte[] bytes;

  Signature(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** Without the prefix that pkg puts before it. */
  public byte[] bytes() {
    return bytes.clone();
  }
}
