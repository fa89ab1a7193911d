package org.slipway.evaluate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the resource {@code base/freebsd.list}, which decides for each path that ports ask of a
 * base in which releases it is there. A line is {@code PATH RELEASES [ARCH,...] # reason}: PATH as
 * in a {@link BaseList}, RELEASES {@code all}, {@code never}, {@code 14.0-} (from that release on),
 * {@code -14} (up to the last 14) or {@code 13.2-14.1}; without processors it holds for all three.
 */
final class ShippedBase {
  static final String RESOURCE = "base/freebsd.list";

  private static final int FIRST_MAJOR = 13;
  private static final Set<String> ARCHES = Set.of("amd64", "aarch64", "i386");
  private static final Pattern LINE =
      Pattern.compile("(/\\S*(?: -> \\S+)?)\\s+(\\S+)(?:\\s+([a-z0-9_,]+))?\\s+# (\\S.*)");
  private static final Pattern RELEASES =
      Pattern.compile("(?:(\\d+)(?:\\.(\\d+))?)?-(?:(\\d+)(?:\\.(\\d+))?)?");

  private ShippedBase() {}

  static BaseList list(Target target) throws IOException {
    Presets.Release release = Presets.Release.of(target);
    String arch = target.abi().arch();
    if (!target.abi().os().equals("FreeBSD")
        || release.major() < FIRST_MAJOR
        || !ARCHES.contains(arch)) {
      throw new IllegalArgumentException("no list of a base's paths ships for " + target.abi()
          + ", only for FreeBSD " + FIRST_MAJOR + " and later on amd64, aarch64 and i386;"
          + " record one with tar -tf base.txz");
    }
    StringBuilder list = new StringBuilder();
    for (String line : resource().split("\n", -1)) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        Matcher matcher = matched(LINE, line, line);
        String arches = matcher.group(3);
        boolean runs = arches == null || Set.of(arches.split(",", -1)).contains(arch);
        if (runs && holds(matcher.group(2), release, line)) {
          list.append(matcher.group(1)).append('\n');
        }
      }
    }
    byte[] bytes = list.toString().getBytes(StandardCharsets.ISO_8859_1);
    return BaseList.read(RESOURCE + " for " + target.abi(), new ByteArrayInputStream(bytes));
  }

  static String resource() throws IOException {
    try (InputStream in = ShippedBase.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static boolean holds(String releases, Presets.Release release, String line) {
    if (releases.equals("all") || releases.equals("never")) {
      return releases.equals("all");
    }
    Matcher matcher = matched(RELEASES, releases, line);
    int number = release.major() * 100 + release.minor();
    return number >= bound(matcher.group(1), matcher.group(2), 0)
        && (matcher.group(3) == null || number <= bound(matcher.group(3), matcher.group(4), 99));
  }

  private static int bound(@Nullable String major, @Nullable String minor, int otherwise) {
    return (major == null ? 0 : Integer.parseInt(major) * 100)
        + (minor == null ? otherwise : Integer.parseInt(minor));
  }

  private static Matcher matched(Pattern pattern, String text, String line) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException(RESOURCE + " has the line \"" + line + "\"");
    }
    return matcher;
  }
}
