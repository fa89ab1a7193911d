package org.slipway.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says in one sentence that a disk of the farm's own is full, where that is what went wrong. */
final class FullDisk {
  /** ENOSPC and EDQUOT in the words of Linux and FreeBSD; Java hands on nothing but these. */
  private static final Pattern WORDS = Pattern.compile(
      "No space left on device|Disk quota exceeded|Disc quota exceeded", Pattern.CASE_INSENSITIVE);

  private static final int DEEPEST = 10;

  private FullDisk() {}

  /**
   * The fault itself, or what it means.
   *
   * @param places where the farm was writing
   */
  static IOException explained(IOException fault, List<Path> places) {
    Throwable cause = fault;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
      if (cause.getMessage() != null && WORDS.matcher(cause.getMessage()).find()) {
        return new IOException(sentence(places), fault);
      }
    }
    return fault;
  }

  private static String sentence(List<Path> places) {
    Optional<Path> fullest = Optional.empty();
    long least = Long.MAX_VALUE;
    for (Path place : places) {
      try {
        long usable = Files.getFileStore(place).getUsableSpace();
        if (usable < least) {
          least = usable;
          fullest = Optional.of(place);
        }
      } catch (IOException e) {
        // What cannot be asked is not named.
      }
    }
    return fullest.isEmpty()
        ? "a disk of the farm is full; make room and build again"
        : "the disk of " + fullest.get() + " is full; make room there and build again";
  }
}
