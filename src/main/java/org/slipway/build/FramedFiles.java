package org.slipway.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A few small files of one folder as one stream: for each a line with its name, a line with its
 * size, then its bytes. The stream is hostile.
 */
final class FramedFiles {
  /**
   * Writes the stream; its argument is the folder. Only plain files with the names of metadata
   * and scripts go in.
   */
  static final String SCRIPT = """
      cd "$1" || exit 1
      for file in +* pkg-*; do
        if [ -f "$file" ] && [ ! -L "$file" ]; then
          echo "$file" && wc -c < "$file" && cat "$file" || exit 1
        fi
      done
      """;

  private static final int MOST_FILES = 100;
  private static final int LONGEST_LINE = 255;

  private final InputStream in;

  private FramedFiles(InputStream in) {
    this.in = in;
  }

  /** The files by name; the stream itself must be bounded. */
  static Map<String, byte[]> read(InputStream in) throws IOException, PhaseFailure {
    FramedFiles frames = new FramedFiles(in);
    Map<String, byte[]> files = new TreeMap<>();
    for (String name = frames.line(); !name.isEmpty(); name = frames.line()) {
      String size = frames.line().strip();
      if (!size.matches("\\d{1,9}") || files.size() == MOST_FILES) {
        throw broken();
      }
      byte[] bytes = in.readNBytes(Integer.parseInt(size));
      if (bytes.length < Integer.parseInt(size) || files.put(name, bytes) != null) {
        throw broken();
      }
    }
    return files;
  }

  /** Empty at the end. */
  private String line() throws IOException, PhaseFailure {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(next);
      if (line.size() > LONGEST_LINE) {
        throw broken();
      }
    }
    return "";
  }

  private static PhaseFailure broken() {
    return new PhaseFailure(
        FailureClass.PACKAGE, "the port's METADIR holds files that cannot be read as metadata");
  }
}
