package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Lists of commands as freebsd.sh reads them: word by word, a line each, so that no shell takes one apart. */
final class FreeBsdLists {
  private FreeBsdLists() {}

  static Path must(Path file, List<FreeBsdCall> calls) throws IOException {
    return write(
        file, calls.stream().map(call -> new FreeBsdSweep.Step(call, true)).toList());
  }

  static Path may(Path file, List<FreeBsdCall> calls) throws IOException {
    return write(
        file, calls.stream().map(call -> new FreeBsdSweep.Step(call, false)).toList());
  }

  /** Replaces the file, which nobody but the farm's user may read. */
  static Path write(Path file, List<FreeBsdSweep.Step> steps) throws IOException {
    StringBuilder text = new StringBuilder();
    for (FreeBsdSweep.Step step : steps) {
      if (step.call().into().isPresent()) {
        throw new IllegalArgumentException("a list has no pipes: " + step.call().line());
      }
      text.append(step.must() ? "must\n" : "may\n")
          .append(step.call().argv().size())
          .append('\n');
      for (String word : step.call().argv()) {
        if (word.indexOf('\n') >= 0 || word.indexOf('\0') >= 0) {
          throw new IllegalArgumentException(
              "a word of a list is one line: " + step.call().line());
        }
        text.append(word).append('\n');
      }
    }
    Files.deleteIfExists(file);
    Files.createFile(file);
    return Files.writeString(
        file, text, StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
  }
}
