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
  /** What the jail's pkg was asked to make, see the rig's pkg. */
  static final String REQUEST = "request";

  /** The packing list. */
  static final String PLIST = "plist";

  /** How many bytes the stage holds, as the jail says. */
  static final String SIZE = "size";

  /**
   * Writes the stream; its argument is the file that the framework's package target left, a
   * request. Only plain files with the names of metadata and scripts go in.
   */
  static final String SCRIPT = """
      refuse() {
        echo "Error: $1" >&2
        exit 1
      }
      frame() {
        echo "$1" && wc -c <"$2" && cat "$2" || exit 1
      }
      plain() {
        [ -f "$1" ] && [ ! -h "$1" ] || refuse "$1 is no plain file"
      }
      [ -e "$1" ] || [ -h "$1" ] || refuse "the package target left no $1"
      plain "$1"
      [ "$(wc -c <"$1")" -le 16384 ] || refuse "$1 is no request of this jail's pkg"
      { read -r magic; read -r a stage; read -r b metadata; read -r c plist; } <"$1"
      [ "$magic $a $b $c" = "slipway package request 1 stage metadata plist" ] ||
        refuse "$1 is no request of this jail's pkg"
      frame request "$1"
      plain "$plist"
      frame plist "$plist"
      cd "$metadata" || exit 1
      for file in +* pkg-*; do
        if [ -f "$file" ] && [ ! -h "$file" ]; then
          frame "$file" "$file"
        fi
      done
      size=$(find "$stage" -type f -exec ls -ln {} + | awk '{ s += $5 } END { printf "%.0f", s }')
      printf 'size\\n%s\\n%s' "${#size}" "$size"
      """;

  private static final int MOST_FILES = 100;
  private static final int LONGEST_LINE = 255;

  private final InputStream in;

  private FramedFiles(InputStream in) {
    this.in = in;
  }

  /**
   * The files by name, up to an empty line or the end of the stream.
   *
   * @param limitBytes of all files together
   */
  static Map<String, byte[]> read(InputStream in, long limitBytes)
      throws IOException, PhaseFailure {
    FramedFiles frames = new FramedFiles(in);
    long left = limitBytes;
    Map<String, byte[]> files = new TreeMap<>();
    for (String name = frames.line(); !name.isEmpty(); name = frames.line()) {
      String size = frames.line().strip();
      if (!size.matches("\\d{1,9}") || files.size() == MOST_FILES) {
        throw broken();
      }
      left -= Integer.parseInt(size);
      if (left <= 0) {
        throw new PhaseFailure(
            FailureClass.PACKAGE,
            "manifest, texts and plist are larger than " + (limitBytes >> 20) + " MiB");
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
