package org.slipway.sign;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Runs a program of the host for a signature; given from outside, because this room starts none. */
@FunctionalInterface
public interface SigningProgram {
  /**
   * Runs it to its end.
   *
   * @param argv program and arguments, to be read by no shell
   * @param time after which it is ended
   * @param input all that it finds on its standard input
   * @return all that it wrote to its standard output
   * @throws IOException when it did not end with status 0 in that time; the message is a sentence
   *     for a person, with the end of what it wrote to its standard error
   */
  byte[] run(List<String> argv, Duration time, byte[] input) throws IOException;
}
