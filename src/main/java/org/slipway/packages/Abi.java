package org.slipway.packages;

import java.util.Locale;
import java.util.Map;

/**
 * What a package runs on, as pkg writes it: {@code OS:VERSION:ARCH}, {@code *} as ARCH where there
 * are no binaries, and {@code *} alone for what runs everywhere.
 */
public record Abi(String os, String version, String arch) {
  private static final Map<String, String> LEGACY = Map.ofEntries(
      Map.entry("i386", "x86:32"),
      Map.entry("amd64", "x86:64"),
      Map.entry("aarch64", "aarch64:64"),
      Map.entry("armv6", "armv6:32:el:eabi:hardfp"),
      Map.entry("armv7", "armv7:32:el:eabi:hardfp"),
      Map.entry("powerpc", "powerpc:32:eb"),
      Map.entry("powerpc64", "powerpc:64:eb"),
      Map.entry("powerpc64le", "powerpc:64:el"),
      Map.entry("riscv32", "riscv:32:hf"),
      Map.entry("riscv64", "riscv:64:hf"));

  private static final Map<String, String> SYSTEMS =
      Map.of("freebsd", "FreeBSD", "dragonfly", "DragonFly", "netbsd", "NetBSD", "linux", "Linux");

  /** Any system and machine at all, which pkg writes as {@code *}. */
  public static final Abi ANY = new Abi("*", "*", "*");

  public Abi {
    boolean any = os.equals("*") && version.equals("*") && arch.equals("*");
    if (!any
        && (!os.matches("[A-Za-z]+")
            || !version.matches("[0-9.]+")
            || !arch.matches("[a-z0-9_]+|\\*"))) {
      throw new IllegalArgumentException(
          "\"" + os + ":" + version + ":" + arch + "\" is not an ABI; write OS:VERSION:ARCH");
    }
  }

  /** Reads {@code OS:VERSION:ARCH}, or {@code *} alone. */
  public static Abi parse(String text) {
    if (text.equals("*")) {
      return ANY;
    }
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("\"" + text + "\" is not an ABI; write OS:VERSION:ARCH");
    }
    return new Abi(parts[0], parts[1], parts[2]);
  }

  /** Reads the legacy form too, such as {@code freebsd:14:x86:64}. */
  static Abi parseLegacy(String text) {
    String[] parts = text.split(":", 3);
    String os = parts.length == 3 ? SYSTEMS.get(parts[0]) : null;
    if (os == null) {
      return parse(text);
    }
    for (Map.Entry<String, String> each : LEGACY.entrySet()) {
      if (each.getValue().equals(parts[2])) {
        return new Abi(os, parts[1], each.getKey());
      }
    }
    return new Abi(os, parts[1], parts[2]);
  }

  /** The same for a package without binaries. */
  public Abi anyArch() {
    return new Abi(os, version, "*");
  }

  /**
   * The same as pkg's legacy key {@code arch} has it, such as {@code freebsd:14:x86:64}
   * (libpkg/pkg_abi.c). pkg 2.8 crashes on a catalogue line that has only {@code abi}.
   */
  String legacy() {
    if (equals(ANY)) {
      return "*";
    }
    return os.toLowerCase(Locale.ROOT) + ":" + version + ":" + LEGACY.getOrDefault(arch, arch);
  }

  @Override
  public String toString() {
    return os.equals("*") ? "*" : os + ":" + version + ":" + arch;
  }
}
