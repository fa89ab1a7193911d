package org.slipway.jail;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar archive, compressed in whichever way its first bytes tell (xz, gzip, zstd, bzip2 or
 * not at all), into a base that is being written. The archive is a stranger's: what it claims is
 * bounded before memory or disk is taken for it. Devices, pipes and sockets are left out.
 */
final class BaseArchive {
  /** A hostile header must not make a decoder take gigabytes; xz -9 needs 65 MiB. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  /** The headers of one member: names of a few KiB, and extended attributes. */
  private static final long HEADER_BYTES = 4 << 20;

  private static final int MAGIC_BYTES = 6;

  private final BaseTree tree;
  private int left;
  private int links;

  BaseArchive(BaseTree tree) {
    this.tree = tree;
  }

  /** Members that were left out: devices, pipes, sockets. */
  int leftOut() {
    return left;
  }

  /**
   * Unpacks a file.
   *
   * @param name what people know it by
   */
  void unpack(Path file, String name, BaseProgress progress) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      unpack(in, Files.size(file), name, progress);
    }
  }

  /** @param totalBytes how long the stream is, 0 where nobody knows */
  void unpack(InputStream in, long totalBytes, String name, BaseProgress progress)
      throws IOException {
    Counted counted = new Counted(in);
    int before = tree.paths();
    try (Guard plain = new Guard(decoded(counted));
        Members members = new Members(plain)) {
      for (TarArchiveEntry each = members.next(); each != null; each = members.next()) {
        take(each, members);
        progress.at("unpacking " + name, totalBytes > 0 ? counted.bytes : tree.bytes(), totalBytes);
      }
      if (!members.ended) {
        throw new EOFException("it ends too early");
      }
    } catch (BaseException e) {
      throw new BaseException(name + " is refused: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw fault(name, counted, e);
    }
    if (tree.paths() == before) {
      throw new BaseException(name + " is empty; it has no file at all");
    }
  }

  /**
   * Decoders and tar meet hostile bytes with exceptions of many kinds; the disk's are no fault of
   * the archive.
   */
  private static IOException fault(String name, Counted counted, Exception found) {
    if (found instanceof IOException disk
        && (disk instanceof BaseTree.DiskFault
            || disk instanceof FileSystemException
            || counted.fault != null)) {
      return disk;
    }
    String reason = found.getMessage() == null ? "broken" : BaseText.shown(found.getMessage());
    return new BaseException(
        name + " is damaged or no tar archive (" + reason + "); get it again", found);
  }

  private static InputStream decoded(Counted in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(MAGIC_BYTES);
    byte[] magic = buffered.readNBytes(MAGIC_BYTES);
    buffered.reset();
    if (starts(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return XZCompressorInputStream.builder()
          .setInputStream(buffered)
          .setDecompressConcatenated(true)
          .setMemoryLimitKiB(XZ_MEMORY_KIB)
          .get();
    } else if (starts(magic, 0x1f, 0x8b)) {
      return GzipCompressorInputStream.builder()
          .setInputStream(buffered)
          .setDecompressConcatenated(true)
          .get();
    } else if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new ZstdCompressorInputStream(buffered);
    } else if (starts(magic, 'B', 'Z', 'h')) {
      return new BZip2CompressorInputStream(buffered, true);
    }
    return buffered;
  }

  private static boolean starts(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private void take(TarArchiveEntry entry, Members members) throws IOException {
    if (!entry.isCheckSumOK()) {
      throw new IOException("a header's checksum is wrong");
    }
    String name = BasePath.bytes(entry.getName());
    BaseTree.Look look = new BaseTree.Look(
        entry.getMode() & 07777,
        entry.getLongUserId(),
        entry.getLongGroupId(),
        FileTime.from(Math.max(0, entry.getLastModifiedTime().toMillis()), TimeUnit.MILLISECONDS));
    if (entry.isSymbolicLink()) {
      tree.link(name, BasePath.bytes(entry.getLinkName()), look);
    } else if (entry.isLink()) {
      tree.hardLink(name, BasePath.bytes(entry.getLinkName()));
      links++;
    } else if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
      left++;
    } else if (entry.isDirectory()) {
      tree.folder(name, look);
    } else if (isFile(entry)) {
      tree.file(name, look, members);
    } else {
      left++;
    }
  }

  /** How many hard links were made. */
  int hardLinks() {
    return links;
  }

  private static boolean isFile(TarArchiveEntry entry) {
    byte type = entry.getLinkFlag();
    return entry.isSparse() || type == 0 || type == '0' || type == '7';
  }

  /** Tar's members, with a bound on what their headers may take. */
  private static final class Members extends TarArchiveInputStream {
    private final Guard guard;
    private boolean ended;

    Members(Guard guard) {
      super(guard, StandardCharsets.UTF_8.name());
      this.guard = guard;
    }

    @Nullable
    TarArchiveEntry next() throws IOException {
      byte[] rest = new byte[1 << 13];
      while (getCurrentEntry() != null && read(rest, 0, rest.length) >= 0) {
        // What is left of the member before; headers begin after it.
      }
      guard.allowed = HEADER_BYTES;
      try {
        return getNextEntry();
      } finally {
        guard.allowed = Long.MAX_VALUE;
      }
    }

    @Override
    protected boolean isEOFRecord(byte @Nullable [] header) {
      boolean end = super.isEOFRecord(header);
      ended |= end && header != null;
      return end;
    }
  }

  /** Counts down what may be read. */
  private static final class Guard extends InputStream {
    private final InputStream in;
    private long allowed = Long.MAX_VALUE;

    Guard(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int at, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (allowed <= 0) {
        throw new IOException("a member's header has more than " + HEADER_BYTES + " bytes");
      }
      int count = in.read(buffer, at, (int) Math.min(length, allowed));
      allowed -= Math.max(0, count);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** Counts what was read of the archive as it lies there, and remembers that reading it failed. */
  private static final class Counted extends InputStream {
    private final InputStream in;
    private long bytes;
    private @Nullable IOException fault;

    Counted(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int at, int length) throws IOException {
      try {
        int count = in.read(buffer, at, length);
        bytes += Math.max(0, count);
        return count;
      } catch (IOException e) {
        fault = e;
        throw e;
      }
    }
  }

  /** The names at the top of what was unpacked, for a message. */
  static String top(Path root) throws IOException {
    try (var names = Files.list(root)) {
      String[] all = names.map(BasePath::name).sorted().limit(6).toArray(String[]::new);
      return BaseText.shown(String.join(", ", Arrays.asList(all)));
    }
  }
}
