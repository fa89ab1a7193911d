package org.slipway.repository;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import org.slipway.sign.Signing;

/** One snapshot on its way, in a folder beside its place. */
final class SnapshotMaking {
  private final Signing signing;
  private final Terms terms;
  private final Room room;
  private final Rules rules;
  private final List<Snapshot.Listed> listed = new ArrayList<>();

  /** Where a snapshot is made, and where it will be. */
  record Room(Path root, Path place, SnapshotId id) {}

  SnapshotMaking(Signing signing, Terms terms, Room room) {
    this.signing = signing;
    this.terms = terms;
    this.room = room;
    this.rules = new Rules(terms);
  }

  /** Fills the folder; what it will be in its place. */
  Snapshot fill(List<RepositoryEntry> entries, Provenance provenance, CatalogueHead head)
      throws IOException {
    Path root = room.root();
    Disk.open(root);
    Texts texts;
    Path before = newest(room.place().resolveSibling(""));
    try (KeptLines kept = KeptLines.of(before);
        KeptFiles keptFiles = terms.files() ? KeptFiles.of(before) : KeptFiles.none();
        Catalogue catalogue = new Catalogue(signing, head, true);
        FilesCatalogue files = new FilesCatalogue(root.resolve(".files"));
        InOrder<Listing> lines = new InOrder<>(listing -> take(listing, catalogue, files))) {
      Future<?> links = lines.beside(() -> {
        put(entries, before);
        return null;
      });
      for (RepositoryEntry entry : entries) {
        BuiltPackage built = entry.built();
        String path = terms.layout().path(built.name(), built.sum());
        Optional<CatalogueLine> known = kept.find(built.name().toString(), built.sum());
        if (known.isEmpty()) {
          lines.add(() -> listing(entry, read(entry, path), files(entry)));
          continue;
        }
        CatalogueLine line = known.get().at(path);
        Optional<FileList> list = terms.files() ? keptFiles.find(line.facts()) : Optional.empty();
        if (list.isPresent() || !terms.files()) {
          lines.add(listing(entry, line, list.orElse(null)));
        } else {
          lines.add(() -> listing(entry, line, files(entry)));
        }
      }
      lines.finish();
      rules.finish();
      texts = new Texts(
          catalogue.finish(),
          terms.files() ? Optional.of(files.finish(signing)) : Optional.empty());
      Catalogue.get(links);
    }
    Files.delete(root.resolve(".files"));
    finish(root, entries, texts, provenance);
    return new Snapshot(room.id(), room.place(), listed, texts.digest(), provenance);
  }

  /** What is signed. */
  private record Texts(Catalogue.Written catalogue, Optional<byte[]> files) {
    Digest digest() {
      return catalogue.digest().orElseThrow();
    }
  }

  /** A line, and what it says as far as a snapshot's reader wants it. */
  private record Listing(
      CatalogueLine line, Snapshot.Listed listed, @Nullable FileList files) {}

  private void take(Listing listing, Catalogue catalogue, FilesCatalogue files) throws IOException {
    rules.add(listing.line().facts());
    catalogue.add(listing.line().bytes());
    if (listing.files() != null) {
      files.add(listing.line().facts(), listing.files());
    }
    listed.add(listing.listed());
  }

  private @Nullable FileList files(RepositoryEntry entry) throws IOException {
    return terms.files() ? FileList.read(entry.file()) : null;
  }

  private static Listing listing(
      RepositoryEntry entry, CatalogueLine line, @Nullable FileList files)
      throws RepositoryException {
    BuiltPackage built = entry.built();
    ManifestFacts facts = line.facts();
    requireSame(entry, "name", facts.name(), built.name().base());
    requireSame(entry, "version", facts.version(), built.name().version());
    requireSame(entry, "abi", facts.abi(), built.abi().toString());
    requireSame(entry, "origin", facts.origin(), built.origin().toString());
    return new Listing(
        line,
        new Snapshot.Listed(
            built.name(),
            built.origin(),
            built.abi(),
            built.sum(),
            built.sizeBytes(),
            facts.path(),
            facts.dependencies()),
        files);
  }

  private static CatalogueLine read(RepositoryEntry entry, String path) throws IOException {
    Disk.requireSize(entry);
    try {
      return CatalogueLine.of(
          entry.file(),
          PackageFile.compactManifest(entry.file()),
          path,
          entry.built().sum(),
          entry.built().sizeBytes());
    } catch (PackageException e) {
      throw new RepositoryException(e.getMessage() == null ? "no manifest" : e.getMessage());
    }
  }

  private static void requireSame(RepositoryEntry entry, String key, String found, String expected)
      throws RepositoryException {
    if (!found.equals(expected)) {
      throw new RepositoryException(
          entry.file() + " says " + key + " " + found + " where " + expected + " was announced");
    }
  }

  private void put(List<RepositoryEntry> entries, Path before) throws IOException {
    if (terms.layout() == Layout.HASHED) {
      new PackagePool(room.place().resolveSibling("")).supply(room.root(), entries, before);
      return;
    }
    Path all = folder(room.root(), "All");
    for (RepositoryEntry entry : entries) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the snapshot is given up");
      }
      Disk.link(entry, all.resolve(entry.built().fileName()));
    }
    Disk.syncFolder(all);
  }

  private static Path folder(Path parent, String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name));
    Disk.open(folder);
    return folder;
  }

  private void finish(Path root, List<RepositoryEntry> entries, Texts texts, Provenance provenance)
      throws IOException {
    Optional<RepositoryEntry> pkg = entries.stream()
        .filter(entry -> entry.built().name().base().equals("pkg"))
        .findFirst();
    if (pkg.isPresent()) {
      Path latest = folder(root, LatestPkg.FOLDER);
      Disk.linkOrCopy(pkg.get().file(), latest.resolve(LatestPkg.FILE));
      Disk.writeAll(latest, LatestPkg.signatures(pkg.get().file(), signing));
      Disk.syncFolder(latest);
    }
    byte[] meta = Meta.text(terms.files());
    Map<String, byte[]> catalogue = new TreeMap<>();
    catalogue.put("meta.conf", meta);
    catalogue.put("meta", meta);
    catalogue.put("data.pkg", texts.catalogue().data());
    catalogue.put("packagesite.pkg", texts.catalogue().packagesite());
    texts.files().ifPresent(text -> catalogue.put("files.pkg", text));
    SnapshotRecord record = new SnapshotRecord(entries.size(), texts.digest(), provenance);
    byte[] json = record.json(room.id(), terms.layout(), signing);
    Map<String, byte[]> files = new TreeMap<>(catalogue);
    files.put(SnapshotRecord.FILE, json);
    files.putAll(Detached.signatures(SnapshotRecord.FILE, json, signing));
    Disk.writeAll(root, files);
    // A client compares one stamp against both meta.conf and data.pkg.
    FileTime stamp = Files.getLastModifiedTime(root.resolve("meta.conf"));
    for (String name : catalogue.keySet()) {
      Files.setLastModifiedTime(root.resolve(name), stamp);
    }
    Disk.syncFolder(root);
  }

  /** The newest snapshot that there is, or the folder itself, which has no lines. */
  private static Path newest(Path snapshots) throws IOException {
    Path newest = snapshots;
    FileTime time = FileTime.fromMillis(Long.MIN_VALUE);
    for (Path each : Disk.children(snapshots)) {
      FileTime own = Files.getLastModifiedTime(each, LinkOption.NOFOLLOW_LINKS);
      if (each.getFileName().toString().matches("[0-9a-f]{16}") && own.compareTo(time) > 0) {
        newest = each;
        time = own;
      }
    }
    return newest;
  }
}
