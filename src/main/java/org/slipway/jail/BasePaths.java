package org.slipway.jail;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes which paths a base has, as {@code tar -tf} does: {@code ./bin/sh}, a slash behind a
 * folder, and behind a link an arrow and where it leads. Names that no makefile asks for, because
 * they are not printable ASCII, are left out.
 */
final class BasePaths {
  private static final String ARROW = " -> ";

  private BasePaths() {}

  static void write(Path root, Path file) throws IOException {
    try (BufferedWriter to = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      BaseWalk.walk(root, entry -> {
        String name = entry.name();
        if (name.isEmpty() || !plain(name)) {
          return;
        }
        to.write("./" + name);
        if (entry.kind() == BaseWalk.Kind.FOLDER) {
          to.write("/");
        } else if (entry.kind() == BaseWalk.Kind.LINK) {
          String target = BasePath.target(Files.readSymbolicLink(entry.path()));
          if (plain(target) && !climbs(name, target)) {
            to.write(ARROW + target);
          }
        }
        to.write("\n");
      });
    }
  }

  private static boolean plain(String name) {
    return !name.contains(ARROW) && name.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /** Whether a link leads above the root, where a program in the base stays at the root. */
  private static boolean climbs(String name, String target) {
    long depth = target.startsWith("/") ? 0 : name.chars().filter(c -> c == '/').count();
    for (String step : target.split("/", -1)) {
      depth += step.isEmpty() || step.equals(".") ? 0 : step.equals("..") ? -1 : 1;
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }
}
