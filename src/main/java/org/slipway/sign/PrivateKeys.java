package org.slipway.sign;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;

/**
 * Reads a private key in any form that openssl or pkg writes: PKCS#1, PKCS#8 and SEC 1, plain or
 * encrypted (RFC 1421's DEK-Info and PBES2 alike), as PEM or DER, and pkg's own DER of ECDSA keys.
 */
final class PrivateKeys {
  private static final int LEAST_RSA_BITS = 2048;
  private static final byte[] PROBE = {'s', 'l', 'i', 'p', 'w', 'a', 'y'};

  private final Path file;
  private final Passphrase passphrase;

  private PrivateKeys(Path file, Passphrase passphrase) {
    this.file = file;
    this.passphrase = passphrase;
  }

  /**
   * Reads and tries a key.
   *
   * @param bytes of the file, to be wiped by the caller
   * @param file for messages
   */
  static SigningKey decode(byte[] bytes, Path file, Passphrase passphrase) throws IOException {
    SigningKey key = new PrivateKeys(file, passphrase).decode(bytes);
    VerifyingKey half = key.publicHalf();
    if (half.type() == KeyType.RSA && half.bits() < LEAST_RSA_BITS) {
      throw new KeyFileException(
          "the key " + file + " has less than " + LEAST_RSA_BITS + " bits; make a longer one");
    }
    boolean fits;
    try {
      fits = half.verify(PROBE, key.sign(PROBE).bytes());
    } catch (RuntimeException e) {
      fits = false;
    }
    if (!fits) {
      throw new KeyFileException(
          "the key " + file + " is damaged: its two halves do not fit; put it back from a backup");
    }
    return key;
  }

  private SigningKey decode(byte[] bytes) throws IOException {
    List<Pem.Block> blocks = Pem.decode(bytes);
    Optional<Pem.Block> found =
        blocks.stream().filter(block -> block.kind().endsWith("PRIVATE KEY")).findFirst();
    try {
      if (found.isPresent()) {
        Pem.Block block = found.get();
        return block.headers().containsKey("DEK-Info")
            ? decrypted(block)
            : decode(block.kind(), block.der());
      }
      if (blocks.stream().anyMatch(block -> block.kind().contains("PUBLIC KEY"))) {
        throw new KeyFileException(
            "the key " + file + " is a public key; signing needs the private one");
      }
      return decodeDer(bytes);
    } finally {
      blocks.forEach(Pem.Block::wipe);
    }
  }

  private SigningKey decodeDer(byte[] der) throws IOException {
    ASN1Sequence sequence;
    try {
      sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der));
    } catch (IOException | IllegalArgumentException e) {
      throw damaged();
    }
    if (sequence == null || sequence.size() < 2) {
      throw damaged();
    }
    try {
      Optional<SigningKey> pkg = EcdsaKeys.ofPkg(sequence).map(SigningKey.Ecdsa::new);
      return pkg.isPresent() ? pkg.get() : decode(kind(sequence), der);
    } catch (UnusableKeyException e) {
      throw unusable(e);
    }
  }

  /** The word that PEM would have for it. */
  private static String kind(ASN1Sequence sequence) {
    ASN1Encodable first = sequence.getObjectAt(0);
    ASN1Encodable second = sequence.getObjectAt(1);
    if (first instanceof ASN1Sequence) {
      return second instanceof ASN1OctetString ? "ENCRYPTED PRIVATE KEY" : "";
    }
    if (!(first instanceof ASN1Integer)) {
      return "";
    }
    if (second instanceof ASN1OctetString) {
      return "EC PRIVATE KEY";
    }
    return second instanceof ASN1Sequence ? "PRIVATE KEY" : "RSA PRIVATE KEY";
  }

  private SigningKey decode(String kind, byte[] der) throws IOException {
    try {
      return switch (kind) {
        case "PRIVATE KEY" -> ofPkcs8(PrivateKeyInfo.getInstance(der));
        case "RSA PRIVATE KEY" ->
          ofPkcs8(new PrivateKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
              RSAPrivateKey.getInstance(der)));
        case "EC PRIVATE KEY" ->
          new SigningKey.Ecdsa(EcdsaKeys.privateKey(ECPrivateKey.getInstance(der)));
        case "ENCRYPTED PRIVATE KEY" -> decrypted(der);
        case "OPENSSH PRIVATE KEY" ->
          throw new KeyFileException(
              "the key " + file
                  + " is in OpenSSH's own form; rewrite a copy of it with: ssh-keygen -p -m PEM -f COPY");
        default -> throw damaged();
      };
    } catch (KeyFileException e) {
      throw e;
    } catch (UnusableKeyException e) {
      throw unusable(e);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // Whatever a parser says of a damaged key, a person needs no more than that it is.
      throw damaged();
    }
  }

  private SigningKey ofPkcs8(PrivateKeyInfo info)
      throws IOException, GeneralSecurityException, UnusableKeyException {
    ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
    if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return new SigningKey.Ecdsa(EcdsaKeys.privateKey(info));
    }
    if (!algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      throw new UnusableKeyException("it is neither RSA nor ECDSA but of algorithm " + algorithm);
    }
    byte[] der = info.getEncoded("DER");
    try {
      return SigningKey.Rsa.of(der);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /** RFC 1421: {@code DEK-Info: AES-256-CBC,}initial vector in hexadecimal digits. */
  private SigningKey decrypted(Pem.Block block) throws IOException {
    String[] info = String.valueOf(block.headers().get("DEK-Info")).split(",", 2);
    char[] word = passphrase();
    byte[] der = new byte[0];
    try {
      byte[] vector = HexFormat.of().parseHex(info.length == 2 ? info[1].strip() : "?");
      der = new BcPEMDecryptorProvider(word).get(info[0].strip()).decrypt(block.der(), vector);
      // A wrong passphrase may also decrypt to nonsense, one time in 256.
      ASN1Primitive.fromByteArray(der);
    } catch (IOException | RuntimeException e) {
      Arrays.fill(der, (byte) 0);
      throw closed();
    } finally {
      Arrays.fill(word, '\0');
    }
    try {
      return decode(block.kind(), der);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private SigningKey decrypted(byte[] der)
      throws IOException, GeneralSecurityException, UnusableKeyException {
    char[] word = passphrase();
    PrivateKeyInfo info;
    try {
      info = new PKCS8EncryptedPrivateKeyInfo(der)
          .decryptPrivateKeyInfo(new JcePKCSPBEInputDecryptorProviderBuilder()
              .setProvider(new BouncyCastleProvider())
              .build(word));
    } catch (IOException | PKCSException | RuntimeException e) {
      throw closed();
    } finally {
      Arrays.fill(word, '\0');
    }
    return ofPkcs8(info);
  }

  private char[] passphrase() throws IOException {
    if (passphrase.isNone()) {
      throw new KeyFileException("the key " + file
          + " is encrypted; name the file or the environment variable with its passphrase");
    }
    return passphrase.read();
  }

  private KeyFileException closed() {
    return new KeyFileException(passphrase + " does not open the key " + file);
  }

  private KeyFileException damaged() {
    return new KeyFileException("the key " + file
        + " is damaged, or no RSA or ECDSA key in PEM; put it back from a backup");
  }

  private KeyFileException unusable(UnusableKeyException fault) {
    return new KeyFileException("the key " + file + " cannot be used: " + fault.getMessage());
  }
}
