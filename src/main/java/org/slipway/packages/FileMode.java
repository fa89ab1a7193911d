package org.slipway.packages;

import java.util.OptionalInt;

/**
 * A file's mode as plists, keyword files and manifests write it: octal, or chmod(1)'s symbols with
 * {@code =} alone, such as {@code u=rwx,go=rx}. As for pkg, {@code +} and {@code -} are none, for
 * there is no mode that they could change.
 */
final class FileMode {
  private static final int SETUID = 04000;
  private static final int SETGID = 02000;
  private static final int STICKY = 01000;

  private FileMode() {}

  /** The twelve low bits of st_mode; empty when the text is no mode. */
  static OptionalInt parse(String text) {
    if (text.matches("[0-7]{1,5}")) {
      int mode = Integer.parseInt(text, 8);
      return mode > 07777 ? OptionalInt.empty() : OptionalInt.of(mode);
    }
    int mode = 0;
    for (String clause : text.split(",", -1)) {
      if (!clause.matches("[ugoa]*=[rwxXst]*")) {
        return OptionalInt.empty();
      }
      int equals = clause.indexOf('=');
      String who = equals == 0 ? "a" : clause.substring(0, equals);
      String what = clause.substring(equals + 1);
      mode = with(mode, who.contains("a") ? "ugo" : who, what);
    }
    return OptionalInt.of(mode);
  }

  private static int with(int before, String who, String what) {
    int bits = (what.contains("r") ? 4 : 0) | (what.contains("w") ? 2 : 0);
    // There is no execute bit yet that X could stand for.
    bits |= what.contains("x") ? 1 : 0;
    int mode = before;
    if (who.contains("u")) {
      mode = (mode & ~(0700 | SETUID)) | bits << 6 | (what.contains("s") ? SETUID : 0);
    }
    if (who.contains("g")) {
      mode = (mode & ~(0070 | SETGID)) | bits << 3 | (what.contains("s") ? SETGID : 0);
    }
    if (who.contains("o")) {
      mode = (mode & ~0007) | bits;
    }
    return what.contains("t") ? mode | STICKY : mode;
  }

  /** As pkg writes it into a manifest: octal with a leading zero, four digits at least. */
  static String octal(int mode) {
    String digits = Integer.toOctalString(mode);
    return "0" + "0".repeat(Math.max(0, 3 - digits.length())) + digits;
  }
}
