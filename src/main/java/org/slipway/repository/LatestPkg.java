package org.slipway.repository;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.sign.SignatureMember;
import org.slipway.sign.Signing;

/**
 * What {@code /usr/sbin/pkg} fetches on a machine that has no pkg yet: {@code Latest/pkg.pkg} and what
 * signs it (FreeBSD's usr.sbin/pkg/pkg.c). With fingerprints that is {@code pkg.pkg.sig}: lines
 * {@code SIGNATURE}, {@code TYPE} where the key is not RSA, {@code CERT} and {@code END} with the
 * signature, the type and the public key between them. With a public key it is
 * {@code pkg.pkg.pubkeysig}, the signature alone; for keys that are not RSA that program signs other
 * bytes than pkg does and miscounts the signature's length, so none is written.
 */
final class LatestPkg {
  static final String FOLDER = "Latest";
  static final String FILE = "pkg.pkg";

  private static final byte[] MARK = "$PKGSIGN:".getBytes(StandardCharsets.US_ASCII);

  private LatestPkg() {}

  /** The files beside {@code pkg.pkg}, by name; none for an unsigned repository. */
  static Map<String, byte[]> signatures(Path pkg, Signing signing) throws IOException {
    if (signing.form() == Signing.Form.UNSIGNED) {
      return Map.of();
    }
    Signing.Content content = signing.begin(FILE);
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(pkg)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        content.update(buffer, 0, count);
      }
    }
    List<SignatureMember> members = content.members();
    Map<String, byte[]> files = new TreeMap<>();
    if (signing.form() == Signing.Form.PUBKEY) {
      byte[] signature = members.get(0).bytes();
      if (type(signature).isEmpty()) {
        files.put(FILE + ".pubkeysig", signature);
      }
    } else {
      // Its reader takes one key; the first is the one that clients had first.
      files.put(
          FILE + ".sig", certificate(members.get(0).bytes(), members.get(1).bytes()));
    }
    return files;
  }

  private static byte[] certificate(byte[] signature, byte[] key) {
    Optional<String> type = type(signature);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    line(out, "SIGNATURE");
    out.writeBytes(unmarked(signature));
    line(out, "");
    if (type.isPresent()) {
      line(out, "TYPE");
      line(out, type.get());
    }
    line(out, "CERT");
    out.writeBytes(unmarked(key));
    line(out, "END");
    return out.toByteArray();
  }

  private static void line(ByteArrayOutputStream out, String word) {
    out.writeBytes((word + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Such as {@code ecdsa}; empty for RSA, which has no mark. */
  private static Optional<String> type(byte[] signature) {
    int end = markEnd(signature);
    return end == 0
        ? Optional.empty()
        : Optional.of(
            new String(signature, MARK.length, end - 1 - MARK.length, StandardCharsets.US_ASCII));
  }

  private static byte[] unmarked(byte[] bytes) {
    return java.util.Arrays.copyOfRange(bytes, markEnd(bytes), bytes.length);
  }

  private static int markEnd(byte[] bytes) {
    if (bytes.length < MARK.length
        || !java.util.Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length)) {
      return 0;
    }
    for (int i = MARK.length; i < bytes.length; i++) {
      if (bytes[i] == '$') {
        return i + 1;
      }
    }
    return 0;
  }
}
