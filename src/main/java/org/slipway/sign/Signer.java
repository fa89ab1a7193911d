package org.slipway.sign;

import java.io.IOException;
import java.nio.file.Path;
import org.slipway.packages.Digest;

/**
 * Signs with a key that it keeps to itself. An implementation may hold a file, or speak to a
 * program that holds one.
 */
public interface Signer {
  /**
   * Opens the RSA key {@code NAME.pem} of a folder and makes one where there is none. Beside it are
   * kept, for clients: {@code NAME.pub} (PEM), {@code fingerprints/trusted/NAME} as pkg reads it,
   * and an empty {@code fingerprints/revoked/}.
   *
   * @param keyDirectory HOME/keys; made in mode 0700 where it is absent
   * @throws KeyFileException when the key cannot be used, with what to do
   */
  static Signer open(Path keyDirectory, String name) throws IOException {
    return KeyFileSigner.open(keyDirectory, name, KeyPairFile.DEFAULT_BITS);
  }

  /**
   * The same with a key of another length, where one has to be made.
   *
   * @param bits 2048 to 8192
   */
  static Signer open(Path keyDirectory, String name, int bits) throws IOException {
    return KeyFileSigner.open(keyDirectory, name, bits);
  }

  /**
   * The signature of these bytes: RSA PKCS#1 v1.5 over their SHA-256. Equal bytes give equal
   * signatures.
   */
  Signature sign(byte[] bytes);

  /**
   * The public key as PEM text with its last newline, the form whose SHA-256 is the fingerprint.
   */
  String publicKeyPem();

  /** What a client pins: the SHA-256 of {@link #publicKeyPem()}. */
  default Digest fingerprint() {
    return Digest.of(publicKeyPem());
  }
}
