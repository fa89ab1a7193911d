package org.slipway.tree;

/** A git commit's name: 40 lower-case hexadecimal digits. */
public record CommitId(String hex) {
  public CommitId {
    if (!hex.matches("[0-9a-f]{40}")) {
      throw new IllegalArgumentException(
          "\"" + hex + "\" is not a commit; 40 hexadecimal digits are");
    }
  }

  /** The first ten digits, for people. */
  public String abbreviated() {
    return hex.substring(0, 10);
  }

  @Override
  public String toString() {
    return hex;
  }
}
