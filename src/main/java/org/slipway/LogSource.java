package org.slipway;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where a package's log is read from: a farm's folder, or a farm that runs. */
interface LogSource {
  /**
   * How far a log is.
   *
   * @param lines there are, an unfinished last one included
   * @param finished whether the build has ended
   */
  record Shape(long lines, boolean finished, List<Start> phases) {
    public Shape {
      phases = List.copyOf(phases);
    }
  }

  /** Where a phase begins, and when, where that is known. */
  record Start(String phase, long line, Optional<Instant> moment) {}

  /** As it is now. */
  Shape shape() throws IOException, InterruptedException;

  /**
   * Lines as UTF-8 text.
   *
   * @param first from 1
   * @param count how many at most
   * @param times whether each begins with when it was written
   */
  InputStream lines(long first, long count, boolean times) throws IOException, InterruptedException;
}
