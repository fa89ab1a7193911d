package org.slipway.sign;

import java.io.IOException;
import java.nio.file.Path;

/** Makes new keys. */
public final class KeyMaker {
  /** Of a new RSA key; what {@code pkg key --create} makes, too. */
  public static final int DEFAULT_BITS = KeyPairFile.DEFAULT_BITS;

  private KeyMaker() {}

  /**
   * What was made.
   *
   * @param pem the private key, in mode 0600
   * @param pub the public key as clients have it
   * @param fingerprint the file for a client's {@code fingerprints/trusted/}
   */
  public record Made(VerifyingKey key, Path pem, Path pub, Path fingerprint) {}

  /**
   * Writes {@code NAME.pem} (PKCS#8), {@code NAME.pub}, {@code fingerprints/trusted/NAME} and an
   * empty {@code fingerprints/revoked/}. Nothing that is there is overwritten.
   *
   * @param folder made in mode 0700 where it is absent
   * @param bits of an RSA key, 2048 to 8192; not looked at for ECDSA, which is on secp256k1
   * @param passphrase encrypts the private key (PBES2 with AES-256)
   * @throws KeyFileException when there is already something of that name
   */
  public static Made make(Path folder, String name, KeyType type, int bits, Passphrase passphrase)
      throws IOException {
    KeyFolder place = KeyFolder.open(folder, name);
    SigningKey key;
    if (type == KeyType.RSA) {
      KeyFolder.requireBits(bits);
      key = SigningKey.Rsa.generate(bits);
    } else {
      key = SigningKey.Ecdsa.generate();
    }
    VerifyingKey half = place.create(key, passphrase);
    return new Made(half, place.pem(), place.pub(), place.trusted());
  }
}
