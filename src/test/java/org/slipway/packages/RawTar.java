package org.slipway.packages;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Tar archives byte by byte, with what no honest tool would write: any type, any claimed size, any
 * name. It shares nothing with the writer under test.
 */
final class RawTar {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A package's two manifests, which list these files with the sums of their texts. */
  static RawTar packageWith(String... pathsAndTexts) {
    StringBuilder files = new StringBuilder();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      files
          .append(i == 0 ? "" : ",")
          .append('"')
          .append(pathsAndTexts[i])
          .append("\":\"1$")
          .append(Digest.of(pathsAndTexts[i + 1]))
          .append('"');
    }
    return packageListing(files.toString());
  }

  /** The same with the inside of {@code files} as it is given. */
  static RawTar packageListing(String files) {
    String head = "{\"name\":\"foo\",\"origin\":\"misc/foo\",\"version\":\"1.0\",\"comment\":\"c\","
        + "\"abi\":\"FreeBSD:14:amd64\",\"prefix\":\"/usr/local\",\"flatsize\":0";
    return new RawTar()
        .file("+COMPACT_MANIFEST", head + "}")
        .file("+MANIFEST", head + ",\"files\":{" + files + "}}");
  }

  RawTar file(String name, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    return member('0', name, "", content, content.length);
  }

  RawTar link(char type, String name, String target) {
    return member(type, name, target, new byte[0], 0);
  }

  RawTar directory(String name) {
    return member('5', name, "", new byte[0], 0);
  }

  /** A pax header of these records, keys and values in turn, for the next member. */
  RawTar pax(char type, String... keysAndValues) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      byte[] rest = (" " + keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n")
          .getBytes(StandardCharsets.UTF_8);
      int length = rest.length + 1;
      while (Integer.toString(length).length() + rest.length != length) {
        length++;
      }
      records.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
      records.writeBytes(rest);
    }
    return member(type, "PaxHeader", "", records.toByteArray(), records.size());
  }

  /** Any member; {@code claimed} is the size that its header says. */
  RawTar member(char type, String name, String link, byte[] content, long claimed) {
    byte[] block = new byte[512];
    put(block, 0, 100, name);
    put(block, 100, 8, "0000644");
    put(block, 108, 8, "0000000");
    put(block, 116, 8, "0000000");
    put(block, 124, 12, String.format(Locale.ROOT, "%011o", claimed));
    put(block, 136, 12, "00000000000");
    block[156] = (byte) type;
    put(block, 157, 100, link);
    put(block, 257, 8, "ustar\00000");
    put(block, 265, 32, "root");
    put(block, 297, 32, "wheel");
    return block(block).raw(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
  }

  /** A header whose checksum is put right. */
  RawTar block(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, 8, String.format(Locale.ROOT, "%06o\0 ", sum));
    return raw(block);
  }

  RawTar raw(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  /** With the two empty blocks at its end. */
  byte[] end() {
    return raw(new byte[1024]).cut();
  }

  /** As it is now. */
  byte[] cut() {
    return bytes.toByteArray();
  }

  private static void put(byte[] block, int at, int width, String text) {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(raw, 0, block, at, Math.min(width, raw.length));
  }
}
