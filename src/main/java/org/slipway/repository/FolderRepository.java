package org.slipway.repository;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import org.slipway.packages.PackageName;
import org.slipway.packages.ScannedPackage;
import org.slipway.packages.Version;
import org.slipway.sign.Signing;

/**
 * Makes a repository of a folder of packages, in its place, as {@code pkg repo} does. The catalogue
 * is written under other names and renamed into place, {@code data.pkg} last. Files that look as they
 * did the last time are not read again.
 */
public final class FolderRepository {
  private static final String OWN = ".slipway";

  private final Path root;
  private final Signing signing;
  private final Terms terms;
  private final CatalogueHead head;
  private final InstantSource clock;

  /**
   * @param root the folder, which clients' URL will name
   * @param terms whose ABI may be absent
   * @param head groups and expired packages
   */
  public FolderRepository(Path root, Signing signing, Terms terms, CatalogueHead head) {
    this(root, signing, terms, head, InstantSource.system());
  }

  FolderRepository(
      Path root, Signing signing, Terms terms, CatalogueHead head, InstantSource clock) {
    this.root = root;
    this.signing = signing;
    this.terms = terms;
    this.head = head;
    this.clock = clock;
  }

  /**
   * What was made.
   *
   * @param packages listed
   * @param read of them, because they were new or looked changed
   * @param links to packages that were passed over, relative to the folder
   * @param stamp of the catalogue's files
   */
  public record Created(Abi abi, int packages, int read, List<String> links, Instant stamp) {
    public Created {
      links = List.copyOf(links);
    }
  }

  /**
   * Makes or renews the repository.
   *
   * @throws RepositoryException when the packages cannot stand together; the catalogue that was there
   *     stays as it was
   */
  public Created create(FolderWatch watch) throws IOException {
    Path real = root.toRealPath();
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(root.toString());
    }
    Path own = real.resolve(OWN);
    Files.createDirectories(own);
    try (FileChannel channel = FileChannel.open(
            own.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      Disk.deleteTree(own.resolve("new"));
      Path fresh = Files.createDirectory(own.resolve("new"));
      try {
        return new Making(real, own, fresh, watch).make();
      } finally {
        Disk.deleteTree(fresh);
      }
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another thread of this program has it.
    }
    if (lock == null) {
      throw new RepositoryException(
          "another \"repo create\" is at work in " + root + "; wait for it");
    }
    return lock;
  }

  /** One run. */
  private final class Making {
    private final Path top;
    private final Path own;
    private final Path fresh;
    private final FolderWatch watch;
    private final Rules rules = new Rules(terms);
    private final Map<String, String> places = new HashMap<>();
    private final FolderPlaces files;
    private @Nullable ManifestFacts pkg;
    private int read;

    Making(Path top, Path own, Path fresh, FolderWatch watch) {
      this.top = top;
      this.own = own;
      this.fresh = fresh;
      this.files = new FolderPlaces(top, fresh);
      this.watch = watch;
    }

    /** A package with its line. */
    private record Listing(
        FoundPackage found, CatalogueLine line, @Nullable FileList files) {}

    Created make() throws IOException {
      Instant now = clock.instant();
      FolderWalk.Result found = FolderWalk.of(top);
      if (found.packages().isEmpty()) {
        throw new RepositoryException("there is no package in " + root + ", no file *.pkg");
      }
      watch.found(found.packages().size());
      try (FolderLines old = FolderLines.read(own.resolve("lines"));
          FolderLines.Writer kept = new FolderLines.Writer(fresh.resolve("lines"), nanos(now));
          Catalogue catalogue = new Catalogue(signing, head);
          FilesCatalogue contents = new FilesCatalogue(fresh.resolve("files"));
          InOrder<Listing> lines = new InOrder<>(each -> take(each, catalogue, contents, kept))) {
        for (FoundPackage each : found.packages()) {
          Optional<FolderLines.Known> known =
              old.find(each).filter(one -> one.files() != null || !terms.files());
          if (known.isPresent()) {
            lines.add(new Listing(each, known.get().line(), known.get().files()));
          } else {
            read++;
            lines.add(() ->
                new Listing(each, read(each), terms.files() ? FileList.read(each.file()) : null));
          }
        }
        lines.finish();
        Abi abi = rules.finish();
        Map<String, byte[]> archives = new LinkedHashMap<>();
        Catalogue.Written written = catalogue.finish();
        archives.put("packagesite.pkg", written.packagesite());
        if (terms.files()) {
          archives.put("files.pkg", contents.finish(signing));
        }
        byte[] meta = Meta.text(terms.files());
        archives.put("meta", meta);
        archives.put("meta.conf", meta);
        archives.put("data.pkg", written.data());
        kept.finish();
        Instant stamp = place(archives, now);
        return new Created(abi, found.packages().size(), read, found.links(), stamp);
      }
    }

