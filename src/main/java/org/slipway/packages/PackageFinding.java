package org.slipway.packages;

/**
 * Something about a package that is not as its manifest says.
 *
 * @param path of the file in the package, or empty where it is about the whole
 * @param text for a person: what is wrong, without the path
 */
public record PackageFinding(Kind kind, String path, String text) {
  /** What it is about, for programs. */
  public enum Kind {
    /** The archive is damaged or hostile; nothing after this place was looked at. */
    ARCHIVE,
    /** The compact manifest and the full one disagree, or one is missing. */
    MANIFESTS,
    /** The manifest lists what the archive does not have. */
    MISSING,
    /** The archive has what the manifest does not list. */
    UNLISTED,
    /** Bytes are not those that were summed. */
    SUM,
    /** A file has no sum that could be compared. */
    UNSUMMED,
    /** A symbolic link is not as listed, or leads above the root. */
    LINK,
    /** Owner, group, mode or flags in the archive and in the manifest differ. */
    ATTRIBUTES,
    /** The flat size is not that of the files. */
    FLATSIZE
  }

  /** One line, path first. */
  @Override
  public String toString() {
    return path.isEmpty() ? text : path + " " + text;
  }
}
