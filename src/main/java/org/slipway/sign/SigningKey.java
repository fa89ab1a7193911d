package org.slipway.sign;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.slipway.packages.Digest;

/** A private key in memory. Neither its text nor its fields are shown anywhere. */
sealed interface SigningKey {
  /** Equal messages give equal signatures. */
  Signature sign(byte[] message);

  VerifyingKey publicHalf();

  /** PKCS#8, not encrypted; to be wiped by the caller. */
  byte[] encoded();

  /** RSA, PKCS#1 v1.5 with SHA-256. */
  final class Rsa implements SigningKey {
    private final PrivateKey key;
    private final VerifyingKey publicHalf;

    private Rsa(PrivateKey key, RSAPublicKey publicKey) {
      this.key = key;
      this.publicHalf = VerifyingKey.of(publicKey);
    }

    static Rsa generate(int bits) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        return new Rsa(pair.getPrivate(), (RSAPublicKey) pair.getPublic());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java has RSA", e);
      }
    }

    /** From PKCS#8; the public half is derived. */
    static Rsa of(byte[] pkcs8) throws GeneralSecurityException {
      KeyFactory factory = KeyFactory.getInstance("RSA");
      if (!(factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8))
          instanceof RSAPrivateCrtKey key)) {
        throw new GeneralSecurityException("no public exponent");
      }
      return new Rsa(key, (RSAPublicKey)
          factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())));
    }

    @Override
    public Signature sign(byte[] message) {
      try {
        java.security.Signature rsa = java.security.Signature.getInstance("SHA256withRSA");
        rsa.initSign(key);
        rsa.update(message);
        return new Signature(rsa.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a key that was read as RSA does not sign", e);
      }
    }

    @Override
    public VerifyingKey publicHalf() {
      return publicHalf;
    }

    @Override
    public byte[] encoded() {
      return key.getEncoded();
    }

    @Override
    public String toString() {
      return publicHalf.toString();
    }
  }

  /** ECDSA with SHA-256; its nonce is derived from key and message (RFC 6979). */
  final class Ecdsa implements SigningKey {
    private final ECPrivateKeyParameters key;
    private final VerifyingKey publicHalf;

    Ecdsa(ECPrivateKeyParameters key) {
      this.key = key;
      this.publicHalf = VerifyingKey.of(EcdsaKeys.publicKey(key));
    }

    static Ecdsa generate() {
      ECKeyPairGenerator generator = new ECKeyPairGenerator();
      generator.init(new ECKeyGenerationParameters(
          Curve.byName(Curve.DEFAULT).orElseThrow(), new SecureRandom()));
      AsymmetricCipherKeyPair pair = generator.generateKeyPair();
      return new Ecdsa((ECPrivateKeyParameters) pair.getPrivate());
    }

    @Override
    public Signature sign(byte[] message) {
      ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
      signer.init(true, key);
      BigInteger[] parts = signer.generateSignature(Digest.sha256().digest(message));
      try {
        return new Signature(
            StandardDSAEncoding.INSTANCE.encode(key.getParameters().getN(), parts[0], parts[1]));
      } catch (IOException e) {
        throw new IllegalStateException("two numbers cannot be written in DER", e);
      }
    }

    @Override
    public VerifyingKey publicHalf() {
      return publicHalf;
    }

    @Override
    public byte[] encoded() {
      return EcdsaKeys.encode(key);
    }

    @Override
    public String toString() {
      return publicHalf.toString();
    }
  }
}
