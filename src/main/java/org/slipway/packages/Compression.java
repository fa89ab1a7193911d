package org.slipway.packages;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZUtils;

/**
 * Undoes whichever compression an archive has, told by its first bytes, as libarchive does for pkg.
 */
final class Compression {
  /** A hostile header must not make a decoder take gigabytes; xz -9 needs 65 MiB. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private Compression() {}

  static InputStream decompressed(BufferedInputStream in) throws IOException {
    in.mark(8);
    byte[] magic = in.readNBytes(6);
    in.reset();
    if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new BufferedInputStream(new ZstdInputStream(in), 1 << 16);
    } else if (starts(magic, 0x1f, 0x8b)) {
      return new GZIPInputStream(in, 1 << 16);
    } else if (starts(magic, 'B', 'Z', 'h')) {
      return new BufferedInputStream(new BZip2CompressorInputStream(in, true), 1 << 16);
    } else if (starts(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      if (!XZUtils.isXZCompressionAvailable()) {
        throw new IOException("it is compressed with xz, and no xz library is installed");
      }
      return new BufferedInputStream(
          XZCompressorInputStream.builder()
              .setInputStream(in)
              .setDecompressConcatenated(true)
              .setMemoryLimitKiB(XZ_MEMORY_KIB)
              .get(),
          1 << 16);
    }
    return in;
  }

  private static boolean starts(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
