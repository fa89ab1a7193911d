package org.slipway.packages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Where two states of one file differ and what that looks like: a date, the build's own path, another
 * order, the header of a compressed file, a section of a program. The bytes may be anything; a
 * format that is not kept to is not recognised.
 */
final class DifferenceHints {
  private static final int MOST_LINES = 3;
  private static final int UNPACKED_BYTES = 64 << 20;
  private static final int CONTEXT = 40;

  private static final Pattern DATE =
      Pattern.compile("\\b\\d{1,2}:\\d\\d(:\\d\\d)?\\b|\\b(19|20)\\d\\d-\\d\\d-\\d\\d"
          + "|\\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.? +\\d{1,2}\\b"
          + "|\\b1[6-9]\\d{8}\\b|\\b2[0-2]\\d{8}\\b");

  private static final String BUILD_PATH = "/wrkdirs";

  private DifferenceHints() {}

  /** At least one hint where the two differ. */
  static List<String> of(String path, byte[] one, byte[] other) {
    if (starts(one, 0x1f, 0x8b) && starts(other, 0x1f, 0x8b)) {
      return gzip(path, one, other);
    }
    Optional<Map<String, ByteBuffer>> sections = ElfSections.of(one);
    Optional<Map<String, ByteBuffer>> others = ElfSections.of(other);
    if (sections.isPresent() && others.isPresent()) {
      return parts("section", sections.get(), others.get());
    }
    Optional<ArchiveMembers> members = ArchiveMembers.of(one);
    Optional<ArchiveMembers> otherMembers = ArchiveMembers.of(other);
    if (members.isPresent() && otherMembers.isPresent()) {
      List<String> hints = new ArrayList<>(members.get().headers(otherMembers.get()));
      hints.addAll(parts("member", members.get().contents(), otherMembers.get().contents()));
      return hints.isEmpty() ? List.of("the archive's own tables differ") : hints;
    }
    if (path.endsWith(".pyc") && hasPythonTime(one) && hasPythonTime(other)) {
      String a = pythonTime(one);
      String b = pythonTime(other);
      if (!a.equals(b)) {
        return List.of("the time of the Python source in its header: " + a + " / " + b);
      }
    }
    Optional<String> text = text(one);
    Optional<String> otherText = text(other);
    return text.isPresent() && otherText.isPresent()
        ? texts(text.get(), otherText.get())
        : bytes("", ByteBuffer.wrap(one), ByteBuffer.wrap(other));
  }

  /** Two texts by lines: whether only their order differs, else the first lines that do. */
  static List<String> texts(String one, String other) {
    List<String> a = one.lines().toList();
    List<String> b = other.lines().toList();
    List<String> hints = new ArrayList<>();
    if (a.size() == b.size()
        && a.stream().sorted().toList().equals(b.stream().sorted().toList())) {
      hints.add("the same lines in another order");
    }
    int shown = 0;
    for (int at = 0; at < Math.max(a.size(), b.size()) && shown < MOST_LINES; at++) {
      String before = at < a.size() ? a.get(at) : "";
      String after = at < b.size() ? b.get(at) : "";
      if (!before.equals(after)) {
        shown++;
        int from = from(before, after);
        if (hints.size() <= 1) {
          reason(around(before, from) + " " + around(after, from)).ifPresent(hints::add);
        }
        hints.add("line " + (at + 1) + ": " + shown(around(before, from)) + " / "
            + shown(around(after, from)));
      }
    }
    if (hints.isEmpty()) {
      hints.add("the ends of lines differ");
    }
    return hints;
  }

  private static int from(String before, String after) {
    int same = 0;
    while (same < Math.min(before.length(), after.length())
        && before.charAt(same) == after.charAt(same)) {
      same++;
    }
    return Math.max(0, same - CONTEXT / 2);
  }

  private static String around(String line, int from) {
    return line.length() <= 2 * CONTEXT
        ? line
        : line.substring(Math.min(from, line.length()), Math.min(line.length(), from + CONTEXT));
  }

  private static List<String> gzip(String path, byte[] one, byte[] other) {
    List<String> hints = new ArrayList<>();
    int a = ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    int b = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    if (a != b) {
      hints.add(
          "the time in its gzip header: " + time(a) + " / " + time(b) + "; gzip -n writes none");
    }
    try {
      byte[] inside = inflated(one);
      byte[] otherInside = inflated(other);
      if (!Arrays.equals(inside, otherInside)) {
        String name = path.endsWith(".gz") ? path.substring(0, path.length() - 3) : path;
        of(name, inside, otherInside).forEach(hint -> hints.add("inside: " + hint));
      } else if (hints.isEmpty()) {
        hints.add("the same when unpacked: packed in another way, or under another name");
      }
    } catch (IOException e) {
      hints.add("cannot be unpacked: " + PathRules.shown(String.valueOf(e.getMessage())));
    }
    return hints;
  }

