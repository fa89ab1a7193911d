package org.slipway.repository;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.slipway.packages.Digest;
import org.slipway.sign.Signer;

/**
 * A catalogue text in its archive, signed in pkg's fingerprint form: {@code MEMBER.sig} and
 * {@code MEMBER.pub} before the member itself. What is signed is the member's SHA-256 as 64
 * hexadecimal digits without a newline.
 */
final class SignedArchive {
  /**
   * A catalogue of 30,000 packages is 40 MB of text, packed twice a snapshot; see the level of
   * packages.
   */
  private static final int LEVEL = 9;

  private SignedArchive() {}

  static byte[] of(String member, byte[] bytes, Signer signer) throws IOException {
    byte[] hash = Digest.of(bytes).hex().getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (OutputStream zstd = new ZstdOutputStream(archive, LEVEL);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(zstd, "UTF-8")) {
      add(tar, member + ".sig", signer.sign(hash).bytes());
      add(tar, member + ".pub", signer.publicKeyPem().getBytes(StandardCharsets.US_ASCII));
      add(tar, member, bytes);
    }
    return archive.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    entry.setMode(0644);
    entry.setUserName("root");
    entry.setGroupName("wheel");
    entry.setModTime(0L);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
