package org.slipway.schedule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.store.BuildId;
import org.slipway.store.JobName;

/**
 * The farm's folder and where things live in it. While it is open no other farm can open it; the lock is the operating
 * system's and goes with the process, so a killed farm leaves none.
 */
public final class Home implements AutoCloseable {
  private final Path folder;
  private final FileChannel lockFile;
  private final FileLock lock;

  private Home(Path folder, FileChannel lockFile, FileLock lock) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Makes the folder when absent and takes it.
   *
   * @throws HomeTakenException where another farm has it
   * @throws FarmException where it cannot be written
   */
  public static Home open(Path folder) throws FarmException {
    Path home = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(home);
      Path file = home.resolve("farm.lock");
      FileChannel channel = FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String owner = Files.readString(file).strip();
        channel.close();
        throw new HomeTakenException(
            "%s is in use by another farm%s; stop that one or choose another folder with --home"
                .formatted(home, owner.isEmpty() ? "" : " (process " + owner + ")"));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(
          Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
      Home opened = new Home(home, channel, lock);
      opened.makeFolders();
      return opened;
    } catch (FarmException e) {
      throw e;
    } catch (IOException e) {
      throw new FarmException(
          "%s cannot be written (%s); choose a folder of your own with --home"
              .formatted(home, reason(e)),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "permission denied"
        : e instanceof FileSystemException failure && failure.getReason() != null
            ? failure.getReason()
            : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void makeFolders() throws IOException {
    for (Path each : List.of(database(), trees(), checkouts(), distfiles(), kits(), jobs())) {
      Files.createDirectories(each);
    }
    sweep(overlays());
    sweep(spool());
    Files.createDirectories(spool());
    sweepDownloads();
  }

  /** A download that a killed farm had not verified yet. */
  private void sweepDownloads() throws IOException {
    try (DirectoryStream<Path> unverified = Files.newDirectoryStream(distfiles(), ".new-*")) {
      for (Path each : unverified) {
        Files.delete(each);
      }
    }
  }

  /** What a killed farm had half written is of no use to anyone. */
  private static void sweep(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      remove(folder);
    }
  }

  /** Removes a file or a folder with all that is in it; what is not there is no fault. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  public Path folder() {
    return folder;
  }

  /** The job files. */
  public Path jobs() {
    return folder.resolve("jobs");
  }

  public Path database() {
    return folder.resolve("db");
  }

  public Path trees() {
    return folder.resolve("trees");
  }

  public Path checkouts() {
    return folder.resolve("checkouts");
  }

  /** Links to the overlays' checkouts, by job, build and name; emptied at each start. */
  public Path overlays() {
    return folder.resolve("overlays");
  }

  /** Those of one build. */
  Path overlays(JobName job, BuildId build) {
    return overlays().resolve(job.name()).resolve(build.toString());
  }

  public Path distfiles() {
    return folder.resolve("distfiles");
  }

  public Path packages() {
    return folder.resolve("packages");
  }

  public Path logs() {
    return folder.resolve("logs");
  }

  public Path keys() {
    return folder.resolve("keys");
  }

  public Path jails() {
    return folder.resolve("jails");
  }

  /** Base systems that the farm keeps, a folder for each name. */
  public Path bases() {
    return folder.resolve("bases");
  }

  public Path kits() {
    return folder.resolve("kit");
  }

  /** What stands in for programs of FreeBSD's base, by content; see room build. */
  Path rigs() {
    return folder.resolve("rigs");
  }

  /** Stand-ins for bases of which only a list is known, by content. */
  public static Path baseLists(Path home) {
    return home.resolve("bases").resolve(".lists");
  }

  Path baseLists() {
    return baseLists(folder);
  }

  /** What ports answered, kept from one start to the next; can be thrown away. */
  public Path evaluations() {
    return folder.resolve("evaluations");
  }

  /** Half-finished archives; emptied at each start. */
  public Path spool() {
    return folder.resolve("spool");
  }

  /** Work directories of failed builds, where a job keeps them. */
  public Path work() {
    return folder.resolve("work");
  }

  /** HOME/repos: a folder for each job that ever published. */
  public Path repositories() {
    return folder.resolve("repos");
  }

  /** HOME/repos/JOB: snapshots and channels. */
  public Path repository(JobName job) {
    return repositories().resolve(job.name());
  }

  /** HOME/repos/JOB/snapshots. */
  public Path snapshots(JobName job) {
    return repository(job).resolve("snapshots");
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
