package org.slipway.repository;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.packages.TypedSum;
import org.slipway.sign.KeyFileException;
import org.slipway.sign.KeyType;
import org.slipway.sign.SigningReply;

/**
 * Looks at {@code Latest/pkg.pkg}, where there is one, as FreeBSD's {@code /usr/sbin/pkg} does: it
 * has to be the package {@code pkg} of the catalogue, and its signature one that the trust believes.
 */
final class LatestCheck {
  private static final String PATH = LatestPkg.FOLDER + "/" + LatestPkg.FILE;
  private static final int MAX_SIGNATURE_BYTES = 1 << 16;

  private final RepositoryFiles files;
  private final Trust trust;
  private final PackageCheck.Finder finder;

  LatestCheck(RepositoryFiles files, Trust trust, PackageCheck.Finder finder) {
    this.files = files;
    this.trust = trust;
    this.finder = finder;
  }

  void check(Collection<ListedEntry> entries) throws IOException {
    Optional<InputStream> found = files.open(PATH);
    if (found.isEmpty()) {
      return;
    }
    List<ListedEntry> listed =
        entries.stream().filter(entry -> entry.facts().name().equals("pkg")).toList();
    CatalogueArchive.Digests digests = new CatalogueArchive.Digests(false);
    Map<TypedSum, TypedSum.Running> sums = new LinkedHashMap<>();
    for (ListedEntry entry : listed) {
      TypedSum.parse(entry.facts().sum())
          .ifPresent(sum -> sums.put(sum, sum.kind().begin()));
    }
    long most =
        listed.stream().mapToLong(entry -> entry.facts().sizeBytes()).max().orElse(0);
    long size = 0;
    try (InputStream in = found.get()) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0 && size <= most; count = in.read(buffer)) {
        size += count;
        digests.write(buffer, 0, count);
        for (TypedSum.Running sum : sums.values()) {
          sum.update(buffer, 0, count);
        }
      }
    }
    if (listed.isEmpty()) {
      finder.find(PATH, "is there where the catalogue lists no package pkg");
    } else if (sums.entrySet().stream()
        .noneMatch(each -> each.getKey().equals(each.getValue().end()))) {
      finder.find(PATH, "is not the package pkg that the catalogue lists");
    } else {
      signature(digests).ifPresent(fault -> finder.find(PATH, fault));
    }
  }

  /** What is wrong with it, as the end of a sentence. */
  private Optional<String> signature(CatalogueArchive.Digests digests) throws IOException {
    SignatureCheck check = new SignatureCheck(trust);
    if (trust instanceof Trust.PublicKey known) {
      // That program signs other bytes than pkg for keys of other types, so they get no file.
      return known.key().type() == KeyType.RSA
          ? check.fault(digests, file(".pubkeysig", "signature"))
          : Optional.empty();
    }
    if (!(trust instanceof Trust.Fingerprints)) {
      return Optional.empty();
    }
    Map<String, byte[]> file = file(".sig", "certificate");
    byte[] bytes = file.get("certificate");
    if (bytes == null) {
      return check.fault(digests, file);
    }
    try {
      SigningReply reply = SigningReply.parse(bytes);
      return check.fault(
          digests,
          Map.of(
              "latest.sig", reply.signature().bytes(), "latest.pub", reply.key().bytes()));
    } catch (KeyFileException e) {
      return Optional.of("has a signature that cannot be read: " + e.getMessage());
    }
  }

  private Map<String, byte[]> file(String suffix, String name) throws IOException {
    Optional<InputStream> found = files.open(PATH + suffix);
    if (found.isEmpty()) {
      return Map.of();
    }
    try (InputStream in = found.get()) {
      return Map.of(name, in.readNBytes(MAX_SIGNATURE_BYTES));
    }
  }
}
