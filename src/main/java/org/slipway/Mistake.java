package org.slipway;

import java.nio.file.Path;

/**
 * One thing that is wrong in a file.
 *
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1, in characters; 0 where the file as a whole is meant
 * @param message what was found, what was expected
 */
public record Mistake(Path file, int line, int column, String message) {
  /** Written as compilers do, {@code FILE:LINE:COLUMN: MESSAGE}, so that editors can jump there. */
  @Override
  public String toString() {
    return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
  }
}
