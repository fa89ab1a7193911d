package org.slipway.repository;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slipway.sign.SignatureMember;
import org.slipway.sign.Signing;

/**
 * A catalogue text on its way into its archive, a tar in which what signs it stands before it. The
 * text is compressed as it comes; the signatures are known at its end only and come before it as a
 * zstd frame of their own, which every reader of zstd joins with the next. So no text is ever held
 * whole. Not for several threads at once.
 */
final class SignedArchive {
  /**
   * Measured on 30,000 lines (30 MB) made from the texts of Debian's packages: this takes 0.15 s and
   * leaves 4.28 MB; 5 takes 0.25 s for 3.87 MB, 9 0.4 s for 3.70 MB, pkg's own 19 22 s for 3.07 MB.
   */
  private static final int LEVEL = 3;

  private static final int BLOCK = 512;

  private final String member;
  private final Signing.Content content;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
  private final ZstdOutputStream zstd;
  private long sizeBytes;

  SignedArchive(String member, Signing signing) throws IOException {
    this.member = member;
    this.content = signing.begin(member);
    this.zstd = compressor(body);
  }

  /** A text at hand. */
  static byte[] of(String member, byte[] bytes, Signing signing) throws IOException {
    SignedArchive archive = new SignedArchive(member, signing);
    archive.write(bytes, bytes.length);
    return archive.finish();
  }

  void write(byte[] bytes, int length) throws IOException {
    content.update(bytes, 0, length);
    zstd.write(bytes, 0, length);
    sizeBytes += length;
  }

  /** Signs; the whole archive. */
  byte[] finish() throws IOException {
    pad(zstd, sizeBytes);
    zstd.write(new byte[2 * BLOCK]);
    zstd.close();
    ByteArrayOutputStream archive = new ByteArrayOutputStream(body.size() + (1 << 12));
    try (ZstdOutputStream head = compressor(archive)) {
      for (SignatureMember signature : content.members()) {
        byte[] bytes = signature.bytes();
        header(head, signature.name(), bytes.length);
        head.write(bytes);
        pad(head, bytes.length);
      }
      header(head, member, sizeBytes);
    }
    body.writeTo(archive);
    return archive.toByteArray();
  }

  /** With a checksum, so that a damaged catalogue is never taken for the last one's lines. */
  private static ZstdOutputStream compressor(OutputStream out) throws IOException {
    ZstdOutputStream zstd = new ZstdOutputStream(out, LEVEL);
    zstd.setChecksum(true);
    return zstd;
  }

  /** Plain ustar (IEEE 1003.1); names are short here, and the text is less than pkg's 1 GiB. */
  private static void header(OutputStream out, String name, long size) throws IOException {
    byte[] block = new byte[BLOCK];
    text(block, 0, name);
    octal(block, 100, 8, 0644);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, size);
    octal(block, 136, 12, 0);
    text(block, 148, " ".repeat(8) + "0");
    text(block, 257, "ustar\00000root");
    text(block, 297, "wheel");
    octal(block, 329, 8, 0);
    octal(block, 337, 8, 0);
    int sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    octal(block, 148, 7, sum);
    block[154] = 0;
    out.write(block);
  }

  private static void text(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /** Digits and a blank, which every reader of tar takes. */
  private static void octal(byte[] block, int at, int width, long value) {
    String digits = Long.toOctalString(value);
    text(block, at, "0".repeat(width - 1 - digits.length()) + digits + " ");
  }

  private static void pad(OutputStream out, long size) throws IOException {
    int rest = (int) (size % BLOCK);
    if (rest > 0) {
      out.write(new byte[BLOCK - rest]);
    }
  }
}
