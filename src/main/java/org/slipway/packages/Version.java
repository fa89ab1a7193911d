package org.slipway.packages;

import java.math.BigInteger;

/**
 * A package's version, {@code PORTVERSION[_REVISION][,EPOCH]}, ordered as pkg orders it
 * (pkg-version(8)): epoch first, then the version part by part, then the revision. Versions that
 * pkg finds equal ({@code 1} and {@code 1.0}) compare equal here while their texts differ, so the
 * order is not consistent with equals.
 */
public record Version(String text) implements Comparable<Version> {
  public Version {
    if (!text.matches("[A-Za-z0-9_.+,*:~-]+")) {
      throw new IllegalArgumentException(
          "\"" + PathRules.shown(text) + "\" is not a package version");
    }
  }

  @Override
  public int compareTo(Version other) {
    Parts mine = Parts.of(text);
    Parts theirs = Parts.of(other.text);
    int order = mine.epoch.compareTo(theirs.epoch);
    if (order == 0) {
      order = VersionParts.compare(mine.main, theirs.main);
    }
    return order == 0 ? mine.revision.compareTo(theirs.revision) : order;
  }

  @Override
  public String toString() {
    return text;
  }

  /** The three parts of a version; a revision or epoch that is absent is 0. */
  private record Parts(String main, BigInteger revision, BigInteger epoch) {
    static Parts of(String text) {
      String version = text.substring(text.lastIndexOf('-') + 1);
      int underscore = version.lastIndexOf('_');
      int comma = version.indexOf(',', Math.max(0, underscore)) < 0 ? -1 : version.lastIndexOf(',');
      int end = underscore >= 0 ? underscore : comma >= 0 ? comma : version.length();
      return new Parts(
          version.substring(0, end), leading(version, underscore), leading(version, comma));
    }

    private static BigInteger leading(String version, int mark) {
      int end = mark + 1;
      while (mark >= 0 && end < version.length() && VersionParts.isDigit(version.charAt(end))) {
        end++;
      }
      return end == mark + 1 ? BigInteger.ZERO : new BigInteger(version.substring(mark + 1, end));
    }
  }
}
