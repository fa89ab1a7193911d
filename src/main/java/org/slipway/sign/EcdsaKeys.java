package org.slipway.sign;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** ECDSA keys in the forms that openssl and pkg write them. */
final class EcdsaKeys {
  private EcdsaKeys() {}

  static ECPublicKeyParameters publicKey(SubjectPublicKeyInfo info) throws UnusableKeyException {
    ECNamedDomainParameters curve = curve(info.getAlgorithm());
    try {
      return new ECPublicKeyParameters(
          curve.getCurve().decodePoint(info.getPublicKeyData().getOctets()), curve);
    } catch (RuntimeException e) {
      // The parser has no word of its own for bytes that are no point.
      throw new UnusableKeyException("its ECDSA key is damaged");
    }
  }

  static ECPublicKeyParameters publicKey(ECPrivateKeyParameters key) {
    return new ECPublicKeyParameters(
        new FixedPointCombMultiplier().multiply(key.getParameters().getG(), key.getD()),
        key.getParameters());
  }

  /** A SubjectPublicKeyInfo with an uncompressed point, the only kind of point pkg reads. */
  static byte[] encode(ECPublicKeyParameters key) {
    try {
      return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a key that was read cannot be written", e);
    }
  }

  /** PKCS#8. */
  static byte[] encode(ECPrivateKeyParameters key) {
    try {
      return PrivateKeyInfoFactory.createPrivateKeyInfo(key).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a key that was made cannot be written", e);
    }
  }

  /** From PKCS#8, whose frame names the curve. */
  static ECPrivateKeyParameters privateKey(PrivateKeyInfo info)
      throws IOException, UnusableKeyException {
    ECPrivateKey inner = ECPrivateKey.getInstance(info.parsePrivateKey());
    return privateKey(inner, curve(info.getPrivateKeyAlgorithm()));
  }

  /** From SEC 1 ({@code EC PRIVATE KEY}), which names its curve itself. */
  static ECPrivateKeyParameters privateKey(ECPrivateKey sec1) throws UnusableKeyException {
    if (!(sec1.getParametersObject() instanceof ASN1ObjectIdentifier identifier)) {
      throw new UnusableKeyException("it does not name its curve");
    }
    return privateKey(sec1, curve(identifier));
  }

  /** With the public half beside it, where it is, a damaged number is noticed. */
  private static ECPrivateKeyParameters privateKey(ECPrivateKey sec1, ECNamedDomainParameters curve)
      throws UnusableKeyException {
    ECPrivateKeyParameters key = privateKey(sec1.getKey(), curve);
    ASN1BitString told = sec1.getPublicKey();
    if (told != null) {
      try {
        if (!curve
            .getCurve()
            .decodePoint(told.getOctets())
            .equals(publicKey(key).getQ())) {
          throw new UnusableKeyException("its two halves do not belong together");
        }
      } catch (IllegalArgumentException e) {
        throw new UnusableKeyException("its public half is damaged");
      }
    }
    return key;
  }

  /**
   * From what {@code pkg key --create -t ecdsa} writes: a sequence of the words pkg, 1, ecc and the
   * curve's name, whether it is public, and a bit string that begins with 4 and holds the number,
   * filled up with zeros in front ({@code ecc_write_pkgkey} in libpkg/pkgsign_ecc.c). Empty for a
   * sequence that is none of these.
   */
  static Optional<ECPrivateKeyParameters> ofPkg(ASN1Sequence sequence) throws UnusableKeyException {
    if (sequence.size() != 6
        || !(sequence.getObjectAt(0) instanceof ASN1UTF8String application)
        || !application.getString().equals("pkg")
        || !(sequence.getObjectAt(1) instanceof ASN1Integer version)
        || !version.hasValue(1)
        || !(sequence.getObjectAt(3) instanceof ASN1UTF8String curve)
        || !(sequence.getObjectAt(5) instanceof ASN1BitString bits)) {
      return Optional.empty();
    }
    byte[] key = bits.getOctets();
    Optional<ECNamedDomainParameters> known = Curve.byName(curve.getString());
    if (known.isEmpty()) {
      throw new UnusableKeyException("it is a key on the curve " + curve.getString()
          + " that pkg key made, which Slipway cannot sign with; use rsa or ecdsa");
    }
    if (key.length < 2 || key[0] != 4) {
      throw new UnusableKeyException("it is damaged");
    }
    return Optional.of(privateKey(new BigInteger(1, key, 1, key.length - 1), known.get()));
  }

  private static ECPrivateKeyParameters privateKey(BigInteger number, ECNamedDomainParameters curve)
      throws UnusableKeyException {
    try {
      return new ECPrivateKeyParameters(number, curve);
    } catch (IllegalArgumentException e) {
      throw new UnusableKeyException("it is damaged");
    }
  }

  private static ECNamedDomainParameters curve(AlgorithmIdentifier algorithm)
      throws UnusableKeyException {
    if (!(algorithm.getParameters() instanceof ASN1ObjectIdentifier identifier)) {
      throw new UnusableKeyException("it does not name its curve");
    }
    return curve(identifier);
  }

  private static ECNamedDomainParameters curve(ASN1ObjectIdentifier identifier)
      throws UnusableKeyException {
    return Curve.byIdentifier(identifier)
        .orElseThrow(() -> new UnusableKeyException("pkg does not read keys on its curve, "
            + Curve.describe(identifier)
            + "; make one on "
            + Curve.DEFAULT));
  }
}
