package org.slipway.sign;

/** A signer whose key is in this process, read from a file of this host. */
final class KeyFileSigner implements Signer {
  private final SigningKey key;

  KeyFileSigner(SigningKey key) {
    this.key = key;
  }

  @Override
  public Signature sign(byte[] message) {
    return key.sign(message);
  }

  @Override
  public VerifyingKey key() {
    return key.publicHalf();
  }

  @Override
  public String toString() {
    return key().toString();
  }
}
