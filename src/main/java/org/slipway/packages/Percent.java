package org.slipway.packages;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * How pkg writes a description, a script or a path into a manifest: every byte above 127 and each
 * {@code %} become {@code %xx} (libpkg/pkg_manifest.c).
 */
public final class Percent {
  private static final String DIGITS = "0123456789abcdef";

  private Percent() {}

  public static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b < 0 || b == '%') {
        encoded.append('%').append(DIGITS.charAt((b >> 4) & 15)).append(DIGITS.charAt(b & 15));
      } else {
        encoded.append((char) b);
      }
    }
    return encoded.toString();
  }

  /** The reverse; a {@code %} that no two digits follow stands for itself. */
  public static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
      if (raw[i] == '%' && high >= 0 && low >= 0) {
        bytes.write((high << 4) | low);
        i += 2;
      } else {
        bytes.write(raw[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
