package org.slipway.packages;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a line in parentheses, a keyword file, or {@code @mode} and its kin say of the paths that
 * they govern.
 */
record PlistAttributes(
    OptionalInt mode, Optional<String> owner, Optional<String> group, FileFlags flags) {
  static final PlistAttributes NONE =
      new PlistAttributes(OptionalInt.empty(), Optional.empty(), Optional.empty(), FileFlags.NONE);

  /** Reads what stands between the parentheses: {@code owner,group,mode,flag,flag...}. */
  static PlistAttributes parse(String list) throws PlistException {
    String[] parts = list.split(",", 4);
    if (list.isBlank()) {
      throw new PlistException("the parentheses are empty; they take owner,group,mode,flags");
    }
    String flags = parts.length == 4 ? parts[3].strip() : "";
    Optional<FileFlags> known = FileFlags.parse(flags);
    if (known.isEmpty()) {
      throw new PlistException(
          "(" + PathRules.shown(list) + ") has file flags that are not known: " + flags);
    }
    return new PlistAttributes(
        parts.length > 2 ? mode(parts[2].strip()) : OptionalInt.empty(),
        name(parts[0].strip()),
        parts.length > 1 ? name(parts[1].strip()) : Optional.empty(),
        known.get());
  }

  /** What a keyword file gives to the paths of its actions. */
  static PlistAttributes of(KeywordFile file) throws PlistException {
    return new PlistAttributes(
        file.mode(), name(file.owner().orElse("")), name(file.group().orElse("")), FileFlags.NONE);
  }

  /** This, and the other's where this says nothing. */
  PlistAttributes or(PlistAttributes other) {
    return new PlistAttributes(
        mode.isPresent() ? mode : other.mode,
        owner.or(other::owner),
        group.or(other::group),
        flags.isEmpty() ? other.flags : flags);
  }

  PlistAttributes withMode(OptionalInt newMode) {
    return new PlistAttributes(newMode, owner, group, flags);
  }

  PlistAttributes withOwner(Optional<String> newOwner) {
    return new PlistAttributes(mode, newOwner, group, flags);
  }

  PlistAttributes withGroup(Optional<String> newGroup) {
    return new PlistAttributes(mode, owner, newGroup, flags);
  }

  Plist.Item item(Plist.Kind kind, String path) {
    Optional<Integer> given = mode.isPresent() ? Optional.of(mode.getAsInt()) : Optional.empty();
    return new Plist.Item(kind, path, path, given, owner, group, flags);
  }

  /** A mode; empty for no text and for 0, which pkg too takes for none. */
  static OptionalInt mode(String text) throws PlistException {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    OptionalInt mode = FileMode.parse(text);
    if (mode.isEmpty()) {
      throw new PlistException("\"" + PathRules.shown(text)
          + "\" is no mode; write it in octal, such as 0755, or as u=rwx,go=rx");
    }
    return mode.getAsInt() == 0 ? OptionalInt.empty() : mode;
  }

  static Optional<String> name(String text) throws PlistException {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\\$?")) {
      throw new PlistException("\"" + PathRules.shown(text) + "\" is no user or group");
    }
    return Optional.of(text);
  }

  /** The manifest names the package; an old list's {@code @name} must be one all the same. */
  static void requirePackageName(String text) throws PlistException {
    if (text.lastIndexOf('-') < 1) {
      throw new PlistException(
          "\"" + PathRules.shown(text) + "\" is no package name; write name-version");
    }
  }
}
