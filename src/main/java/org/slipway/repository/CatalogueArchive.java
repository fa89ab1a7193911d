package org.slipway.repository;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a catalogue archive of a stranger: of any compression that pkg writes, with signatures before
 * or after the text, and with pkg's own bounds.
 */
final class CatalogueArchive {
  private static final int MAX_SIGNATURES = 8;
  private static final int MAX_SIGNATURE_BYTES = 1 << 20;
  private static final long MAX_TEXT_BYTES = 1L << 30;
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private CatalogueArchive() {}

  /** Takes the text as it is unpacked. */
  interface TextReader {
    void read(InputStream text) throws IOException;
  }

  /**
   * Reads all of it.
   *
   * @param member the text's name
   * @param digests are told of the text's bytes
   * @return the members that sign it, by name
   * @throws RepositoryException when the archive is not as pkg takes it
   */
  static Map<String, byte[]> read(
      InputStream archive, String member, OutputStream digests, TextReader reader)
      throws IOException {
    Map<String, byte[]> signatures = new LinkedHashMap<>();
    boolean seen = false;
    try (TarArchiveInputStream tar = new TarArchiveInputStream(unpacked(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals(member)) {
          if (seen) {
            throw new RepositoryException("has \"" + member + "\" twice");
          }
          if (entry.getSize() > MAX_TEXT_BYTES) {
            throw new RepositoryException("has a text of more than 1 GiB");
          }
          seen = true;
          InputStream text = new Told(tar, digests);
          reader.read(text);
          text.transferTo(OutputStream.nullOutputStream());
        } else {
          byte[] bytes = tar.readNBytes(MAX_SIGNATURE_BYTES + 1);
          if (bytes.length > MAX_SIGNATURE_BYTES || signatures.size() == MAX_SIGNATURES) {
            throw new RepositoryException("has more beside its text than signatures");
          }
          signatures.put(entry.getName(), bytes);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new RepositoryException("is no sound tar archive: " + e.getMessage());
    }
    if (!seen) {
      throw new RepositoryException("has no member \"" + member + "\"");
    }
    return signatures;
  }

  private static InputStream unpacked(InputStream archive) throws IOException {
    BufferedInputStream in = new BufferedInputStream(archive, 1 << 16);
    in.mark(8);
    byte[] magic = in.readNBytes(6);
    in.reset();
    if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new ZstdInputStream(in);
    } else if (starts(magic, 0x1f, 0x8b)) {
      return new GZIPInputStream(in, 1 << 16);
    } else if (starts(magic, 'B', 'Z', 'h')) {
      return new BZip2CompressorInputStream(in, true);
    } else if (starts(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return XZCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .setMemoryLimitKiB(XZ_MEMORY_KIB)
          .get();
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

  /** A member's bytes; closing it leaves the archive open. */
  private static final class Told extends FilterInputStream {
    private final OutputStream digests;

    Told(InputStream in, OutputStream digests) {
      super(in);
      this.digests = digests;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      if (count > 0) {
        digests.write(bytes, offset, count);
      }
      return count;
    }

    @Override
    public void close() {}
  }

  /** A text's two digests that signatures are made of. */
  static final class Digests extends OutputStream {
    private final java.security.MessageDigest sha256 = org.slipway.packages.Digest.sha256();
    private final org.bouncycastle.crypto.digests.Blake2bDigest blake2 =
        new org.bouncycastle.crypto.digests.Blake2bDigest(512);
    private final boolean both;
    private byte @Nullable [] sum;

    /** @param both whether BLAKE2b is wanted too, which costs as much again */
    Digests(boolean both) {
      this.both = both;
    }

    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      sha256.update(bytes, offset, length);
      if (both) {
        blake2.update(bytes, offset, length);
      }
    }

    /** Of all that was written; to be asked when nothing more comes. */
    byte[] sha256() {
      if (sum == null) {
        sum = sha256.digest();
      }
      return sum.clone();
    }

    byte[] blake2() {
      byte[] result = new byte[blake2.getDigestSize()];
      blake2.doFinal(result, 0);
      return Arrays.copyOf(result, result.length);
    }
  }
}
