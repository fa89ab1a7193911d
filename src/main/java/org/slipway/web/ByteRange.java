package org.slipway.web;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a Range header asks for (RFC 9110, 14.2): one range of bytes. Several
 * ranges, or what cannot be read, are as good as none: the whole file is a right answer to them.
 *
 * @param first offset of the first byte
 * @param length of the part; 0 where the file has no such part (416)
 */
record ByteRange(long first, long length) {
  private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  static Optional<ByteRange> parse(String header, long size) {
    Matcher matcher = SINGLE.matcher(header.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(last(Long.parseLong(to), size));
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? size - 1 : Math.min(Long.parseLong(to), size - 1);
    if (!to.isEmpty() && Long.parseLong(to) < first) {
      return Optional.empty();
    }
    return Optional.of(
        first >= size ? new ByteRange(0, 0) : new ByteRange(first, last - first + 1));
  }

  private static ByteRange last(long count, long size) {
    long length = Math.min(count, size);
    return new ByteRange(size - length, length);
  }

  boolean satisfiable() {
    return length > 0;
  }
}
