package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 as 64 lower-case hexadecimal digits. */
public record Digest(String hex) implements Comparable<Digest> {
  private static final int DIGITS = 64;
  private static final MessageDigest FIRST = sought();

  public Digest {
    if (!isSum(hex)) {
      throw new IllegalArgumentException(
          "\"" + hex + "\" is not a SHA-256; 64 hexadecimal digits are");
    }
  }

  /** Whether a text is one. Asked of every file; an expression would take as long as a short file. */
  public static boolean isSum(String text) {
    if (text.length() != DIGITS) {
      return false;
    }
    for (int i = 0; i < DIGITS; i++) {
      char each = text.charAt(i);
      if ((each < '0' || each > '9') && (each < 'a' || each > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] bytes) {
    return new Digest(HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  /** The digest of this text's UTF-8 bytes. */
  public static Digest of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of a file's content, read as a stream. */
  public static Digest of(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return new Digest(HexFormat.of().formatHex(digest.digest()));
  }

  /** A fresh SHA-256, which every Java has. To seek it again would take longer than a short text. */
  public static MessageDigest sha256() {
    try {
      return (MessageDigest) FIRST.clone();
    } catch (CloneNotSupportedException e) {
      return sought();
    }
  }

  private static MessageDigest sought() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
