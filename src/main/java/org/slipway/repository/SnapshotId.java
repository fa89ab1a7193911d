package org.slipway.repository;

/** A snapshot's name: 16 hexadecimal digits of a digest over its packages. */
public record SnapshotId(String hex) {
  public SnapshotId {
    if (!hex.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException(
          "\"" + hex + "\" is not a snapshot; 16 hexadecimal digits are");
    }
  }

  @Override
  public String toString() {
    return hex;
  }
}
