package org.slipway.build;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slipway.build.Distinfo.Distfile;
import org.slipway.packages.Digest;

/**
 * HOME/distfiles: downloads by the names that distinfo gives them. Only verified bytes enter, each
 * file whole by one rename; builds that want the same file at once fetch it once. Nothing
 * in it is ever written again under its name: a build's own view, made of hard links, stays what
 * it was.
 */
final class Distfiles {
  /** A large tree's distfiles are some 50,000; an entry takes about 200 bytes. */
  private static final int MOST_REMEMBERED = 10_000;

  private final Path folder;
  private final Set<Distfile> claimed = new HashSet<>();

  /** Which sum a file had, by its inode, size and time of change. */
  private final Map<String, Digest> sums =
      Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Digest> eldest) {
          return size() > MOST_REMEMBERED;
        }
      });

  Distfiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Takes files to fetch, all at once, so that builds which want the same ones fetch them one after
   * the other, and the later finds them here.
   *
   * @param longest to wait for others; then this build goes on by itself
   */
  Claim claim(List<Distfile> wanted, Duration longest, BuildLog log)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    boolean said = false;
    while (true) {
      synchronized (claimed) {
        Optional<Distfile> other = wanted.stream().filter(claimed::contains).findFirst();
        long left = deadline - System.nanoTime();
        if (other.isEmpty() || left <= 0) {
          List<Distfile> own =
              wanted.stream().filter(file -> !claimed.contains(file)).toList();
          claimed.addAll(own);
          return new Claim(own);
        }
        if (said) {
          TimeUnit.NANOSECONDS.timedWait(claimed, left);
          continue;
        }
      }
      said = true;
      log.say("Another build is fetching the same distfiles: waiting for it");
    }
  }

  /** Files that one build fetches. */
  final class Claim implements AutoCloseable {
    private final Set<Distfile> own;

    private Claim(List<Distfile> own) {
      this.own = new HashSet<>(own);
    }

    /** Lets go of what need not be fetched. */
    void keepOnly(List<Distfile> files) {
      synchronized (claimed) {
        Set<Distfile> free = new HashSet<>(own);
        files.forEach(free::remove);
        claimed.removeAll(free);
        own.removeAll(free);
        claimed.notifyAll();
      }
    }

    @Override
    public void close() {
      keepOnly(List.of());
    }
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
      // A link would have changed the file's change time, by which it is known when it was used.
      Files.setLastModifiedTime(kept, Files.getLastModifiedTime(kept));
    }
    // Verified in the view, where nothing can take its place any more.
    if (Files.size(seen) == file.sizeBytes() && sum(seen).equals(file.sha256())) {
      return true;
    }
    Files.delete(seen);
    return false;
  }

  /** Read once for as long as nobody writes to the file, which nobody does here. */
  private Digest sum(Path file) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    if (found.fileKey() == null) {
      return Digest.of(file);
    }
    String key =
        found.fileKey() + " " + found.size() + " " + found.lastModifiedTime().toInstant();
    Digest known = sums.get(key);
    if (known == null) {
      known = Digest.of(file);
      sums.put(key, known);
    }
    return known;
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
