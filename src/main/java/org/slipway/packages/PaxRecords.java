package org.slipway.packages;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The records of tar's pax headers, read from a stranger's archive. */
final class PaxRecords {
  /** What tars read in two ways when it comes twice, or for all members at once. */
  private static final Set<String> WEIGHTY = Set.of("path", "linkpath", "size");

  private PaxRecords() {}

  /** Adds a header's records, {@code LENGTH KEY=VALUE\n} each, to what is known of the member. */
  static void read(byte[] bytes, Map<String, String> into) throws HostileArchiveException {
    int at = 0;
    while (at < bytes.length) {
      int space = at;
      while (space < bytes.length && bytes[space] != ' ' && space - at < 8) {
        space++;
      }
      long length = decimal(new String(bytes, at, space - at, StandardCharsets.US_ASCII));
      int from = space + 1;
      if (length <= from - at || length > bytes.length - at) {
        throw new HostileArchiveException("the archive has a broken pax header");
      }
      int end = at + (int) length - 1;
      if (bytes[end] != '\n') {
        throw new HostileArchiveException("the archive has a broken pax header");
      }
      String record = new String(bytes, from, end - from, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw new HostileArchiveException("the archive has a broken pax header");
      }
      String key = record.substring(0, equals);
      if (key.startsWith("GNU.sparse.")) {
        throw sparse();
      }
      put(into, key, record.substring(equals + 1));
      at = end + 1;
    }
  }

  /** Adds one record; what names or sizes a member may be said only once. */
  static void put(Map<String, String> into, String key, String value)
      throws HostileArchiveException {
    if (into.put(key, value) != null && WEIGHTY.contains(key)) {
      throw new HostileArchiveException("a member's headers say its " + key + " twice");
    }
  }

  /** Comments, such as git's commit, are fine; names for all members are not. */
  static void requireHarmless(byte[] bytes) throws HostileArchiveException {
    Map<String, String> records = new HashMap<>();
    read(bytes, records);
    for (String key : WEIGHTY) {
      if (records.containsKey(key)) {
        throw new HostileArchiveException("a global header sets the " + key + " of all members");
      }
    }
  }

  static HostileArchiveException sparse() {
    return new HostileArchiveException(
        "the archive has a sparse member; write it with bsdtar's --no-read-sparse");
  }

  static long decimal(String digits) throws HostileArchiveException {
    if (!digits.matches("[0-9]{1,18}")) {
      throw new HostileArchiveException("the archive has a broken pax header");
    }
    return Long.parseLong(digits);
  }

  /** Whole seconds since 1970; what pax has behind the point is cut off. */
  static long seconds(String text) throws HostileArchiveException {
    if (!text.matches("-?[0-9]{1,15}(\\.[0-9]*)?")) {
      throw new HostileArchiveException("the archive has a broken pax header");
    }
    int point = text.indexOf('.');
    return Math.max(0, Long.parseLong(point < 0 ? text : text.substring(0, point)));
  }
}
