package org.slipway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the load's script told.
 *
 * @param bytes of all answers, heads and bodies
 * @param micros of the whole measurement
 * @param errors broken connections, and answers of 400 and above
 * @param cpu that nginx's workers used meanwhile; zero where it did not run
 */
record WrkOutput(
    long requests,
    long bytes,
    long micros,
    long medianMicros,
    long p99Micros,
    long errors,
    Duration cpu) {
  private static final Pattern TOLD =
      Pattern.compile("(?m)^told (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)$");
  private static final Pattern USED = Pattern.compile("(?m)^used (\\d+) (\\d+)$");

  /** More than any head of either. */
  private static final int HEAD_BYTES = 1_500;

  static WrkOutput parse(String said) throws IOException {
    Matcher told = TOLD.matcher(said);
    Matcher used = USED.matcher(said);
    if (!told.find() || !used.find()) {
      throw new IOException("wrk told no figures: " + Text.cut(said.strip(), 200));
    }
    return new WrkOutput(
        Long.parseLong(told.group(1)),
        Long.parseLong(told.group(2)),
        Long.parseLong(told.group(3)),
        Long.parseLong(told.group(4)),
        Long.parseLong(told.group(5)),
        Long.parseLong(told.group(6)),
        Duration.ofNanos(
            Long.parseLong(used.group(1)) * 1_000_000_000L / Long.parseLong(used.group(2))));
  }

  /** Holds the answers to what was asked for: all of a body, or none. */
  void require(String what, long size) throws IOException {
    long each = requests == 0 ? -1 : bytes / requests;
    // The answers that were under way at the end are bytes without a request.
    if (errors > 0 || each < size || each > size + size / 4 + HEAD_BYTES) {
      throw new IOException(what + ": wrong answers: " + errors + " errors in " + requests
          + " requests, " + each + " bytes each for a file of " + size);
    }
  }

  ServeReport.Figures figures(Optional<Duration> used) {
    return new ServeReport.Figures(
        requests * 1e6 / micros,
        used.map(each -> each.toNanos() / 1e3 / requests),
        medianMicros,
        p99Micros);
  }
}
