package org.slipway.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.packages.Digest;

/**
 * What a port's distinfo says: when it was made, and of each distfile its digest and size. Lines
 * as the ports framework's makesum writes them: {@code TIMESTAMP = 1700000000}, {@code SHA256
 * (name) = hex}, {@code SIZE (name) = bytes}; a name may start with DIST_SUBDIR and a slash. Other
 * lines say nothing. The text is hostile: a name that is no plain relative path is refused.
 */
record Distinfo(Optional<Instant> timestamp, Map<String, Distfile> files) {
  private static final long LONGEST_BYTES = 16L << 20;
  private static final Pattern LINE = Pattern.compile("(SHA256|SIZE) \\((.*)\\) = (\\S+)\\s*");
  private static final Pattern TIMESTAMP = Pattern.compile("TIMESTAMP = (\\d{1,11})\\s*");
  private static final Pattern NAME = Pattern.compile(
      "([A-Za-z0-9_@+~=][^/\\\\\\s\\p{C}]{0,254}/){0,4}[A-Za-z0-9_@+~=][^/\\\\\\s\\p{C}]{0,254}");

  /** A port without distfiles. */
  static final Distinfo NONE = new Distinfo(Optional.empty(), Map.of());

  /** One distfile; {@code name} is a plain relative path. */
  record Distfile(String name, Digest sha256, long sizeBytes) {}

  Distinfo {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /** Reads a file of at most 16 MiB. */
  static Distinfo read(Path file) throws IOException, PhaseFailure {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) LONGEST_BYTES + 1);
      if (bytes.length > LONGEST_BYTES) {
        throw new PhaseFailure(FailureClass.CHECKSUM, "distinfo has more than 16 MiB");
      }
      return parse(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  static Distinfo parse(String text) throws PhaseFailure {
    Map<String, Digest> sums = new LinkedHashMap<>();
    Map<String, Long> sizes = new LinkedHashMap<>();
    Optional<Instant> timestamp = Optional.empty();
    for (String line : text.lines().toList()) {
      Matcher entry = LINE.matcher(line);
      Matcher stamp = TIMESTAMP.matcher(line);
      if (stamp.matches()) {
        timestamp = Optional.of(Instant.ofEpochSecond(Long.parseLong(stamp.group(1))));
      } else if (entry.matches()) {
        String name = name(entry.group(2));
        if (entry.group(1).equals("SIZE")) {
          sizes.put(name, size(name, entry.group(3)));
        } else {
          sums.put(name, sum(name, entry.group(3)));
        }
      }
    }
    Map<String, Distfile> files = new TreeMap<>();
    for (Map.Entry<String, Digest> sum : sums.entrySet()) {
      Long size = sizes.get(sum.getKey());
      if (size == null) {
        throw new PhaseFailure(
            FailureClass.CHECKSUM,
            "distinfo has no SIZE of " + sum.getKey() + "; run make makesum");
      }
      files.put(sum.getKey(), new Distfile(sum.getKey(), sum.getValue(), size));
    }
    return new Distinfo(timestamp, files);
  }

  private static String name(String name) throws PhaseFailure {
    if (!NAME.matcher(name).matches()) {
      throw new PhaseFailure(
          FailureClass.CHECKSUM, "distinfo names \"" + name + "\", which is no plain file name");
    }
    return name;
  }

  private static long size(String name, String text) throws PhaseFailure {
    if (!text.matches("\\d{1,15}")) {
      throw new PhaseFailure(
          FailureClass.CHECKSUM, "distinfo's SIZE of " + name + " is no number: " + text);
    }
    return Long.parseLong(text);
  }

  private static Digest sum(String name, String text) throws PhaseFailure {
    if (!text.matches("[0-9a-f]{64}")) {
      throw new PhaseFailure(
          FailureClass.CHECKSUM,
          "distinfo's SHA256 of " + name + " is not 64 lower-case hexadecimal digits: " + text);
    }
    return new Digest(text);
  }
}
