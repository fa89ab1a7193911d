package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What a file's bytes add up to, in two ways: a SHA-256, which manifests tell, and a CRC-32C (RFC
 * 3720), by which a second reading notices for a tenth of the time that the file changed meanwhile.
 *
 * @param crc32c no protection from somebody who wants not to be noticed; whoever may write where the
 *     farm keeps its files needs no such thing, and clients compare the SHA-256
 */
public record ContentSum(Digest sha256, int crc32c) {
  /** The sums of these bytes. */
  public static ContentSum of(byte[] bytes) {
    Running running = new Running();
    running.update(bytes, 0, bytes.length);
    return running.end();
  }

  /** The sums of a file's content, read as a stream. */
  static ContentSum of(Path file) throws IOException {
    Running running = new Running();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        running.update(buffer, 0, count);
      }
    }
    return running.end();
  }

  /** The sums of bytes on their way. */
  static final class Running {
    private final MessageDigest sha256 = Digest.sha256();
    private final CRC32C crc32c = new CRC32C();

    void update(byte[] bytes, int offset, int length) {
      sha256.update(bytes, offset, length);
      crc32c.update(bytes, offset, length);
    }

    /** To be asked once, after the last bytes. */
    ContentSum end() {
      return new ContentSum(
          new Digest(HexFormat.of().formatHex(sha256.digest())), (int) crc32c.getValue());
    }
  }
}
