package org.slipway.repository;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.sign.Signer;

/**
 * Writes snapshots: {@code meta.conf}, {@code meta}, {@code data.pkg}, {@code packagesite.pkg} and
 * {@code All/} with hard links to the package store. A snapshot's name is a digest of what is in
 * it, so the same packages under the same key are the same folder with the same bytes. It is built
 * beside its place and renamed into it, so that it is there whole or not at all.
 */
public final class RepositoryWriter {
  /** Part of every snapshot's name: raise it when the same packages would give other bytes. */
  private static final int FORMAT = 1;

  private static final String UNFINISHED = ".new-";

  private static final String META =
      "{\"version\":2,\"packing_format\":\"tzst\",\"manifests\":\"packagesite.yaml\","
          + "\"data\":\"data\",\"manifests_archive\":\"packagesite\",\"data_archive\":\"data\"}\n";

  private final Signer signer;
  private final Abi abi;

  /**
   * A writer.
   *
   * @param abi what clients of the repository call themselves
   */
  public RepositoryWriter(Signer signer, Abi abi) {
    this.signer = signer;
    this.abi = abi;
  }

  /**
   * Writes a snapshot below {@code snapshotsDirectory}, or gives the one that is there already.
   *
   * @throws RepositoryException when the packages cannot stand together, or the snapshot that is
   * there is damaged
   */
  public Snapshot write(Path snapshotsDirectory, List<RepositoryEntry> entries) throws IOException {
    List<RepositoryEntry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparing(entry -> entry.built().name()));
    requireTogether(sorted);
    SnapshotId id = id(sorted);
    Path place = snapshotsDirectory.resolve(id.hex());
    Files.createDirectories(snapshotsDirectory);
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return verified(place, sorted);
    }
    Path unfinished = Files.createTempDirectory(snapshotsDirectory, UNFINISHED);
    try {
      fill(unfinished, sorted);
      Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
      Disk.syncFolder(snapshotsDirectory);
    } finally {
      Disk.deleteTree(unfinished);
    }
    return Snapshot.read(place);
  }

  /**
   * Removes what a killed writer left; to be called when no writer is at work, as at the farm's
   * start.
   */
  public static void sweep(Path snapshotsDirectory) throws IOException {
    if (!Files.isDirectory(snapshotsDirectory)) {
      return;
    }
    for (Path left : Disk.children(snapshotsDirectory)) {
      if (left.getFileName().toString().startsWith(UNFINISHED)) {
        Disk.deleteTree(left);
      }
    }
  }

  private void fill(Path root, List<RepositoryEntry> entries) throws IOException {
    Disk.open(root);
    Path all = Files.createDirectory(root.resolve("All"));
    Disk.open(all);
    for (RepositoryEntry entry : entries) {
      Disk.linkOrCopy(entry.file(), root.resolve(Catalogue.path(entry.built())));
    }
    Disk.syncFolder(all);
    Catalogue catalogue = Catalogue.of(entries);
    byte[] meta = META.getBytes(StandardCharsets.US_ASCII);
    Map<String, byte[]> files = Map.of(
        "meta.conf",
        meta,
        "meta",
        meta,
        "data.pkg",
        SignedArchive.of("data", catalogue.data(), signer),
        "packagesite.pkg",
        SignedArchive.of("packagesite.yaml", catalogue.packagesite(), signer));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Disk.write(root.resolve(file.getKey()), file.getValue());
    }
    // A client compares one stamp against both meta.conf and data.pkg.
    FileTime stamp = Files.getLastModifiedTime(root.resolve("meta.conf"));
    for (String name : files.keySet()) {
      Files.setLastModifiedTime(root.resolve(name), stamp);
    }
    Disk.syncFolder(root);
  }

  /** One wrong package makes clients refuse the whole catalogue, so it is refused here. */
  private void requireTogether(List<RepositoryEntry> sorted) throws IOException {
    Map<String, RepositoryEntry> seen = new HashMap<>();
    for (RepositoryEntry entry : sorted) {
      RepositoryEntry earlier = seen.put(entry.built().fileName(), entry);
      if (earlier != null) {
        throw new RepositoryException("two packages are called "
            + entry.built().name()
            + ": "
            + earlier.built().origin()
            + " and "
            + entry.built().origin()
            + "; give one another PKGNAMESUFFIX");
      }
      Abi own = entry.built().abi();
      if (!own.equals(abi) && !own.equals(abi.anyArch())) {
        throw new RepositoryException(
            entry.built().name() + " is for " + own + ", the repository for " + abi);
      }
      if (Files.size(entry.file()) != entry.built().sizeBytes()) {
        throw new RepositoryException(entry.file() + " has not the "
            + entry.built().sizeBytes() + " bytes it was built with");
      }
    }
  }

  private SnapshotId id(List<RepositoryEntry> sorted) {
    StringBuilder text = new StringBuilder();
    text.append("slipway snapshot ").append(FORMAT).append('\n');
    text.append(abi).append('\n').append(signer.fingerprint()).append('\n');
    for (RepositoryEntry entry : sorted) {
      text.append(entry.built().name()).append(' ').append(entry.built().sum()).append('\n');
    }
    return new SnapshotId(Digest.of(text.toString()).hex().substring(0, 16));
  }

  /** A snapshot that a kill or a careless hand damaged must not be published again. */
  private Snapshot verified(Path place, List<RepositoryEntry> sorted) throws IOException {
    Snapshot snapshot = Snapshot.read(place);
    boolean same = snapshot.catalogue().equals(Digest.of(Catalogue.of(sorted).data()))
        && snapshot.packages().size() == sorted.size();
    for (Snapshot.Listed listed : snapshot.packages()) {
      Path file = place.resolve(listed.path());
      same = same && Files.isRegularFile(file) && Files.size(file) == listed.sizeBytes();
    }
    if (!same) {
      throw new RepositoryException(
          "the snapshot " + place + " is damaged; move it away and publish again");
    }
    return snapshot;
  }
}
