package org.slipway.repository;

import java.util.Locale;
import java.util.Map;
import org.slipway.packages.Abi;

/**
 * Whether a client takes a package for its own system, as pkg decides it: the package's ABI is a
 * pattern in which {@code *} and {@code ?} stand for anything, case does not count, and the
 * beginning of the client's ABI is enough (libpkg/pkg_abi.c).
 */
final class AbiRule {
  /** Of the legacy key {@code arch}, after OS and version. */
  private static final Map<String, String> LEGACY = Map.ofEntries(
      Map.entry("x86:32", "i386"),
      Map.entry("x86:64", "amd64"),
      Map.entry("aarch64:64", "aarch64"),
      Map.entry("armv6:32:el:eabi:hardfp", "armv6"),
      Map.entry("armv7:32:el:eabi:hardfp", "armv7"),
      Map.entry("powerpc:32:eb", "powerpc"),
      Map.entry("powerpc:64:eb", "powerpc64"),
      Map.entry("powerpc:64:el", "powerpc64le"),
      Map.entry("riscv:32:hf", "riscv32"),
      Map.entry("riscv:64:hf", "riscv64"),
      Map.entry("*", "*"));

  private AbiRule() {}

  /** The package's ABI; from its legacy twin where it has only that; empty where it has neither. */
  static String of(ManifestFacts facts) {
    if (!facts.abi().isEmpty()) {
      return facts.abi();
    }
    String[] parts = facts.arch().split(":", 3);
    String os = parts[0].equals("freebsd") ? "FreeBSD" : parts[0];
    if (parts.length < 3) {
      return facts.arch();
    }
    return os + ":" + parts[1] + ":" + LEGACY.getOrDefault(parts[2], parts[2]);
  }

  static boolean fits(String pattern, Abi client) {
    return fits(pattern, client.toString());
  }

  static boolean fits(String pattern, String client) {
    String abi = client.toLowerCase(Locale.ROOT);
    String wanted = pattern.toLowerCase(Locale.ROOT);
    return abi.startsWith(wanted) || glob(wanted, abi);
  }

  /** Without recursion, so that a pattern of many stars costs no more than its length squared. */
  private static boolean glob(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resumed = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resumed = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resumed;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
