package org.slipway;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slipway.jail.Jails;
import org.slipway.packages.Digest;

/**
 * Where a command without a farm keeps its files: what another run may use again in a folder of the
 * user's, the rest in a folder of the run's own, which is gone afterwards. A run that was killed is
 * cleaned up after by the next.
 */
final class Workspace implements AutoCloseable {
  private final Path shared;
  private final Path own;
  private final List<FileChannel> locks = new ArrayList<>();

  private Workspace(Path shared, Path own) {
    this.shared = shared;
    this.own = own;
  }

  /** XDG_CACHE_HOME/slipway, else ~/.cache/slipway. */
  static Path usual() {
    String cache = System.getenv("XDG_CACHE_HOME");
    return cache == null || cache.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "slipway")
        : Path.of(cache, "slipway");
  }

  static Workspace open(Path folder) throws IOException {
    Path shared = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(shared.resolve("runs"));
    } catch (IOException e) {
      throw new IOException(
          "the folder " + shared + " cannot be made or written (" + e.getMessage()
              + "); name another with --cache DIR",
          e);
    }
    sweep(shared.resolve("runs"));
    Path own =
        shared.resolve("runs").resolve(String.valueOf(ProcessHandle.current().pid()));
    Workspace space = new Workspace(shared, own);
    // Jails read below it as another user.
    Files.createDirectories(own);
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
    return space;
  }

  /** Folders of runs whose process is gone: jails are swept, then the files. */
  private static void sweep(Path runs) throws IOException {
    List<Path> left;
    try (Stream<Path> all = Files.list(runs)) {
      left = all.filter(each -> String.valueOf(each.getFileName()).matches("[0-9]{1,18}"))
          .filter(each -> ProcessHandle.of(Long.parseLong(String.valueOf(each.getFileName())))
              .isEmpty())
          .toList();
    }
    for (Path run : left) {
      if (Files.isDirectory(run.resolve("jails"))) {
        Jails.open(run.resolve("jails"), true).close();
      }
      DemoFiles.delete(run);
    }
  }

  /** A folder that is gone after the run. */
  Path own(String name) {
    return own.resolve(name);
  }

  /** A folder for all runs, whose users see to it themselves that they do not disturb each other. */
  Path shared(String name) {
    return shared.resolve(name);
  }

  /**
   * A folder that one run has at a time; where another run has it now, one of this run's own.
   *
   * @param about what the folder is for: another text, another folder
   */
  Path claim(String name, String about) throws IOException {
    String word = Digest.of(about).hex().substring(0, 16);
    Path folder = shared.resolve(name).resolve(word);
    Files.createDirectories(folder);
    FileChannel channel = FileChannel.open(
        shared.resolve(name).resolve(word + ".lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    locks.add(channel);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return folder;
      }
    } catch (OverlappingFileLockException e) {
      // This run has it already, for something else.
    }
    return own.resolve(name).resolve(word);
  }

  @Override
  public void close() throws IOException {
    for (FileChannel lock : locks) {
      lock.close();
    }
    DemoFiles.delete(own);
  }
}
