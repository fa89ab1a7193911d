package org.slipway.sign;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PEM (RFC 7468, and the header lines of RFC 1421 that older keys have), on bytes throughout: a text
 * could not be wiped after use.
 */
final class Pem {
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /** What stands between two lines of dashes. */
  static final class Block {
    private final String kind;
    private final Map<String, String> headers;
    private final byte[] der;

    private Block(String kind, Map<String, String> headers, byte[] der) {
      this.kind = kind;
      this.headers = Map.copyOf(headers);
      this.der = der;
    }

    /** Such as {@code RSA PRIVATE KEY}. */
    String kind() {
      return kind;
    }

    /** Such as {@code DEK-Info}; empty for most. */
    Map<String, String> headers() {
      return headers;
    }

    /** Not a copy, which nobody would wipe. */
    byte[] der() {
      return der;
    }

    void wipe() {
      Arrays.fill(der, (byte) 0);
    }

    @Override
    public String toString() {
      return kind;
    }
  }

  /** Lines of 64 characters, as openssl writes them. */
  static byte[] encode(String kind, byte[] der) {
    byte[] begin = ascii("-----BEGIN " + kind + "-----\n");
    byte[] body = BASE64.encode(der);
    byte[] end = ascii("\n-----END " + kind + "-----\n");
    byte[] text = Arrays.copyOf(begin, begin.length + body.length + end.length);
    System.arraycopy(body, 0, text, begin.length, body.length);
    System.arraycopy(end, 0, text, begin.length + body.length, end.length);
    Arrays.fill(body, (byte) 0);
    return text;
  }

  /** All whole blocks, in their order; what is around them is a comment. */
  static List<Block> decode(byte[] text) {
    List<Block> blocks = new ArrayList<>();
    int at = 0;
    while (true) {
      int begin = indexOf(text, "-----BEGIN ", at);
      int lineEnd = begin < 0 ? -1 : indexOf(text, "-----", begin + 11);
      if (lineEnd < 0 || lineEnd - begin > 80) {
        return blocks;
      }
      String kind = new String(text, begin + 11, lineEnd - begin - 11, StandardCharsets.US_ASCII);
      int bodyAt = lineEnd + 5;
      int end = indexOf(text, "-----END " + kind + "-----", bodyAt);
      if (end < 0) {
        return blocks;
      }
      Map<String, String> headers = new LinkedHashMap<>();
      int from = headers(text, bodyAt, end, headers);
      byte[] body = Arrays.copyOfRange(text, from, end);
      try {
        blocks.add(new Block(kind, headers, Base64.getMimeDecoder().decode(body)));
      } catch (IllegalArgumentException e) {
        // Not base64, so not a block: the caller finds nothing and says so.
      } finally {
        Arrays.fill(body, (byte) 0);
      }
      at = end + 1;
    }
  }

  /** Reads {@code Name: value} lines and tells where what follows them begins. */
  private static int headers(byte[] text, int from, int to, Map<String, String> headers) {
    int at = from;
    int body = from;
    while (at < to) {
      int end = indexOf(text, "\n", at);
      if (end < 0 || end > to) {
        return body;
      }
      int colon = indexOf(text, ":", at);
      if (colon >= 0 && colon < end) {
        headers.put(
            new String(text, at, colon - at, StandardCharsets.US_ASCII).strip(),
            new String(text, colon + 1, end - colon - 1, StandardCharsets.US_ASCII).strip());
        body = end + 1;
      } else if (end - at > 1) {
        return body;
      }
      at = end + 1;
    }
    return body;
  }

  private static int indexOf(byte[] text, String word, int from) {
    byte[] wanted = ascii(word);
    for (int at = from; at <= text.length - wanted.length; at++) {
      if (Arrays.equals(text, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
