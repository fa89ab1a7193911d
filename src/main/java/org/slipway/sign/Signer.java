package org.slipway.sign;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slipway.packages.Digest;

/**
 * Signs with a key that it keeps to itself. An implementation may hold a file, or speak to a
 * program that holds one. May be used by many threads at once.
 */
public interface Signer {
  /**
   * Opens the key {@code NAME.pem} of a folder and makes an RSA key where there is none. Beside it
   * are kept, for clients: {@code NAME.pub}, {@code fingerprints/trusted/NAME} as pkg reads it, and
   * an empty {@code fingerprints/revoked/}.
   *
   * @param keyDirectory HOME/keys; made in mode 0700 where it is absent
   * @throws KeyFileException when the key cannot be used, with what to do
   */
  static Signer open(Path keyDirectory, String name) throws IOException {
    return open(keyDirectory, name, KeyPairFile.DEFAULT_BITS);
  }

  /**
   * The same with a key of another length, where one has to be made.
   *
   * @param bits 2048 to 8192
   */
  static Signer open(Path keyDirectory, String name, int bits) throws IOException {
    return KeyFolder.open(keyDirectory, name).keyOrNew(bits, Passphrase.none());
  }

  /**
   * Opens the key that a farm's settings name. What clients have to know of it is kept in the folder
   * as for a key that lies there, so that a key that was exchanged by mistake is noticed.
   *
   * @param keyDirectory HOME/keys; made in mode 0700 where it is absent
   * @param name of the files for clients
   * @param program runs a {@link KeySource.Command}; not used for other sources
   * @throws KeyFileException when the key cannot be used, with what to do
   */
  static Signer open(Path keyDirectory, String name, KeySource source, SigningProgram program)
      throws IOException {
    KeyFolder folder = KeyFolder.open(keyDirectory, name);
    if (source instanceof KeySource.Kept kept) {
      return folder.keyOrNew(KeyPairFile.DEFAULT_BITS, kept.passphrase());
    }
    Signer signer = source instanceof KeySource.KeyFile file
        ? read(file.path(), file.passphrase())
        : command((KeySource.Command) source, program);
    folder.tellClients(signer.key());
    return signer;
  }

  /**
   * Opens a private key wherever it lies, and makes none: PKCS#1, PKCS#8 or SEC 1, plain or encrypted,
   * in PEM or DER, or an ECDSA key of {@code pkg key --create}.
   *
   * @throws KeyFileException when the key cannot be used, with what to do
   */
  static Signer read(Path file, Passphrase passphrase) throws IOException {
    return new KeyFileSigner(KeyPairFile.read(file, passphrase));
  }

  /**
   * Signs with a program that has the key, by the protocol of {@code pkg repo}'s {@code
   * signing_command} (pkg-repo(8)). The program is asked once at once, for its public key.
   *
   * @throws KeyFileException when its answer cannot be used
   */
  static Signer command(KeySource.Command command, SigningProgram program) throws IOException {
    return ExternalSigner.open(command.argv(), command.time(), program);
  }

  /** @see #command(KeySource.Command, SigningProgram) */
  static Signer command(List<String> argv, Duration time, SigningProgram program)
      throws IOException {
    return command(new KeySource.Command(argv, time), program);
  }

  /**
   * The signature of a message: over its SHA-256, and for equal bytes the same, as far as a program
   * outside keeps to that too.
   *
   * @throws KeyFileException when a program outside did not sign
   */
  Signature sign(byte[] message) throws IOException;

  /** The public half. */
  VerifyingKey key();

  /**
   * Whether any message can be signed. A program outside is only ever given a SHA-256, as 64
   * hexadecimal digits.
   */
  default boolean signsAnyMessage() {
    return true;
  }

  /** The public key as PEM text with its last newline. */
  default String publicKeyPem() {
    return key().pem();
  }

  /** What a client pins. */
  default Digest fingerprint() {
    return key().fingerprint();
  }
}
