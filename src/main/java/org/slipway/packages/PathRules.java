package org.slipway.packages;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Which names may stand for a file in a package: absolute and plain, so that no tool reads them in
 * two ways.
 */
final class PathRules {
  /** FreeBSD's MAXPATHLEN is 1024 with the ending NUL. */
  static final int MAX_BYTES = 1023;

  private PathRules() {}

  /** What is wrong with an absolute path, if anything is. */
  static Optional<String> fault(String path) {
    if (!path.startsWith("/")) {
      return Optional.of("is not absolute");
    }
    return relativeFault(path.substring(1));
  }

  /** What is wrong with a path below some root, if anything is. */
  static Optional<String> relativeFault(String path) {
    if (path.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of("is longer than " + MAX_BYTES + " bytes");
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return Optional.of("has an empty, \".\" or \"..\" part");
      }
    }
    if (!isPlainText(path)) {
      return Optional.of("has a control character or a broken one");
    }
    return Optional.empty();
  }

  /** No control characters and no bytes that were not UTF-8. */
  static boolean isPlainText(String text) {
    return text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0xFFFD);
  }

  static void requireAbsolute(String path) {
    fault(path).ifPresent(fault -> {
      throw new IllegalArgumentException("path \"" + shown(path) + "\" " + fault);
    });
  }

  /** Whether a symbolic link at this absolute path, with this text, climbs above the root. */
  static boolean leadsOut(String path, String target) {
    if (target.startsWith("/")) {
      return climbs(new ArrayDeque<>(), target);
    }
    Deque<String> at = new ArrayDeque<>();
    for (String part : path.substring(1).split("/", -1)) {
      at.addLast(part);
    }
    at.pollLast();
    return climbs(at, target);
  }

  private static boolean climbs(Deque<String> at, String target) {
    for (String part : target.split("/", -1)) {
      if (part.equals("..")) {
        if (at.pollLast() == null) {
          return true;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        at.addLast(part);
      }
    }
    return false;
  }

  /** A hostile name made fit for a message: printable and short. */
  static String shown(String name) {
    StringBuilder text = new StringBuilder();
    name.codePoints()
        .limit(120)
        .forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return name.length() > 120 ? text + "..." : text.toString();
  }
}
