package org.slipway.repository;

import static org.slipway.repository.StrictRepositoryReader.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tar archive in memory, read as POSIX has it (pax Interchange Format): ustar, and pax headers
 * where ustar is too small.
 */
final class StrictTar {
  private StrictTar() {}

  /** One member. */
  record Member(
      char type,
      String name,
      String link,
      int mode,
      String owner,
      long mtimeSeconds,
      @SuppressWarnings("ArrayRecordComponent") byte[] bytes) {
    boolean isFile() {
      return type == '0';
    }
  }

  static List<Member> read(byte[] tar) {
    check(tar.length % 512 == 0, "tar: not whole blocks");
    List<Member> members = new ArrayList<>();
    Map<String, String> pax = new HashMap<>();
    int at = 0;
    while (!isZero(tar, at)) {
      byte[] head = Arrays.copyOfRange(tar, at, at + 512);
      int sum = 0;
      for (int i = 0; i < 512; i++) {
        sum += i >= 148 && i < 156 ? 32 : head[i] & 0xff;
      }
      check(sum == octal(head, 148, 7), "tar: checksum at " + at);
      check(field(head, 257, 6).equals("ustar"), "tar: magic at " + at);
      check(head[263] == '0' && head[264] == '0', "tar: version at " + at);
      check(octal(head, 108, 8) == 0 && octal(head, 116, 8) == 0, "tar: ids of the host at " + at);
      String longSize = pax.get("size");
      long size = longSize == null ? octal(head, 124, 12) : Long.parseLong(longSize);
      int end = at + 512 + (int) size;
      check(size >= 0 && size <= tar.length - at - 512, "tar: ends in a member at " + at);
      byte[] bytes = Arrays.copyOfRange(tar, at + 512, end);
      at += 512 + (int) ((size + 511) / 512 * 512);
      for (; end < at; end++) {
        check(tar[end] == 0, "tar: filling that is not zero before " + at);
      }
      if (head[156] == 'x') {
        pax = records(bytes);
        continue;
      }
      String prefix = field(head, 345, 155);
      String name = (prefix.isEmpty() ? "" : prefix + "/") + field(head, 0, 100);
      members.add(new Member(
          (char) head[156],
          pax.getOrDefault("path", name),
          pax.getOrDefault("linkpath", field(head, 157, 100)),
          (int) octal(head, 100, 8),
          field(head, 265, 32) + ":" + field(head, 297, 32),
          octal(head, 136, 12),
          bytes));
      pax = new HashMap<>();
    }
    check(tar.length - at >= 1024, "tar: no two empty blocks at its end");
    for (; at < tar.length; at += 512) {
      check(isZero(tar, at), "tar: goes on after its end");
    }
    return members;
  }

  private static Map<String, String> records(byte[] bytes) {
    Map<String, String> records = new HashMap<>();
    int at = 0;
    while (at < bytes.length) {
      int space = at;
      while (bytes[space] != ' ') {
        space++;
      }
      int length = Integer.parseInt(ascii(bytes, at, space));
      check(bytes[at + length - 1] == '\n', "tar: pax record without its end");
      String record = new String(bytes, space + 1, at + length - space - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      records.put(record.substring(0, equals), record.substring(equals + 1));
      at += length;
    }
    return records;
  }

  private static boolean isZero(byte[] tar, int at) {
    check(at + 512 <= tar.length, "tar: ends too early");
    for (int i = at; i < at + 512; i++) {
      if (tar[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static long octal(byte[] head, int at, int width) {
    String digits = field(head, at, width).strip();
    check(digits.matches("[0-7]{1,12}"), "tar: \"" + digits + "\" is no octal number");
    return Long.parseLong(digits, 8);
  }

  private static String field(byte[] head, int at, int width) {
    int end = at;
    while (end < at + width && head[end] != 0) {
      end++;
    }
    return ascii(head, at, end);
  }

  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
