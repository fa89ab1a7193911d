package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CPU time as a shell's {@code times} tells it (POSIX, Shell Command Language): two lines, the shell's own and its children's,
 * each with user and system time as minutes and seconds, such as {@code 0m0.010s 0m1.250s}.
 */
final class CpuTimes {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})m([0-9]{1,2})[.,]([0-9]{1,9})s");
  private static final int TIMES = 4;
  private static final int BYTES = 256;

  private CpuTimes() {}

  /** The sum of the four; empty where there is no such file, or something else in it. */
  static Optional<Duration> read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return sum(new String(in.readNBytes(BYTES), StandardCharsets.US_ASCII));
    }
  }

  static Optional<Duration> sum(String text) {
    String[] words = text.strip().split("\\s+", -1);
    Duration sum = Duration.ZERO;
    for (String word : words) {
      Matcher time = TIME.matcher(word);
      if (words.length != TIMES || !time.matches()) {
        return Optional.empty();
      }
      String nanos = (time.group(3) + "00000000").substring(0, 9);
      sum = sum.plusMinutes(Long.parseLong(time.group(1)))
          .plusSeconds(Long.parseLong(time.group(2)))
          .plusNanos(Long.parseLong(nanos));
    }
    return Optional.of(sum);
  }
}
