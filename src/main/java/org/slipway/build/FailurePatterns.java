package org.slipway.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * All that a farm knows of lines that tell why a build failed, from {@code failures.txt} beside
 * this class, which says how it is written. Never changes once read.
 */
final class FailurePatterns {
  private static final String FILE = "failures.txt";

  private final List<FailurePattern> patterns;
  private final LiteralScan scan;

  FailurePatterns(List<FailurePattern> patterns) {
    this.patterns = List.copyOf(patterns);
    this.scan =
        new LiteralScan(this.patterns.stream().map(FailurePattern::texts).toList());
  }

  private static final class Shipped {
    static final FailurePatterns ALL = read();

    private static FailurePatterns read() {
      try (InputStream in = FailurePatterns.class.getResourceAsStream(FILE)) {
        if (in == null) {
          throw new IllegalStateException(FILE + " is not in this program's archive");
        }
        return new FailurePatterns(FailurePatternReader.read(
            FILE, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Those that the farm ships, read once.
   *
   * @throws IllegalStateException where the file is wrong, with its line
   */
  static FailurePatterns shipped() {
    return Shipped.ALL;
  }

  List<FailurePattern> all() {
    return patterns;
  }

  /** Which patterns' texts stand in a line; the number of a pattern is its place in the list. */
  LiteralScan scan() {
    return scan;
  }
}
