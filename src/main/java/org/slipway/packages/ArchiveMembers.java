package org.slipway.packages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What is in an archive within a package, of ar(5) or of zip, for comparing two: members in their
 * order, each with what the archive says of it and its bytes.
 */
final class ArchiveMembers {
  private static final byte[] AR = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 60;
  private static final int MOST = 20_000;
  private static final int UNPACKED_BYTES = 64 << 20;

  private final Map<String, String> said = new LinkedHashMap<>();
  private final Map<String, ByteBuffer> contents = new LinkedHashMap<>();

  private ArchiveMembers() {}

  /** Empty for what is no sound archive of these. */
  static Optional<ArchiveMembers> of(byte[] bytes) {
    if (bytes.length > AR.length && Arrays.equals(bytes, 0, AR.length, AR, 0, AR.length)) {
      return ar(bytes);
    } else if (bytes.length > 4 && ByteBuffer.wrap(bytes).getInt(0) == 0x504b0304) {
      return zip(bytes);
    }
    return Optional.empty();
  }

  private static Optional<ArchiveMembers> ar(byte[] bytes) {
    ArchiveMembers members = new ArchiveMembers();
    int at = AR.length;
    while (at + HEAD <= bytes.length && members.said.size() < MOST) {
      String digits = field(bytes, at + 48, 10);
      if (!digits.matches("[0-9]{1,9}")) {
        return Optional.empty();
      }
      int size = Math.min(Integer.parseInt(digits), bytes.length - at - HEAD);
      // A name is no key: an archive may hold two members of one.
      String name = "#" + (members.said.size() + 1) + " " + field(bytes, at, 16);
      members.said.put(
          name,
          "time " + field(bytes, at + 16, 12) + ", owner " + field(bytes, at + 28, 6) + ":"
              + field(bytes, at + 34, 6) + ", mode " + field(bytes, at + 40, 8));
      members.contents.put(name, ByteBuffer.wrap(bytes).slice(at + HEAD, size));
      at += HEAD + size + size % 2;
    }
    return Optional.of(members);
  }

  private static String field(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.US_ASCII).strip();
  }

  private static Optional<ArchiveMembers> zip(byte[] bytes) {
    ArchiveMembers members = new ArchiveMembers();
    int left = UNPACKED_BYTES;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry();
          entry != null && members.said.size() < MOST;
          entry = zip.getNextEntry()) {
        byte[] content = zip.readNBytes(left);
        left -= content.length;
        String name = "#" + (members.said.size() + 1) + " " + entry.getName();
        members.said.put(name, "time " + entry.getTimeLocal());
        members.contents.put(name, ByteBuffer.wrap(content));
      }
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
    return members.said.isEmpty() ? Optional.empty() : Optional.of(members);
  }

  /** Each member's bytes, by its number and name. */
  Map<String, ByteBuffer> contents() {
    return contents;
  }

  /** What the two say differently of their members. */
  List<String> headers(ArchiveMembers other) {
    List<String> hints = new ArrayList<>();
    List<String> names = names(said);
    List<String> otherNames = names(other.said);
    if (!names.equals(otherNames)) {
      hints.add(
          names.stream().sorted().toList().equals(otherNames.stream().sorted().toList())
              ? "the same members in another order"
              : "other members: " + names.size() + " / " + otherNames.size());
      return hints;
    }
    int differing = 0;
    for (Map.Entry<String, String> each : said.entrySet()) {
      String there = other.said.getOrDefault(each.getKey(), "");
      if (!each.getValue().equals(there) && differing++ == 0) {
        hints.add("the header of member " + PathRules.shown(each.getKey()) + ": "
            + PathRules.shown(each.getValue()) + " / " + PathRules.shown(there));
      }
    }
    if (differing > 1) {
      hints.add("and the headers of " + (differing - 1) + " members more");
    }
    return hints;
  }

  private static List<String> names(Map<String, String> said) {
    return said.keySet().stream()
        .map(name -> name.substring(name.indexOf(' ') + 1))
        .toList();
  }
}
