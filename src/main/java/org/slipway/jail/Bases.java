package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The base systems that a farm keeps, in HOME/bases: a folder each, with the clean system in
 * {@code root}, what is known of it in {@code about}, its paths in {@code paths}, and who uses it
 * in {@code users}. One is made aside and moved to its name when it is whole, so nothing half made
 * ever stands under a name. Several processes can share the folder.
 */
public final class Bases {
  private static final String ASIDE = ".new-";
  private static final String GONE = ".old-";
  private static final String LOCK = "lock";
  private static final String DOWNLOADS = ".downloads";

  private final Path folder;
  private final BaseLimits limits;
  private final InstantSource clock;
  private final Datasets datasets;

  /** Finds out whether bases are ZFS datasets here. */
  interface Datasets {
    Optional<BaseZfs> of(Path folder) throws IOException;
  }

  /** @param folder HOME/bases; made when it is needed */
  public Bases(Path folder) {
    this(folder, BaseLimits.DEFAULT, InstantSource.system());
  }

  /** @param clock says when a base was made */
  public Bases(Path folder, BaseLimits limits, InstantSource clock) {
    this(folder, limits, clock, BaseZfs::of);
  }

  Bases(Path folder, BaseLimits limits, InstantSource clock, Datasets datasets) {
    this.folder = folder.toAbsolutePath().normalize();
    this.limits = limits;
    this.clock = clock;
    this.datasets = datasets;
  }

  /**
   * All that are kept, by name.
   *
   * @throws BaseException where what is known of one is broken
   */
  public List<KeptBase> list() throws IOException {
    List<KeptBase> all = new ArrayList<>();
    for (BaseName name : names()) {
      find(name).ifPresent(all::add);
    }
    return all;
  }

