package org.slipway.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.sign.Signing;

/**
 * Writes snapshots: {@code meta.conf}, {@code meta}, {@code data.pkg}, {@code packagesite.pkg},
 * {@code snapshot.json} and {@code All/} with the packages: hard links to the package store, or for
 * the hashed layout a link to the pool that all such snapshots share. A snapshot's name is a digest of what is in it, so the same packages under the same keys are the same folder. It is built
 * beside its place and renamed into it, so that it is there whole or not at all. Packages that the
 * newest snapshot has too are not read again: their lines are taken from it.
 */
public final class RepositoryWriter {
  /** Part of every snapshot's name: raise it when the same packages would give other bytes. */
  private static final int FORMAT = 2;

  private static final String UNFINISHED = ".new-";

  private final Signing signing;
  private final Terms terms;
  private final Abi abi;

  /**
   * A writer of the usual repositories.
   *
   * @param abi what clients of the repository call themselves
   */
  public RepositoryWriter(Signing signing, Abi abi) {
    this(signing, Terms.of(abi));
  }

  /** @param terms with an ABI */
  public RepositoryWriter(Signing signing, Terms terms) {
    this.signing = signing;
    this.terms = terms;
    this.abi = terms
        .abi()
        .orElseThrow(() -> new IllegalArgumentException("a snapshot is for one ABI; name it"));
  }

  /** The same where nothing is known of what the packages were made from. */
  public Snapshot write(Path snapshotsDirectory, List<RepositoryEntry> entries) throws IOException {
    return write(snapshotsDirectory, entries, Provenance.UNKNOWN);
  }

  /** The same without groups and expired packages. */
  public Snapshot write(
      Path snapshotsDirectory, List<RepositoryEntry> entries, Provenance provenance)
      throws IOException {
    return write(snapshotsDirectory, entries, provenance, CatalogueHead.EMPTY);
  }

  /**
   * Writes a snapshot below {@code snapshotsDirectory}, or gives the one that is there already, with
   * the provenance it has.
   *
   * @param head groups and expired packages
   * @throws RepositoryException when the packages cannot stand together, or the snapshot that is
   * there is damaged
   */
  public Snapshot write(
      Path snapshotsDirectory,
      List<RepositoryEntry> entries,
      Provenance provenance,
      CatalogueHead head)
      throws IOException {
    List<RepositoryEntry> sorted = sorted(entries);
    requireTogether(sorted);
    SnapshotId id = id(sorted, head);
    Path place = snapshotsDirectory.resolve(id.hex());
    Files.createDirectories(snapshotsDirectory);
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return verified(place, sorted);
    }
    Path unfinished = Files.createTempDirectory(snapshotsDirectory, UNFINISHED);
    try {
      Snapshot snapshot = new SnapshotMaking(
              signing, terms, new SnapshotMaking.Room(unfinished, place, id))
          .fill(sorted, provenance, head);
      Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
      Disk.syncFolder(snapshotsDirectory);
      return snapshot;
    } finally {
      Disk.deleteTree(unfinished);
    }
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
    SnapshotFiles.collect(snapshotsDirectory);
  }

  private record Named(String name, RepositoryEntry entry) {}

  /** By name and version as one text, which is made once for each. */
  private static List<RepositoryEntry> sorted(List<RepositoryEntry> entries) {
    return entries.stream()
        .map(entry -> new Named(entry.built().name().toString(), entry))
        .sorted(Comparator.comparing(Named::name))
        .map(Named::entry)
        .toList();
  }

  /** One wrong package makes clients refuse the whole catalogue, so it is refused here. */
  private void requireTogether(List<RepositoryEntry> sorted) throws IOException {
    Map<String, RepositoryEntry> seen = new HashMap<>();
    for (RepositoryEntry entry : sorted) {
      RepositoryEntry earlier = seen.put(entry.built().name().base(), entry);
      if (earlier != null) {
        throw new RepositoryException("two packages are called "
            + (earlier.built().name().equals(entry.built().name())
                ? entry.built().name()
                : entry.built().name().base())
            + ": "
            + earlier.built().origin()
            + " and "
            + entry.built().origin()
            + "; give one another PKGNAMESUFFIX");
      }
      if (!AbiRule.fits(entry.built().abi().toString(), abi)) {
        throw new RepositoryException(entry.built().name() + " is for "
            + entry.built().abi() + ", the repository for " + abi);
      }
    }
  }

  private SnapshotId id(List<RepositoryEntry> sorted, CatalogueHead head) {
    StringBuilder text = new StringBuilder();
    text.append("slipway snapshot ").append(FORMAT).append('\n');
    text.append(abi).append(' ').append(terms.layout()).append(terms.files() ? " files" : "");
    text.append('\n').append(SnapshotRecord.keys(signing)).append('\n');
    if (!head.equals(CatalogueHead.EMPTY)) {
      text.append(head.json()).append('\n');
    }
    for (RepositoryEntry entry : sorted) {
      text.append(entry.built().name()).append(' ').append(entry.built().sum()).append('\n');
    }
    return new SnapshotId(Digest.of(text.toString()).hex().substring(0, 16));
  }

  /** A snapshot that a kill or a careless hand damaged must not be published again. */
  private Snapshot verified(Path place, List<RepositoryEntry> sorted) throws IOException {
    Snapshot snapshot = Snapshot.read(place);
    boolean same = snapshot.packages().size() == sorted.size()
        && SnapshotRecord.read(place)
            .map(record -> record.data().equals(snapshot.catalogue()))
            .orElse(false);
    for (int i = 0; same && i < sorted.size(); i++) {
      Snapshot.Listed listed = snapshot.packages().get(i);
      BuiltPackage built = sorted.get(i).built();
      Path file = place.resolve(listed.path());
      same = listed.name().equals(built.name())
          && listed.sum().equals(built.sum())
          && listed.sizeBytes() == built.sizeBytes()
          && listed.path().equals(terms.layout().path(built.name(), built.sum()))
          && Files.isRegularFile(file)
          && Files.size(file) == listed.sizeBytes();
    }
    if (!same) {
      throw new RepositoryException(
          "the snapshot " + place + " is damaged; move it away and publish again");
    }
    return snapshot;
  }
}
