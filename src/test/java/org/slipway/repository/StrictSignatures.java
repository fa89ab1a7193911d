package org.slipway.repository;

import static org.slipway.repository.StrictRepositoryReader.check;
import static org.slipway.repository.StrictRepositoryReader.sha256;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/** What a client of one form believes: which members sign a text, and that they do. */
final class StrictSignatures {
  private static final String ECDSA = "$PKGSIGN:ecdsa$";

  private enum Form {
    FINGERPRINTS,
    PUBKEY,
    UNSIGNED
  }

  private final Form form;
  private final Path trust;
  private final int keys;

  private StrictSignatures(Form form, Path trust, int keys) {
    this.form = form;
    this.trust = trust;
    this.keys = keys;
  }

  /** @param folder with {@code trusted/}, and {@code revoked/} if there is one */
  static StrictSignatures fingerprints(Path folder, int keys) {
    return new StrictSignatures(Form.FINGERPRINTS, folder, keys);
  }

  /** @param file PEM of RSA, or DER of ECDSA */
  static StrictSignatures publicKey(Path file) {
    return new StrictSignatures(Form.PUBKEY, file, 1);
  }

  static StrictSignatures unsigned() {
    return new StrictSignatures(Form.UNSIGNED, Path.of(""), 0);
  }

  /** The names of the members that have to stand before this one. */
  List<String> names(String member) {
    List<String> names = new ArrayList<>();
    if (form == Form.PUBKEY) {
      names.add("signature");
    } else if (form == Form.FINGERPRINTS) {
      for (int i = 1; i <= keys; i++) {
        String pair = i == 1 ? member : member + "." + i;
        names.add(pair + ".sig");
        names.add(pair + ".pub");
      }
    }
    return names;
  }

  /** The files that have to stand beside this one. */
  List<String> files(String file) {
    return names(file).stream()
        .map(name -> name.equals("signature") ? file + ".signature" : name)
        .toList();
  }

  void require(String where, byte[] text, List<byte[]> signatures) throws IOException {
    if (form == Form.PUBKEY) {
      byte[] key = Files.readAllBytes(trust);
      boolean rsa = new String(key, StandardCharsets.ISO_8859_1).startsWith("-----BEGIN");
      requireSignature(
          where,
          rsa ? key : joined(ECDSA, key),
          rsa ? ascii(sha256(text)) : blake2b(text),
          signatures.get(0));
    } else if (form == Form.FINGERPRINTS) {
      boolean trusted = false;
      for (int i = 0; i < signatures.size(); i += 2) {
        byte[] key = signatures.get(i + 1);
        String print = sha256(unmarked(key));
        trusted |= prints("trusted").contains(print);
        check(!prints("revoked").contains(print), where + ": key is revoked");
        requireSignature(where, key, ascii(sha256(text)), signatures.get(i));
      }
      check(trusted, where + ": key is not trusted");
    }
  }

  private static void requireSignature(String where, byte[] key, byte[] message, byte[] signature) {
    boolean ecdsa = startsWith(key, ECDSA);
    check(startsWith(signature, ECDSA) == ecdsa, where + ": signature and key of two types");
    check(
        ecdsa
            ? ecdsaFits(unmarked(key), message, unmarked(signature))
            : rsaFits(where, key, message, signature),
        where + ": the signature is wrong");
  }

  private static boolean rsaFits(String where, byte[] pem, byte[] message, byte[] signature) {
    String text = new String(pem, StandardCharsets.US_ASCII);
    String head = "-----BEGIN PUBLIC KEY-----\n";
    String tail = "\n-----END PUBLIC KEY-----\n";
    check(text.startsWith(head) && text.endsWith(tail), where + ": the key is no PEM");
    String body = text.substring(head.length(), text.length() - tail.length());
    try {
      PublicKey key = KeyFactory.getInstance("RSA")
          .generatePublic(
              new X509EncodedKeySpec(Base64.getDecoder().decode(body.replace("\n", ""))));
      java.security.Signature rsa = java.security.Signature.getInstance("SHA256withRSA");
      rsa.initVerify(key);
      rsa.update(message);
      return rsa.verify(signature);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(where + ": " + e.getMessage(), e);
    }
  }

  private static boolean ecdsaFits(byte[] der, byte[] message, byte[] signature) {
    try {
      ECDSASigner signer = new ECDSASigner();
      signer.init(false, (ECPublicKeyParameters) PublicKeyFactory.createKey(der));
      ASN1Sequence parts = ASN1Sequence.getInstance(signature);
      BigInteger r = ((ASN1Integer) parts.getObjectAt(0)).getValue();
      BigInteger s = ((ASN1Integer) parts.getObjectAt(1)).getValue();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(message);
      return signer.verifySignature(digest, r, s);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Set<String> prints(String kind) throws IOException {
    Path folder = trust.resolve(kind);
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    Set<String> found = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        check(Pattern.compile("function:\\s*\"sha256\"").matcher(text).find(), file + ": function");
        Matcher hex = Pattern.compile("fingerprint:\\s*\"([0-9a-f]{64})\"").matcher(text);
        check(hex.find(), file + ": fingerprint");
        found.add(hex.group(1));
      }
    }
    return found;
  }

  private static byte[] blake2b(byte[] text) {
    Blake2bDigest digest = new Blake2bDigest(512);
    digest.update(text, 0, text.length);
    byte[] result = new byte[64];
    digest.doFinal(result, 0);
    return result;
  }

  private static byte[] unmarked(byte[] bytes) {
    return startsWith(bytes, ECDSA)
        ? Arrays.copyOfRange(bytes, ECDSA.length(), bytes.length)
        : bytes;
  }

  private static boolean startsWith(byte[] bytes, String word) {
    return bytes.length >= word.length()
        && new String(bytes, 0, word.length(), StandardCharsets.ISO_8859_1).equals(word);
  }

  private static byte[] joined(String head, byte[] tail) {
    byte[] all = Arrays.copyOf(ascii(head), head.length() + tail.length);
    System.arraycopy(tail, 0, all, head.length(), tail.length);
    return all;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