  private static byte[] inflated(byte[] packed) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readNBytes(UNPACKED_BYTES);
    }
  }

  private static String time(int seconds) {
    return seconds == 0
        ? "none"
        : Instant.ofEpochSecond(Integer.toUnsignedLong(seconds)).toString();
  }

  /** Named parts of a file: which differ, and the first difference in each of the first. */
  private static List<String> parts(
      String kind, Map<String, ByteBuffer> one, Map<String, ByteBuffer> other) {
    Map<String, ByteBuffer> names = new LinkedHashMap<>(one);
    other.forEach(names::putIfAbsent);
    List<String> differing = new ArrayList<>();
    List<String> hints = new ArrayList<>();
    for (String name : names.keySet()) {
      ByteBuffer a = one.get(name);
      ByteBuffer b = other.get(name);
      if (a == null || b == null || !a.equals(b)) {
        differing.add(PathRules.shown(name));
        if (a != null && b != null && hints.size() < MOST_LINES) {
          hints.addAll(bytes(kind + " " + PathRules.shown(name) + ": ", a, b));
        }
      }
    }
    if (differing.isEmpty()) {
      return kind.equals("section") ? List.of("only what lies outside of sections") : List.of();
    }
    hints.add(
        0,
        kind
            + (differing.size() == 1 ? " " : "s ")
            + String.join(", ", differing.subList(0, Math.min(12, differing.size())))
            + (differing.size() > 12 ? " and " + (differing.size() - 12) + " more" : "")
            + (differing.size() == 1 ? " differs" : " differ"));
    return hints;
  }

  /** The first differing byte, or the words around it where it stands in words. */
  private static List<String> bytes(String where, ByteBuffer one, ByteBuffer other) {
    int at = one.mismatch(other);
    if (at < 0) {
      return List.of();
    }
    String a = words(one, at);
    String b = words(other, at);
    List<String> hints = new ArrayList<>();
    if (a.length() >= 4 && b.length() >= 4) {
      String reason = reason(a + " " + b).map(each -> each + ": ").orElse("");
      hints.add(where + reason + shown(a) + " / " + shown(b));
    } else {
      hints.add(where + "from byte " + at + " on, of " + one.limit() + " / " + other.limit());
    }
    return hints;
  }

  /** Printable ASCII around a place. */
  private static String words(ByteBuffer bytes, int at) {
    int from = at;
    while (from > Math.max(0, at - CONTEXT) && printable(bytes, from - 1)) {
      from--;
    }
    int to = at;
    while (to < Math.min(bytes.limit(), at + CONTEXT) && printable(bytes, to)) {
      to++;
    }
    byte[] words = new byte[to - from];
    bytes.get(from, words);
    return new String(words, StandardCharsets.US_ASCII);
  }

  private static boolean printable(ByteBuffer bytes, int at) {
    return bytes.get(at) >= ' ' && bytes.get(at) < 0x7f;
  }

  private static Optional<String> reason(String text) {
    Matcher date = DATE.matcher(text);
    if (date.find()) {
      return Optional.of("looks like a date or a time");
    }
    return text.contains(BUILD_PATH)
        ? Optional.of("beside a path of the build, " + BUILD_PATH)
        : Optional.empty();
  }

  private static String shown(String text) {
    return "\"" + PathRules.shown(text) + "\"";
  }

  private static Optional<String> text(byte[] bytes) {
    for (byte each : bytes) {
      if (each == 0) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Since Python 3.7 a flag word of zero says that the source's time follows (PEP 552). */
  private static boolean hasPythonTime(byte[] bytes) {
    return bytes.length >= 16
        && bytes[2] == '\r'
        && bytes[3] == '\n'
        && ByteBuffer.wrap(bytes).getInt(4) == 0;
  }

  private static String pythonTime(byte[] bytes) {
    return time(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(8));
  }

  private static boolean starts(byte[] bytes, int... magic) {
    if (bytes.length < 18) {
      return false;
    }
    for (int at = 0; at < magic.length; at++) {
      if ((bytes[at] & 0xff) != magic[at]) {
        return false;
      }
    }
    return true;
  }
}
