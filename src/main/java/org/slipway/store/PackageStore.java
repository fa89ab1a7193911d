package org.slipway.store;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.slipway.packages.Digest;

/**
 * Package archives by content: HOME/packages/ab/abcd….pkg, never changed once there. Safe for
 * several threads.
 */
public final class PackageStore {
  private static final String ARRIVING = "arriving";

  private final Path folder;
  private final Path arriving;

  /**
   * Sweeps what a killed farm was still bringing in.
   *
   * @param folder HOME/packages, made when absent; one farm's at a time
   */
  public PackageStore(Path folder) throws IOException {
    this.folder = folder;
    this.arriving = folder.resolve(ARRIVING);
    Files.createDirectories(arriving);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(arriving)) {
      for (Path each : left) {
        Files.delete(each);
      }
    }
  }

  /**
   * Moves a finished archive in; there already, the given file is removed. On disk when this
   * returns, readable by all and writable by none.
   *
   * @param file an ordinary file; on another file system it is copied and then removed
   * @throws IOException also where the file has another digest: then it stays where it is
   */
  public Path take(Path file, Digest sum) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("the archive " + file + " is not an ordinary file; it is not taken");
    }
    requireDigest(file, Digest.of(file), sum);
    Path place = path(sum);
    if (has(sum)) {
      Files.delete(file);
      return place;
    }
    Path shelf = shelf(sum);
    makeFolder(shelf);
    try {
      Disk.readOnly(file);
      Disk.sync(file);
      Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      copy(file, sum, place);
      Files.delete(file);
    }
    Disk.syncFolder(shelf);
    return place;
  }

  /** Where an archive is, or would be. */
  public Path path(Digest sum) {
    return shelf(sum).resolve(sum.hex() + ".pkg");
  }

  private Path shelf(Digest sum) {
    return folder.resolve(sum.hex().substring(0, 2));
  }

  public boolean has(Digest sum) {
    return Files.isRegularFile(path(sum), LinkOption.NOFOLLOW_LINKS);
  }

  /** Through a file of this file system, so that the last step is one rename here too. */
  void copy(Path file, Digest sum, Path place) throws IOException {
    Path arrival = Files.createTempFile(arriving, sum.hex().substring(0, 16), ".pkg");
    try {
      MessageDigest digest = Digest.sha256();
      try (InputStream in = new FileInputStream(file.toFile());
          OutputStream out =
              new DigestOutputStream(new FileOutputStream(arrival.toFile()), digest)) {
        in.transferTo(out);
      }
      // Again, for the copy is what is kept.
      requireDigest(file, new Digest(HexFormat.of().formatHex(digest.digest())), sum);
      Disk.readOnly(arrival);
      Disk.sync(arrival);
      Files.move(arrival, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(arrival);
    }
  }

  private void makeFolder(Path of) throws IOException {
    if (!Files.isDirectory(of)) {
      Files.createDirectories(of);
      Disk.syncFolder(folder);
    }
  }

  private static void requireDigest(Path file, Digest is, Digest wanted) throws IOException {
    if (!is.equals(wanted)) {
      throw new IOException("the archive " + file + " has the digest " + is + " and not " + wanted
          + " as its build said; it is not taken, build the package again");
    }
  }
}
