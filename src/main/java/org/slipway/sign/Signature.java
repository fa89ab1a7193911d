package org.slipway.sign;

/**
 * An RSA signature, PKCS#1 v1.5 with SHA-256, as pkg's fingerprint mode takes it.
 */
public final class Signature {
  private final byte[] bytes;

  Signature(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** As many bytes as the key's modulus has. */
  public byte[] bytes() {
    return bytes.clone();
  }
}