    private void take(
        Listing listing, Catalogue catalogue, FilesCatalogue contents, FolderLines.Writer kept)
        throws IOException {
      FoundPackage found = listing.found();
      CatalogueLine line = listing.line();
      PackageName name = name(found, line.facts());
      if (terms.layout() == Layout.HASHED) {
        line = hashed(found, name, line);
      }
      @Nullable String other = places.put(name.toString(), found.path());
      if (other != null) {
        throw new RepositoryException("two packages are called " + name + ": " + other + " and "
            + found.path() + "; move one of them away");
      }
      if (name.base().equals("pkg") && (pkg == null || newer(line.facts(), pkg))) {
        pkg = line.facts();
      }
      rules.add(line.facts());
      catalogue.add(line.bytes());
      if (terms.files() && listing.files() != null) {
        contents.add(line.facts(), listing.files());
      }
      kept.add(found, line, listing.files());
      watch.listed();
    }

    /** The catalogue is ready and the packages fit: from here on clients may see something new. */
    private Instant place(Map<String, byte[]> catalogue, Instant now) throws IOException {
      files.apply();
      if (pkg != null) {
        latest(pkg);
      }
      Instant stamp = stamp(now);
      for (Map.Entry<String, byte[]> file : catalogue.entrySet()) {
        Path target = fresh.resolve(file.getKey());
        Disk.write(target, file.getValue());
        Files.setLastModifiedTime(target, FileTime.from(stamp));
      }
      for (String name : catalogue.keySet()) {
        FolderPlaces.rename(fresh.resolve(name), top.resolve(name));
      }
      if (!catalogue.containsKey("files.pkg")) {
        Files.deleteIfExists(top.resolve("files.pkg"));
      }
      Disk.syncFolder(top);
      FolderPlaces.rename(fresh.resolve("lines"), own.resolve("lines"));
      return stamp;
    }

    /** The same package under a name with its sum, and a link where it was. */
    private CatalogueLine hashed(FoundPackage found, PackageName name, CatalogueLine line) {
      String target = Layout.hashed(name.toString(), new Digest(line.facts().sum()), ".pkg");
      String path = found.folder() + target;
      if (!path.equals(found.path())) {
        files.move(found.path(), path);
      }
      files.link(found.folder() + name + ".pkg", target);
      return line.at(path);
    }

    private void latest(ManifestFacts pkg) throws IOException {
      Path folder = top.resolve(LatestPkg.FOLDER);
      Files.createDirectories(folder);
      Map<String, byte[]> signatures = LatestPkg.signatures(top.resolve(pkg.path()), signing);
      for (Map.Entry<String, byte[]> each : signatures.entrySet()) {
        Path file = fresh.resolve(each.getKey());
        Disk.write(file, each.getValue());
        FolderPlaces.rename(file, folder.resolve(each.getKey()));
      }
      files.symlink(LatestPkg.FOLDER + "/" + LatestPkg.FILE, "../" + pkg.path());
    }

    /** Whole seconds, as HTTP tells them, and later than the catalogue that was there. */
    private Instant stamp(Instant now) throws IOException {
      Instant stamp = now.truncatedTo(ChronoUnit.SECONDS);
      Path data = top.resolve("data.pkg");
      if (Files.isRegularFile(data, LinkOption.NOFOLLOW_LINKS)) {
        Instant last = Files.getLastModifiedTime(data).toInstant();
        Instant next = last.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        return stamp.isBefore(next) ? next : stamp;
      }
      return stamp;
    }
  }

  private static CatalogueLine read(FoundPackage found) throws IOException {
    try {
      ScannedPackage scanned = PackageFile.scan(found.file());
      return CatalogueLine.of(
          found.file(),
          scanned.compactManifest(),
          found.path(),
          scanned.sum(),
          scanned.sizeBytes());
    } catch (PackageException e) {
      throw new RepositoryException(e.getMessage() == null ? "no package" : e.getMessage());
    }
  }

  private static PackageName name(FoundPackage found, ManifestFacts facts)
      throws RepositoryException {
    try {
      return new PackageName(facts.name(), facts.version());
    } catch (IllegalArgumentException e) {
      throw new RepositoryException(found.file() + ": " + e.getMessage());
    }
  }

  private static boolean newer(ManifestFacts one, ManifestFacts other) {
    return new Version(one.version()).compareTo(new Version(other.version())) > 0;
  }

  private static long nanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }
}
