package org.slipway.repository;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.packages.Digest;
import org.slipway.sign.VerifyingKey;

/** What a client believes a catalogue by. */
public sealed interface Trust {
  /**
   * One of these keys must have signed, and none of the others.
   *
   * @param trusted SHA-256 of public keys
   */
  record Fingerprints(Set<Digest> trusted, Set<Digest> revoked) implements Trust {
    public Fingerprints {
      trusted = Set.copyOf(trusted);
      revoked = Set.copyOf(revoked);
    }
  }

  /** This key must have signed. */
  record PublicKey(VerifyingKey key) implements Trust {}

  /** Signatures are not looked at. */
  record Nobody() implements Trust {}

  /**
   * Reads a folder of fingerprints as a client's {@code fingerprints:} names it.
   *
   * @param folder with {@code trusted/}, and {@code revoked/} where there is one
   * @throws RepositoryException when it trusts nothing, or a file in it is no fingerprint
   */
  static Trust fingerprints(Path folder) throws IOException {
    Set<Digest> trusted = FingerprintFiles.read(folder.resolve("trusted"));
    if (trusted.isEmpty()) {
      throw new RepositoryException(folder + " trusts nobody; it needs a file in trusted/");
    }
    return new Fingerprints(trusted, FingerprintFiles.read(folder.resolve("revoked")));
  }

  /** The files in which a client keeps fingerprints. */
  final class FingerprintFiles {
    private static final long MAX_BYTES = 1 << 16;
    private static final Pattern SHA256 =
        Pattern.compile("function\\s*[:=]?\\s*\"?sha256\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern PRINT =
        Pattern.compile("fingerprint\\s*[:=]?\\s*\"?([0-9A-Fa-f]{64})\"?");

    private FingerprintFiles() {}

    private static Set<Digest> read(Path folder) throws IOException {
      Set<Digest> found = new HashSet<>();
      if (!Files.isDirectory(folder)) {
        return found;
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          if (Files.isRegularFile(file)) {
            found.add(fingerprint(file));
          }
        }
      }
      return found;
    }

    private static Digest fingerprint(Path file) throws IOException {
      String text = Files.size(file) > MAX_BYTES ? "" : Files.readString(file);
      Matcher print = PRINT.matcher(text);
      if (!SHA256.matcher(text).find() || !print.find()) {
        throw new RepositoryException(
            file + " holds no fingerprint; function: \"sha256\" and fingerprint: \"...\" do");
      }
      return new Digest(print.group(1).toLowerCase(Locale.ROOT));
    }
  }
}
