package org.slipway.packages;

/**
 * One member's header, as read or to be written.
 *
 * @param type tar's own letter: {@code 0} file, {@code 1} hard link, {@code 2} symbolic link,
 *     {@code 5} directory
 * @param name as it stands in the archive
 * @param linkName of types 1 and 2, else empty
 * @param flags what chflags(1) shows, such as {@code schg}; pax has them as {@code SCHILY.fflags}
 */
record TarEntry(
    char type,
    String name,
    String linkName,
    int mode,
    String owner,
    String group,
    long sizeBytes,
    long mtimeSeconds,
    FileFlags flags) {

  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMLINK = '2';
  static final char DIRECTORY = '5';

  /** A member without flags. */
  TarEntry(
      char type,
      String name,
      String linkName,
      int mode,
      String owner,
      String group,
      long sizeBytes,
      long mtimeSeconds) {
    this(type, name, linkName, mode, owner, group, sizeBytes, mtimeSeconds, FileFlags.NONE);
  }
}
