package org.slipway.evaluate;

import java.util.Arrays;

/**
 * Bytes in less room, for texts that are much like a sample of them: what the sample or the text
 * itself held before is written as how far back and how long, all else as it is. Of ports' answers
 * a quarter is left, a tenth less than deflate leaves, which knows no sample, in half its time.
 *
 * <p>Packed are numbers of seven bits a byte, the lowest first, the high bit set but for the last:
 * the text's length; then in turn a count of bytes that follow as they are, the length of what is
 * repeated less {@value #LEAST}, and the distance back to it, which may lie in the sample before
 * the text. The last count has no more behind it. Only what {@link #pack} gave, with the same
 * sample, can be unpacked.
 */
final class PackedText {
  /** A shorter repetition would take as much room as it saves. */
  private static final int LEAST = 4;

  private static final int HASH_BITS = 12;

  /** Where nothing is found again, one look in every so many bytes more. */
  private static final int PATIENCE_BITS = 5;

  private final byte[] sample;

  /** Where in the sample four bytes of that hash stood last, plus one. */
  private final int[] places = new int[1 << HASH_BITS];

  /** @param sample to be kept as long as anything that was packed with it; may be empty */
  PackedText(byte[] sample) {
    this.sample = sample.clone();
    for (int at = 0; at + LEAST <= sample.length; at++) {
      places[hash(four(sample, at))] = at + 1;
    }
  }

  byte[] pack(byte[] text) {
    byte[] all = Arrays.copyOf(sample, sample.length + text.length);
    System.arraycopy(text, 0, all, sample.length, text.length);
    Out out = new Out(text.length);
    out.number(text.length);
    int[] known = places.clone();
    int plain = sample.length;
    int at = sample.length;
    int misses = 0;
    while (at + LEAST <= all.length) {
      int four = four(all, at);
      int hash = hash(four);
      int before = known[hash] - 1;
      known[hash] = at + 1;
      if (before < 0 || four(all, before) != four) {
        at += 1 + (misses++ >> PATIENCE_BITS);
        continue;
      }
      int length = Arrays.mismatch(all, before, all.length - (at - before), all, at, all.length);
      length = length < 0 ? all.length - at : length;
      out.plain(all, plain, at);
      out.number(length - LEAST);
      out.number(at - before);
      at += length;
      plain = at;
      misses = 0;
    }
    out.plain(all, plain, all.length);
    return out.bytes();
  }

  byte[] unpack(byte[] packed) {
    In in = new In(packed);
    int length = in.number();
    byte[] all = Arrays.copyOf(sample, sample.length + length);
    int at = sample.length;
    while (true) {
      int plain = in.number();
      System.arraycopy(packed, in.at, all, at, plain);
      in.at += plain;
      at += plain;
      if (at == all.length) {
        return Arrays.copyOfRange(all, sample.length, all.length);
      }
      int repeated = in.number() + LEAST;
      int from = at - in.number();
      // One by one: what is repeated may reach into what is being written.
      for (int i = 0; i < repeated; i++) {
        all[at + i] = all[from + i];
      }
      at += repeated;
    }
  }

  private static int four(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  private static int hash(int four) {
    // Knuth's multiplicative hash.
    return (four * 0x9E3779B1) >>> (32 - HASH_BITS);
  }

  private static final class Out {
    private byte[] bytes;
    private int length;

    Out(int text) {
      bytes = new byte[text / 3 + 32];
    }

    void number(int number) {
      room(5);
      int rest = number;
      while (rest > 0x7f) {
        bytes[length++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[length++] = (byte) rest;
    }

    void plain(byte[] all, int from, int to) {
      number(to - from);
      room(to - from);
      System.arraycopy(all, from, bytes, length, to - from);
      length += to - from;
    }

    private void room(int more) {
      if (bytes.length - length < more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
      }
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, length);
    }
  }

  private static final class In {
    private final byte[] bytes;
    private int at;

    In(byte[] bytes) {
      this.bytes = bytes;
    }

    int number() {
      int number = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        number |= (next & 0x7f) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }
  }
}
