package org.slipway.web;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of a {@link PlainRequest} (RFC 9112, 3 and 5). It takes only what nobody reads in another way: whoever
 * stands before this server, or is behind it, must see the same request, ending at the same byte. All else, what is
 * incomplete too, is left to the server's full parser.
 */
final class PlainReader {
  private static final byte[] GET = ascii("GET ");
  private static final byte[] HEAD = ascii("HEAD ");
  private static final byte[] REPOSITORIES = ascii("/repo/");
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] KEEP_ALIVE = ascii("keep-alive");

  private static final byte[] HOST = ascii("host");
  private static final byte[] CONNECTION = ascii("connection");
  private static final byte[] NONE_MATCH = ascii("if-none-match");
  private static final byte[] MODIFIED_SINCE = ascii("if-modified-since");

  /** Whatever these say, the answer is the same. */
  private static final byte[][] BENIGN = {
    ascii("accept"),
    ascii("user-agent"),
    ascii("accept-encoding"),
    ascii("accept-language"),
    ascii("cache-control"),
    ascii("pragma")
  };

  private static final String ALPHANUMERIC =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  private static final boolean[] IN_PATH = set(ALPHANUMERIC + "/-._~+@,=:%");
  private static final boolean[] IN_NAME = set(ALPHANUMERIC + "-");
  private static final boolean[] IN_HOST = set(ALPHANUMERIC + "-._");
  private static final boolean[] IN_PORT = set("0123456789");
  private static final int LAST_PORT = 65_535;

  private final byte[] bytes;
  private final int to;
  private int at;
  private boolean host;
  private HttpFields.@Nullable Mutable conditions;

  PlainReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean[] set(String all) {
    boolean[] set = new boolean[128];
    all.chars().forEach(each -> set[each] = true);
    return set;
  }

  @Nullable
  PlainRequest read() {
    boolean head = take(HEAD);
    if (!head && !take(GET)) {
      return null;
    }
    int path = at;
    if (!take(REPOSITORIES)) {
      return null;
    }
    at = behind(IN_PATH);
    int end = at;
    if (!take(VERSION)) {
      return null;
    }
    while (!take((byte) '\r')) {
      if (!field()) {
        return null;
      }
    }
    if (!take((byte) '\n') || !host) {
      return null;
    }
    String address = text(path, end);
    return new PlainRequest(head, address, conditions == null ? HttpFields.EMPTY : conditions, at);
  }

  /** Takes one field with its line's end, where it is one that may be here. */
  private boolean field() {
    int name = at;
    at = behind(IN_NAME);
    int nameEnd = at;
    if (nameEnd == name || !take((byte) ':')) {
      return false;
    }
    while (at < to && blank(bytes[at])) {
      at++;
    }
    int value = at;
    while (at < to && ((bytes[at] >= ' ' && bytes[at] < 0x7f) || bytes[at] == '\t')) {
      at++;
    }
    int valueEnd = at;
    while (valueEnd > value && blank(bytes[valueEnd - 1])) {
      valueEnd--;
    }
    return take((byte) '\r') && take((byte) '\n') && takes(name, nameEnd, value, valueEnd);
  }

  private boolean takes(int name, int nameEnd, int value, int valueEnd) {
    if (is(HOST, name, nameEnd)) {
      boolean first = !host;
      host = true;
      return first && host(value, valueEnd);
    }
    if (is(NONE_MATCH, name, nameEnd)) {
      return condition(HttpHeader.IF_NONE_MATCH, value, valueEnd);
    }
    if (is(MODIFIED_SINCE, name, nameEnd)) {
      return condition(HttpHeader.IF_MODIFIED_SINCE, value, valueEnd);
    }
    if (is(CONNECTION, name, nameEnd)) {
      return is(KEEP_ALIVE, value, valueEnd);
    }
    for (byte[] each : BENIGN) {
      if (is(each, name, nameEnd)) {
        return true;
      }
    }
    return false;
  }

  /** A name or an IPv4 address, and perhaps a port. */
  private boolean host(int value, int valueEnd) {
    int port = behind(IN_HOST, value, valueEnd);
    if (port == value || port == valueEnd) {
      return port > value;
    }
    return bytes[port] == ':' && port(port + 1, valueEnd);
  }

  private boolean port(int first, int valueEnd) {
    int digits = valueEnd - first;
    return digits > 0
        && digits <= 5
        && bytes[first] != '0'
        && behind(IN_PORT, first, valueEnd) == valueEnd
        && Integer.parseInt(text(first, valueEnd)) <= LAST_PORT;
  }

  private boolean condition(HttpHeader name, int value, int valueEnd) {
    HttpFields.Mutable all = conditions == null ? HttpFields.build() : conditions;
    conditions = all;
    if (value == valueEnd || all.contains(name)) {
      return false;
    }
    all.add(name, text(value, valueEnd));
    return true;
  }

  private String text(int from, int end) {
    return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private static boolean blank(byte each) {
    return each == ' ' || each == '\t';
  }

  private boolean take(byte wanted) {
    if (at < to && bytes[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private boolean take(byte[] wanted) {
    if (to - at < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    at += wanted.length;
    return true;
  }

  /** Whether this is the word, in small letters or large ones. */
  private boolean is(byte[] word, int from, int end) {
    if (end - from != word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      int each = bytes[from + i];
      if ((each >= 'A' && each <= 'Z' ? each + ('a' - 'A') : each) != word[i]) {
        return false;
      }
    }
    return true;
  }

  private int behind(boolean[] set) {
    return behind(set, at, to);
  }

  private int behind(boolean[] set, int from, int end) {
    int next = from;
    while (next < end && bytes[next] >= 0 && set[bytes[next]]) {
      next++;
    }
    return next;
  }
}
