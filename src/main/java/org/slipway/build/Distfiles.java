package org.slipway.build;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.slipway.build.Distinfo.Distfile;
import org.slipway.packages.Digest;

/**
 * HOME/distfiles: downloads by the names that distinfo gives them. Only verified bytes enter, each
 * file whole by one rename, so that builds which fetch the same file at once do no harm. Nothing
 * in it is ever written again under its name: a build's own view, made of hard links, stays what
 * it was.
 */
final class Distfiles {
  private final Path folder;

  Distfiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Puts a file into a build's view if it is here and is what distinfo says.
   *
   * @return whether it is there now
   */
  boolean link(Distfile file, Path view) throws IOException {
    Path kept = folder.resolve(file.name());
    if (!Files.isRegularFile(kept, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Path seen = view.resolve(file.name());
    Files.createDirectories(seen.resolveSibling("."));
    try {
      Files.createLink(seen, kept);
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or one without hard links.
      Files.copy(kept, seen);
    }
    // Verified in the view, where nothing can take its place any more.
    if (Files.size(seen) == file.sizeBytes() && Digest.of(seen).equals(file.sha256())) {
      return true;
    }
    Files.delete(seen);
    return false;
  }

  /** Begins to take a file in. */
  Arrival arrive(Distfile file) throws IOException {
    Files.createDirectories(folder);
    return new Arrival(file, Files.createTempFile(folder, ".new-", ""));
  }

  /** Bytes on their way in; without {@link #keep} nothing stays of them. */
  final class Arrival extends FilterOutputStream {
    private final Distfile file;
    private final Path temporary;
    private final MessageDigest digest = Digest.sha256();
    private long count;

    private Arrival(Distfile file, Path temporary) throws IOException {
      super(Files.newOutputStream(temporary, StandardOpenOption.TRUNCATE_EXISTING));
      this.file = file;
      this.temporary = temporary;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      count += length;
      if (count <= file.sizeBytes()) {
        digest.update(bytes, offset, length);
        out.write(bytes, offset, length);
      }
    }

    /**
     * Takes the file in.
     *
     * @throws PhaseFailure when it is not what distinfo says
     */
    void keep() throws IOException, PhaseFailure {
      out.close();
      if (count != file.sizeBytes()) {
        throw mismatch("has " + (count > file.sizeBytes() ? "more than " : "") + bytes());
      }
      String sum = HexFormat.of().formatHex(digest.digest());
      if (!sum.equals(file.sha256().hex())) {
        throw mismatch("has SHA256 " + sum + ", distinfo says " + file.sha256());
      }
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      Path kept = folder.resolve(file.name());
      Files.createDirectories(kept.resolveSibling("."));
      Files.move(
          temporary, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String bytes() {
      return Math.min(count, file.sizeBytes()) + " bytes, distinfo says " + file.sizeBytes();
    }

    private PhaseFailure mismatch(String how) {
      return new PhaseFailure(
          FailureClass.CHECKSUM, "checksum mismatch: " + file.name() + " " + how);
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } finally {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
