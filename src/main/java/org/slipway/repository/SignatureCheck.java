package org.slipway.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.packages.Digest;
import org.slipway.sign.KeyFileException;
import org.slipway.sign.KeyType;
import org.slipway.sign.VerifyingKey;

/**
 * Whether a client with this trust believes a text by the members that stand beside it
 * (libpkg/pkg_repo.c): with fingerprints one trusted key has to have signed its SHA-256 in
 * hexadecimal, and a revoked key spoils it all; with a public key that key has to have signed it, for
 * ECDSA its BLAKE2b-512.
 */
final class SignatureCheck {
  /** pkg reads no more, and a signature or key that is longer is none. */
  private static final int MOST_KEYS = 4;

  private static final int MAX_SIGNATURE_BYTES = 1 << 16;
  private static final byte[] MARK = "$PKGSIGN:".getBytes(StandardCharsets.US_ASCII);

  private final Trust trust;

  SignatureCheck(Trust trust) {
    this.trust = trust;
  }

  /** Whether texts' BLAKE2b is asked for. */
  boolean wantsBlake2() {
    return trust instanceof Trust.PublicKey key && key.key().type() != KeyType.RSA;
  }

  /**
   * What is wrong, as the end of a sentence; empty when a client believes it.
   *
   * @param beside members or files by name
   */
  Optional<String> fault(CatalogueArchive.Digests digests, Map<String, byte[]> beside) {
    byte[] sha256 = HexFormat.of().formatHex(digests.sha256()).getBytes(StandardCharsets.US_ASCII);
    if (trust instanceof Trust.Fingerprints fingerprints) {
      return fault(fingerprints, sha256, beside);
    } else if (trust instanceof Trust.PublicKey known) {
      byte[] signature = beside.get("signature");
      if (signature == null) {
        return Optional.of("is not signed for clients that have a public key");
      }
      byte[] message = known.key().type() == KeyType.RSA ? sha256 : digests.blake2();
      return verified(known.key(), message, unmarked(signature))
          ? Optional.empty()
          : Optional.of("has a signature that is not this key's");
    }
    return Optional.empty();
  }

  /** The keys that stand beside a text, in their order. */
  static List<Digest> keys(Map<String, byte[]> beside) {
    return beside.entrySet().stream()
        .filter(each -> each.getKey().endsWith(".pub"))
        .map(each -> Digest.of(unmarked(each.getValue())))
        .toList();
  }

  /** What signs a file, from the files beside it ({@link Detached}), as members have it. */
  static Map<String, byte[]> detached(RepositoryFiles files, String name) throws IOException {
    Map<String, byte[]> beside = new LinkedHashMap<>();
    for (int i = 1; i <= MOST_KEYS; i++) {
      String pair = i == 1 ? name : name + "." + i;
      if (!add(files, pair + ".pub", pair + ".pub", beside)) {
        break;
      }
      add(files, pair + ".sig", pair + ".sig", beside);
    }
    add(files, name + ".signature", "signature", beside);
    return beside;
  }

  private static boolean add(
      RepositoryFiles files, String path, String member, Map<String, byte[]> beside)
      throws IOException {
    Optional<InputStream> found = files.open(path);
    if (found.isEmpty()) {
      return false;
    }
    try (InputStream in = found.get()) {
      beside.put(member, in.readNBytes(MAX_SIGNATURE_BYTES));
    }
    return true;
  }

  private static Optional<String> fault(
      Trust.Fingerprints trust, byte[] message, Map<String, byte[]> beside) {
    int keys = 0;
    boolean believed = false;
    for (Map.Entry<String, byte[]> each : beside.entrySet()) {
      if (!each.getKey().endsWith(".pub")) {
        continue;
      }
      keys++;
      byte[] bytes = unmarked(each.getValue());
      Digest print = Digest.of(bytes);
      if (trust.revoked().contains(print)) {
        return Optional.of("is signed with the revoked key " + print);
      }
      String name = each.getKey().substring(0, each.getKey().length() - 4);
      byte[] signature = beside.get(name + ".sig");
      if (trust.trusted().contains(print) && signature != null) {
        try {
          if (!verified(VerifyingKey.of(bytes), message, unmarked(signature))) {
            return Optional.of("has a wrong signature of the trusted key " + print);
          }
          believed = true;
        } catch (KeyFileException e) {
          return Optional.of("has a key that cannot be used: " + e.getMessage());
        }
      }
    }
    return believed
        ? Optional.empty()
        : Optional.of(
            keys == 0
                ? "is not signed for clients that have fingerprints"
                : "is signed by none of the trusted keys");
  }

  /** pkg writes RSA signatures with one zero byte more, and takes them without. */
  private static boolean verified(VerifyingKey key, byte[] message, byte[] signature) {
    int length = signature.length;
    boolean spare =
        key.type() == KeyType.RSA && length == key.bits() / 8 + 1 && signature[length - 1] == 0;
    return key.verify(message, spare ? Arrays.copyOf(signature, length - 1) : signature);
  }

  private static byte[] unmarked(byte[] bytes) {
    if (bytes.length < MARK.length || !Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
      return bytes;
    }
    for (int i = MARK.length; i < bytes.length; i++) {
      if (bytes[i] == '$') {
        return Arrays.copyOfRange(bytes, i + 1, bytes.length);
      }
    }
    return bytes;
  }
}