  /** The names of all that are kept, broken ones among them, sorted. */
  public List<BaseName> names() throws IOException {
    List<BaseName> names = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
      for (Path each : folders) {
        String name = String.valueOf(each.getFileName());
        if (BaseName.fits(name) && Files.exists(each.resolve(BaseAbout.FILE))) {
          names.add(new BaseName(name));
        }
      }
    }
    names.sort(null);
    return names;
  }

  /** The one of that name, as its record says; whether it is still so is not looked at. */
  public Optional<KeptBase> find(BaseName name) throws IOException {
    return BaseAbout.read(folder.resolve(name.name()), name).map(BaseAbout::base);
  }

  /**
   * The one of that name, after a look at all its paths, sizes and times.
   *
   * @throws BaseException where there is none, or it is no more what it was when it was made
   */
  public KeptBase use(BaseName name) throws IOException {
    BaseAbout about = about(name);
    if (about.base().base() instanceof Base.Directory base
        && !BaseDigest.stamp(base.root(), about.base().owners()).hex().equals(about.stamp())) {
      throw new BaseException("the base " + name + " was changed since it was made; make it again"
          + " (base delete " + name + ", base create " + name + " ...), or restore "
          + base.root());
    }
    return about.base();
  }

  private BaseAbout about(BaseName name) throws IOException {
    return BaseAbout.read(folder.resolve(name.name()), name)
        .orElseThrow(() -> new BaseException("there is no base " + name + " in " + folder));
  }

  /**
   * Reads all of a base and gives what it is by its content now: its id, where nothing was changed.
   *
   * @throws BaseException where it is the host's own system, which is not kept
   */
  public BaseId read(KeptBase base, BaseProgress progress) throws IOException {
    if (!(base.base() instanceof Base.Directory directory)) {
      throw new BaseException("the base " + base.name() + " is this host's own system");
    }
    return new BaseId(BaseDigest.id(directory.root(), base.owners(), base.sizeBytes(), progress)
        .hex());
  }

  /** Processes whose jails use it now, such as {@code process 4711}. */
  public List<String> users(BaseName name) throws IOException {
    return BaseUse.users(folder.resolve(name.name()));
  }

  /**
   * Makes a base.
   *
   * @throws BaseException where the name is taken, the source is none or wrong, or there is no room
   */
  public KeptBase create(BaseName name, BaseSource source, BaseProgress progress)
      throws IOException {
    Path aside = folder.resolve(ASIDE + name);
    Path place = folder.resolve(name.name());
    try {
      open(folder);
      refuseTaken(name, place);
      sweep();
      open(aside);
      try (BaseLock lock = take(aside, name)) {
        return create(name, source, aside, place, progress);
      }
    } catch (BaseException e) {
      throw e;
    } catch (FileSystemException | BaseTree.DiskFault e) {
      throw disk(name, e);
    }
  }

  private KeptBase create(
      BaseName name, BaseSource source, Path aside, Path place, BaseProgress progress)
      throws IOException {
    Optional<BaseZfs> zfs = datasets.of(folder);
    boolean named = false;
    try {
      for (Path left : children(aside)) {
        if (!left.endsWith(LOCK)) {
          BaseRemoval.remove(left);
        }
      }
      if (zfs.isPresent() && !(source instanceof BaseSource.Host)) {
        zfs.get().make(name, aside.resolve(BaseAbout.ROOT));
      }
      make(name, source, aside, progress);
      refuseTaken(name, place);
      if (zfs.isPresent() && !(source instanceof BaseSource.Host)) {
        zfs.get().leave(name);
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        named = true;
        zfs.get().keep(name, place.resolve(BaseAbout.ROOT));
      } else {
        Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.deleteIfExists(place.resolve(LOCK));
      return about(name).base();
    } catch (IOException | RuntimeException e) {
      if (named) {
        // Its dataset could not be kept: the folder alone is no base.
        zfs.ifPresent(each -> each.discard(name, true));
        discard(place, e);
      }
      zfs.ifPresent(each -> each.discard(name, false));
      discard(aside, e);
      throw e;
    }
  }

  private BaseException disk(BaseName name, IOException fault) {
    long free = folder.toFile().getUsableSpace() >> 20;
    String file = fault instanceof FileSystemException failure && failure.getFile() != null
        ? failure.getFile()
        : folder.toString();
    return new BaseException(
        "the base " + name + " cannot be written: " + BaseText.shown(file) + ": "
            + BaseText.reason(fault) + " (" + free + " MiB are free in " + folder + ")",
        fault);
  }

  private static void discard(Path aside, Exception reason) {
    try {
      BaseRemoval.remove(aside);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static void refuseTaken(BaseName name, Path place) throws BaseException {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new BaseException(
          "there is a base " + name + " already; delete it first, or choose another name");
    }
  }

  private static BaseLock take(Path aside, BaseName name) throws IOException {
    return BaseLock.take(aside.resolve(LOCK))
        .orElseThrow(
            () -> new BaseException("the base " + name + " is being made by another process"));
  }

  private void make(BaseName name, BaseSource source, Path aside, BaseProgress progress)
      throws IOException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    BaseUse.prepare(aside);
    if (source instanceof BaseSource.Host) {
      KeptBase host = new KeptBase(
          name, aside, new Base.Host(), Optional.empty(), source.inWords(), now, 0, 0, true);
      new BaseAbout(host, "host").write();
      return;
    }
    Path root = open(aside.resolve(BaseAbout.ROOT));
    boolean owners = mayGive(root);
    BaseTree tree = new BaseTree(root, owners, limits);
    new BaseMaking(aside, folder.resolve(DOWNLOADS), tree, limits, progress).fill(source);
    tree.finish();
    requireSystem(root, source);
    BasePaths.write(root, aside.resolve("paths"));
    BaseDigest.Found id = BaseDigest.id(root, owners, tree.bytes(), progress);
    KeptBase base = new KeptBase(
        name,
        aside,
        new Base.Directory(root),
        Optional.of(new BaseId(id.hex())),
        source.inWords(),
        now,
        id.sizeBytes(),
        id.paths(),
        owners);
    new BaseAbout(base, BaseDigest.stamp(root, owners).hex()).write();
  }

  /** Whether this user can give a file away: root can, where no user namespace is in the way. */
  private static boolean mayGive(Path root) throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(root, "unix:uid"))) {
      return false;
    }
    Path probe = Files.createFile(root.resolve(".owner"));
    try {
      Files.setAttribute(probe, "unix:uid", 1, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (FileSystemException e) {
      return false;
    } finally {
      Files.delete(probe);
    }
  }

  private static void requireSystem(Path root, BaseSource source) throws IOException {
    Optional<Path> shell = KeptBase.shell(root);
    if (shell.isEmpty() || !Files.isExecutable(shell.get())) {
      String top = BaseArchive.top(root);
      throw new BaseException(source.inWords() + " is no base system: it has no program bin/sh"
          + (top.isEmpty() ? "" : "; at its top are " + top));
    }
    for (String each : List.of("etc", "tmp", "var")) {
      Path path = root.resolve(each);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          && !Files.isSymbolicLink(path)) {
        throw new BaseException(source.inWords() + " is no base system: " + each + " is no folder");
      }
    }
  }

  /**
   * Deletes a base.
   *
   * @param force even where jails of a process use it, which may then fail
   * @throws BaseException where there is none, or it is used and {@code force} is not given
   */
  public void delete(BaseName name, boolean force) throws IOException {
    Path place = folder.resolve(name.name());
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
        || !Files.exists(place.resolve(BaseAbout.FILE))) {
      throw new BaseException("there is no base " + name + " in " + folder);
    }
    refuseUsed(name, place, force);
    sweep();
    Path gone = folder.resolve(GONE + name);
    try (BaseLock lock = take(place, name)) {
      Optional<BaseZfs> zfs = datasets.of(folder);
      if (zfs.isPresent()) {
        zfs.get().destroy(name);
      }
      Files.move(place, gone, StandardCopyOption.ATOMIC_MOVE);
      try {
        // Whoever began to use it meanwhile has it still, and did so before it lost its name.
        refuseUsed(name, gone, force);
      } catch (IOException e) {
        Files.move(gone, place, StandardCopyOption.ATOMIC_MOVE);
        throw e;
      }
      BaseRemoval.remove(gone);
    }
  }

  private static void refuseUsed(BaseName name, Path place, boolean force) throws IOException {
    List<String> users = force ? List.of() : BaseUse.users(place);
    if (!users.isEmpty()) {
      throw new BaseException("the base " + name + " is used by jails of "
          + String.join(" and ", users) + "; stop that first, or give --force");
    }
  }

  /**
   * Removes what a process that was killed had half made or half deleted, and downloads that nobody
   * went on with for a week.
   */
  public void sweep() throws IOException {
    BaseDownload.sweep(folder.resolve(DOWNLOADS));
    for (Path each : children(folder)) {
      String name = String.valueOf(each.getFileName());
      if (name.startsWith(ASIDE) || name.startsWith(GONE)) {
        Optional<BaseLock> lock = BaseLock.take(each.resolve(LOCK));
        if (lock.isPresent()) {
          try (BaseLock held = lock.get()) {
            discardDataset(name);
            BaseRemoval.remove(each);
          }
        }
      }
    }
  }

  /** One that was being made when its process was killed. */
  private void discardDataset(String folderName) throws IOException {
    Optional<BaseZfs> zfs = datasets.of(folder);
    String name = folderName.substring(ASIDE.length());
    if (zfs.isPresent() && folderName.startsWith(ASIDE) && BaseName.fits(name)) {
      zfs.get().discard(new BaseName(name), false);
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
        children.forEach(all::add);
      }
    }
    return all;
  }

  /** A folder that builds of other users can go through, whatever the umask. */
  private static Path open(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (Files.isWritable(folder)) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return folder;
  }
}
