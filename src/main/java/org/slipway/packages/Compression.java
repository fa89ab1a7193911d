package org.slipway.packages;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZUtils;

/**
 * Undoes whichever compression an archive has, told by its first bytes, as libarchive does for pkg.
 */
enum Compression {
  ZSTD,
  XZ,
  BZIP2,
  GZIP,
  NONE;

  /** A hostile header must not make a decoder take gigabytes; xz -9 needs 65 MiB. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  /** zstd's own default, 128 MiB; pkg's highest level needs 8 MiB. */
  private static final int ZSTD_WINDOW_LOG = 27;

  private static final int MAGIC_BYTES = 6;

  /** For headers; larger pieces go past it. */
  private static final int BUFFER_BYTES = 1 << 13;

  /** Which one a file has that nothing was read from yet. */
  static Compression of(PackedFile file) throws IOException {
    byte[] magic = file.head(MAGIC_BYTES);
    if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return ZSTD;
    } else if (starts(magic, 0x1f, 0x8b)) {
      return GZIP;
    } else if (starts(magic, 'B', 'Z', 'h')) {
      return BZIP2;
    }
    return starts(magic, 0xfd, '7', 'z', 'X', 'Z', 0) ? XZ : NONE;
  }

  /**
   * The unpacked bytes. Closing the stream frees the decoder and leaves the file open. What cannot
   * be unpacked comes out as a {@link DamagedDataException}, what the disk cannot read as any other
   * IOException.
   */
  static InputStream unpacked(PackedFile file) throws IOException {
    Compression compression = of(file);
    DiskFaults disk = new DiskFaults(file);
    if (compression == NONE) {
      return new BufferedInputStream(disk, BUFFER_BYTES);
    }
    try {
      return new BufferedInputStream(
          new Unpacked(compression.decoder(disk), compression, disk), BUFFER_BYTES);
    } catch (IOException | RuntimeException e) {
      throw compression.fault(e, disk);
    }
  }

  private InputStream decoder(InputStream in) throws IOException {
    return switch (this) {
      case ZSTD ->
        new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE)
            .setLongMax(ZSTD_WINDOW_LOG);
      case GZIP ->
        GzipCompressorInputStream.builder()
            .setInputStream(in)
            .setDecompressConcatenated(true)
            .get();
      case BZIP2 -> new BZip2CompressorInputStream(in, true);
      case XZ -> xz(in);
      case NONE -> in;
    };
  }

  private static InputStream xz(InputStream in) throws IOException {
    if (!XZUtils.isXZCompressionAvailable()) {
      throw new IOException("it is compressed with xz, and no xz library is installed");
    }
    return XZCompressorInputStream.builder()
        .setInputStream(in)
        .setDecompressConcatenated(true)
        .setMemoryLimitKiB(XZ_MEMORY_KIB)
        .get();
  }

  /** Decoders meet hostile bytes with exceptions of many kinds. */
  private IOException fault(Exception found, DiskFaults disk) {
    if (disk.fault != null) {
      return disk.fault;
    }
    String why = found.getMessage() == null ? "broken" : PathRules.shown(found.getMessage());
    return new DamagedDataException("its " + word() + " data are damaged (" + why + ")");
  }

  /** As a person calls it. */
  String word() {
    return switch (this) {
      case ZSTD -> "zstd";
      case XZ -> "xz";
      case BZIP2 -> "bzip2";
      case GZIP -> "gzip";
      case NONE -> "tar";
    };
  }

  private static boolean starts(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** Remembers that it was the disk that failed, whatever a decoder makes of it. */
  private static final class DiskFaults extends InputStream {
    private final InputStream in;

    @org.jspecify.annotations.Nullable
    IOException fault;

    DiskFaults(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (IOException e) {
        fault = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] buffer, int at, int length) throws IOException {
      try {
        return in.read(buffer, at, length);
      } catch (IOException e) {
        fault = e;
        throw e;
      }
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }

    /** The decoder is done, the file need not be. */
    @Override
    public void close() {}
  }

  /** A decoder whose exceptions are told apart. */
  private static final class Unpacked extends InputStream {
    private final InputStream decoder;
    private final Compression compression;
    private final DiskFaults disk;

    Unpacked(InputStream decoder, Compression compression, DiskFaults disk) {
      this.decoder = decoder;
      this.compression = compression;
      this.disk = disk;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int at, int length) throws IOException {
      try {
        return decoder.read(buffer, at, length);
      } catch (IOException | RuntimeException e) {
        throw compression.fault(e, disk);
      }
    }

    @Override
    public void close() throws IOException {
      decoder.close();
    }
  }
}
