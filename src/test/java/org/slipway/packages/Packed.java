package org.slipway.packages;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Bytes in each compression that packages come in. */
final class Packed {
  private Packed() {}

  static byte[] as(String kind, byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = switch (kind) {
      case "zstd" -> new ZstdOutputStream(packed, 1);
      case "xz" -> new XZOutputStream(packed, new LZMA2Options(0));
      case "bzip2" -> new BZip2CompressorOutputStream(packed, 1);
      case "gz" -> new GZIPOutputStream(packed);
      case "none" -> packed;
      default -> throw new IllegalArgumentException(kind);
    }) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** Of a file in zstd. */
  static byte[] unpacked(Path file) throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }
}
