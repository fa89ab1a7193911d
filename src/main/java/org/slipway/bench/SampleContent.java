package org.slipway.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Files as a large package has them, the same on every host: texts of words, tables of records like
 * a program's, and data that is compressed already, about 45, 45 and 10 of a hundred bytes.
 *
 * @param paths absolute, as a plist lists them
 */
record SampleContent(List<String> paths, long bytes) {
  private static final long SEED = 20260822;
  private static final int WORDS = 4000;
  private static final int[] SIZES = {3_000, 900, 20_000, 150_000, 7_000, 1_200_000, 40_000};

  SampleContent {
    paths = List.copyOf(paths);
  }

  /** Writes files of so many bytes in all below a folder that is not there yet. */
  static SampleContent write(Path root, long bytes) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[][] words = words(random);
    List<String> paths = new ArrayList<>();
    long left = bytes;
    for (int number = 0; left > 0; number++) {
      String path =
          String.format(Locale.ROOT, "/usr/local/share/bench/%03d/file-%05d", number / 100, number);
      long size = Math.min(left, SIZES[number % SIZES.length] + random.nextInt(1000));
      Path file = root.resolve(path.substring(1));
      Files.createDirectories(file.resolveSibling(""));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
        fill(out, size, number, random, words);
      }
      paths.add(path);
      left -= size;
    }
    return new SampleContent(paths, bytes);
  }

  private static void fill(
      OutputStream out, long size, int number, SplittableRandom random, byte[][] words)
      throws IOException {
    long left = size;
    while (left > 0) {
      byte[] piece = switch (number % 21) {
        case 0, 7 -> random(random);
        case 1, 3, 5, 8, 10, 12, 14, 16, 18, 20 -> record(random);
        default -> words[(int) (WORDS * Math.pow(random.nextDouble(), 3))];
      };
      int length = (int) Math.min(piece.length, left);
      out.write(piece, 0, length);
      left -= length;
    }
  }

  private static byte[] random(SplittableRandom random) {
    byte[] bytes = new byte[4096];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Sixteen bytes of which some are nearly always alike, as in code and tables. */
  private static byte[] record(SplittableRandom random) {
    byte[] bytes = new byte[16];
    bytes[0] = 0x48;
    bytes[1] = (byte) (0x80 | random.nextInt(16));
    bytes[2] = (byte) random.nextInt(64);
    bytes[4] = (byte) random.nextInt(256);
    bytes[5] = (byte) random.nextInt(8);
    bytes[8] = (byte) random.nextInt(4);
    bytes[12] = (byte) (random.nextInt(16) == 0 ? random.nextInt(256) : 0);
    return bytes;
  }

  private static byte[][] words(SplittableRandom random) {
    byte[][] words = new byte[WORDS][];
    for (int i = 0; i < WORDS; i++) {
      StringBuilder word = new StringBuilder();
      for (int length = 2 + random.nextInt(9); length > 0; length--) {
        word.append("etaoinshrdlcumwfgypbvk".charAt(random.nextInt(22)));
      }
      words[i] = word.append(random.nextInt(12) == 0 ? '\n' : ' ')
          .toString()
          .getBytes(StandardCharsets.US_ASCII);
    }
    return words;
  }
}
