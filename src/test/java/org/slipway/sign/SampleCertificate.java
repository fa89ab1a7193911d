package org.slipway.sign;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate that vouches for itself, for 127.0.0.1, made for one test. */
public record SampleCertificate(X509Certificate certificate, KeyPair keys) {
  /** @param algorithm {@code RSA}, {@code EC} or {@code Ed25519} */
  public static SampleCertificate make(String algorithm, String name) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("RSA")) {
        generator.initialize(2048);
      } else if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      }
      KeyPair keys = generator.generateKeyPair();
      X500Name subject = new X500Name("CN=" + name);
      Instant now = Instant.now();
      var builder = new JcaX509v3CertificateBuilder(
          subject,
          BigInteger.valueOf(now.toEpochMilli()),
          Date.from(now.minus(Duration.ofDays(1))),
          Date.from(now.plus(Duration.ofDays(1))),
          subject,
          keys.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
      String signing = switch (algorithm) {
        case "RSA" -> "SHA256withRSA";
        case "EC" -> "SHA256withECDSA";
        default -> "Ed25519";
      };
      X509Certificate certificate = new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(signing).build(keys.getPrivate())));
      return new SampleCertificate(certificate, keys);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The certificate alone, as PEM. */
  public String pem() throws IOException {
    return pem(new PemObject("CERTIFICATE", encoded()));
  }

  private byte[] encoded() {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key in PKCS#8. */
  String pkcs8() throws IOException {
    return pem(new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  /** The key as openssl's older commands write it: PKCS#1, or SEC1 after its curve. */
  String traditional() throws IOException {
    if (keys.getPrivate() instanceof ECPrivateKey key) {
      ASN1ObjectIdentifier curve = SECObjectIdentifiers.secp256r1;
      return pem(new PemObject("EC PARAMETERS", curve.getEncoded()))
          + pem(new PemObject(
              "EC PRIVATE KEY",
              new org.bouncycastle.asn1.sec.ECPrivateKey(256, key.getS(), curve).getEncoded()));
    }
    return pem(new PemObject(
        "RSA PRIVATE KEY",
        PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded()));
  }

  private static String pem(PemObject object) throws IOException {
    StringWriter out = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(out)) {
      writer.writeObject(object);
    }
    return out.toString();
  }

  /** Writes {@code cert.pem} and {@code key.pem}, each put in place by a rename. */
  public void write(Path folder) throws IOException {
    put(folder.resolve("cert.pem"), pem());
    put(folder.resolve("key.pem"), pkcs8());
  }

  static void put(Path file, String text) throws IOException {
    Path temporary = Files.createTempFile(file.resolveSibling(""), "new", "");
    Files.writeString(temporary, text, StandardCharsets.US_ASCII);
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
    Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
