package org.slipway.sign;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * A host's certificate with those that vouch for it, and the key that it belongs to, as TLS needs them.
 *
 * @param chain the host's own certificate first
 */
record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final int MOST_BYTES = 1 << 20;

  ServerCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * Reads both files, as certbot and others write them.
   *
   * @param certificate PEM, the host's certificate first, then its issuers'
   * @param key PEM: PKCS#8, PKCS#1 or SEC1, RSA, EC or Ed25519, without a passphrase; not readable by everybody
   * @throws KeyFileException where the key is of no use
   * @throws IOException where the certificate is of no use
   */
  static ServerCertificate read(Path certificate, Path key) throws IOException {
    List<X509Certificate> chain = chain(certificate);
    PublicKey known = chain.get(0).getPublicKey();
    PrivateKeyInfo info = info(key);
    try {
      PrivateKey secret = KeyFactory.getInstance(known.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
      if (belong(secret, known)) {
        return new ServerCertificate(chain, secret);
      }
    } catch (GeneralSecurityException e) {
      // Another kind of key than the certificate's.
    }
    throw new KeyFileException(
        "the key " + key + " is not the one that the certificate " + certificate + " was made for");
  }

  private static List<X509Certificate> chain(Path file) throws IOException {
    String text = text(file, "the certificate");
    if (!text.contains("-----BEGIN CERTIFICATE-----")) {
      throw new IOException(
          "the certificate " + file + " is not in PEM; it starts with -----BEGIN CERTIFICATE-----");
    }
    try {
      // What stands around the certificates, as openssl x509 -text prints, is not for this factory.
      String from = text.substring(text.indexOf("-----BEGIN CERTIFICATE-----"));
      List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(from.getBytes(StandardCharsets.US_ASCII)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate " + file + " is damaged: " + e.getMessage(), e);
    }
    throw new IOException("the certificate " + file + " is empty");
  }

  private static PrivateKeyInfo info(Path file) throws IOException {
    String text = text(file, "the key");
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new KeyFileException(
            "everybody on this host can read the key " + file + "; run: chmod 600 " + file);
      }
    } catch (UnsupportedOperationException e) {
      // A file system without modes.
    }
    try (Reader reader = new StringReader(text);
        PEMParser parser = new PEMParser(reader)) {
      for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
        if (each instanceof PEMEncryptedKeyPair || each instanceof PKCS8EncryptedPrivateKeyInfo) {
          throw new KeyFileException("the key " + file
              + " has a passphrase, which nobody is there to type; give one without:"
              + " openssl pkey -in " + file + " -out NEW");
        }
        PrivateKeyInfo found = info(each);
        if (found != null) {
          return found;
        }
      }
    } catch (PEMException | RuntimeException damaged) {
      throw new KeyFileException("the key " + file + " is damaged");
    }
    throw new KeyFileException("there is no private key in " + file
        + "; one starts with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----");
  }

  private static @Nullable PrivateKeyInfo info(Object found) {
    return found instanceof PEMKeyPair pair
        ? pair.getPrivateKeyInfo()
        : found instanceof PrivateKeyInfo info ? info : null;
  }

  private static String text(Path file, String what) throws IOException {
    String why;
    try {
      if (Files.size(file) <= MOST_BYTES) {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
      }
      why = " is larger than 1 MiB, so it is none";
    } catch (NoSuchFileException e) {
      why = " is not there";
    } catch (AccessDeniedException e) {
      why = " cannot be read by the user who runs the farm";
    }
    String message = what + " " + file + why;
    throw what.equals("the key") ? new KeyFileException(message) : new IOException(message);
  }

  private static boolean belong(PrivateKey secret, PublicKey known)
      throws GeneralSecurityException {
    String algorithm = switch (known.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "Ed25519";
    };
    byte[] text = "slipway".getBytes(StandardCharsets.US_ASCII);
    java.security.Signature signature = java.security.Signature.getInstance(algorithm);
    signature.initSign(secret);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(known);
    signature.update(text);
    return signature.verify(signed);
  }

  /** The public half alone. */
  @Override
  public String toString() {
    return "certificate of " + chain.get(0).getSubjectX500Principal();
  }
}
