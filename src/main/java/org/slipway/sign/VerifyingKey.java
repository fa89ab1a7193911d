package org.slipway.sign;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.slipway.packages.Digest;

/**
 * The public half of a key, in the bytes that pkg clients have of it: PEM text for RSA, the DER of a
 * SubjectPublicKeyInfo for ECDSA. Those bytes are what a NAME.pub file holds and what a fingerprint
 * is of.
 */
public final class VerifyingKey {
  private static final int MOST_BYTES = 1 << 16;

  private final KeyType type;
  private final byte[] bytes;
  private final byte[] der;
  private final Half half;

  private VerifyingKey(KeyType type, byte[] bytes, byte[] der, Half half) {
    this.type = type;
    this.bytes = bytes;
    this.der = der;
    this.half = half;
  }

  private sealed interface Half permits Rsa, Ecdsa {}

  private record Rsa(PublicKey key, int bits) implements Half {}

  private record Ecdsa(ECPublicKeyParameters key, ECNamedDomainParameters curve) implements Half {}

  /**
   * Reads a public key as a client has it. An RSA key's text stays as it is to the byte, for its
   * fingerprint's sake; an ECDSA key may come as PEM and becomes DER, the one form pkg reads.
   *
   * @throws KeyFileException when it is none, or of a kind that pkg does not know
   */
  public static VerifyingKey of(byte[] bytes) throws KeyFileException {
    if (bytes.length > MOST_BYTES) {
      throw new KeyFileException("a public key has no " + bytes.length + " bytes");
    }
    List<Pem.Block> blocks = Pem.decode(bytes);
    byte[] der = bytes;
    if (!blocks.isEmpty()) {
      der = blocks.stream()
          .filter(block -> block.kind().equals("PUBLIC KEY"))
          .findFirst()
          .orElseThrow(() -> new KeyFileException(
              "a " + blocks.get(0).kind() + " is not what clients trust; they need the PUBLIC KEY"))
          .der();
    }
    SubjectPublicKeyInfo info;
    ASN1ObjectIdentifier algorithm;
    try {
      info = SubjectPublicKeyInfo.getInstance(der);
      algorithm = info.getAlgorithm().getAlgorithm();
    } catch (RuntimeException e) {
      // The parser has no word of its own for bytes that are no key.
      throw new KeyFileException("there is no public key in PEM or DER");
    }
    if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      Rsa rsa = rsa(der);
      return new VerifyingKey(
          KeyType.RSA,
          blocks.isEmpty() ? Pem.encode("PUBLIC KEY", der) : bytes.clone(),
          der.clone(),
          rsa);
    }
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      try {
        return of(EcdsaKeys.publicKey(info));
      } catch (UnusableKeyException e) {
        throw new KeyFileException(String.valueOf(e.getMessage()));
      }
    }
    throw new KeyFileException(
        "a public key of algorithm " + algorithm + " is neither RSA nor ECDSA");
  }

  /**
   * Reads the public half from a file that holds either half.
   *
   * @param passphrase of a private key that is encrypted
   */
  public static VerifyingKey read(Path file, Passphrase passphrase) throws IOException {
    try {
      return read(file);
    } catch (KeyFileException noPublicKey) {
      if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
        throw noPublicKey;
      }
      return Signer.read(file, passphrase).key();
    }
  }

  /** Reads a {@code NAME.pub} file. */
  public static VerifyingKey read(Path file) throws IOException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new KeyFileException(file + " is no public key: it is too long for one");
      }
      return of(Files.readAllBytes(file));
    } catch (KeyFileException e) {
      throw new KeyFileException(file + " is no public key: " + e.getMessage());
    } catch (NoSuchFileException e) {
      throw new KeyFileException("there is no public key " + file);
    } catch (AccessDeniedException e) {
      throw new KeyFileException(file + " is not readable");
    }
  }

  static VerifyingKey of(RSAPublicKey key) {
    byte[] der = key.getEncoded();
    return new VerifyingKey(
        KeyType.RSA,
        Pem.encode("PUBLIC KEY", der),
        der,
        new Rsa(key, key.getModulus().bitLength()));
  }

  static VerifyingKey of(ECPublicKeyParameters key) {
    byte[] der = EcdsaKeys.encode(key);
    return new VerifyingKey(
        KeyType.ECDSA, der, der, new Ecdsa(key, (ECNamedDomainParameters) key.getParameters()));
  }

  public KeyType type() {
    return type;
  }

  /** What a {@code NAME.pub} file holds: PEM for RSA, DER for ECDSA. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** PEM for people and other programs, whatever pkg's form is. */
  public String pem() {
    return new String(
        type == KeyType.RSA ? bytes : Pem.encode("PUBLIC KEY", der), StandardCharsets.US_ASCII);
  }

  /** What a client pins: the SHA-256 of {@link #bytes()}. */
  public Digest fingerprint() {
    return Digest.of(bytes);
  }

  /** Length of an RSA key's modulus, or of an ECDSA key's field. */
  public int bits() {
    return half instanceof Ecdsa ecdsa
        ? ecdsa.curve().getCurve().getFieldSize()
        : ((Rsa) half).bits();
  }

  /** Such as {@code secp256k1}; empty for RSA. */
  public Optional<String> curve() {
    return half instanceof Ecdsa ecdsa ? Optional.of(Curve.name(ecdsa.curve())) : Optional.empty();
  }

  /** Whether a signature is this key's of a message; false for one that is damaged, too. */
  public boolean verify(byte[] message, byte[] signature) {
    return half instanceof Ecdsa ecdsa
        ? verify(ecdsa, message, signature)
        : verify((Rsa) half, message, signature);
  }

  /** The text of a file in {@code fingerprints/trusted/} or {@code fingerprints/revoked/}. */
  public String fingerprintFile() {
    return "function: \"sha256\"\nfingerprint: \"" + fingerprint() + "\"\n";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return type + " key " + fingerprint();
  }

  private static Rsa rsa(byte[] der) throws KeyFileException {
    try {
      PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
      return new Rsa(key, ((RSAPublicKey) key).getModulus().bitLength());
    } catch (GeneralSecurityException e) {
      throw new KeyFileException("its RSA key is damaged");
    }
  }

  private static boolean verify(Rsa rsa, byte[] message, byte[] signature) {
    try {
      java.security.Signature check = java.security.Signature.getInstance("SHA256withRSA");
      check.initVerify(rsa.key());
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      // A signature of another length, which is a wrong one.
      return false;
    }
  }

  private static boolean verify(Ecdsa ecdsa, byte[] message, byte[] signature) {
    BigInteger[] parts;
    try {
      parts = StandardDSAEncoding.INSTANCE.decode(ecdsa.curve().getN(), signature);
    } catch (IOException | RuntimeException e) {
      // The parser has no word of its own for bytes that are no signature.
      return false;
    }
    ECDSASigner check = new ECDSASigner();
    check.init(false, ecdsa.key());
    return check.verifySignature(Digest.sha256().digest(message), parts[0], parts[1]);
  }
}
