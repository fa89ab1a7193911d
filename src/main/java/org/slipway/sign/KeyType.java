package org.slipway.sign;

/** A kind of key that signs repositories, in pkg's words ({@code libpkg/pkgsign.c}). */
public enum KeyType {
  /** RSA, PKCS#1 v1.5 with SHA-256; every pkg client knows it. */
  RSA("rsa"),

  /** ECDSA with SHA-256, new keys on secp256k1; known to pkg from 1.21 on. */
  ECDSA("ecdsa");

  private final String word;

  KeyType(String word) {
    this.word = word;
  }

  /** {@code rsa} or {@code ecdsa}. */
  public String word() {
    return word;
  }

  /**
   * What pkg expects before a signature or key of this type: nothing for RSA, which older clients
   * take for granted.
   */
  String prefix() {
    return this == RSA ? "" : "$PKGSIGN:" + word + "$";
  }

  @Override
  public String toString() {
    return word;
  }
}
