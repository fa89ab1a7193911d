package org.slipway.packages;

import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * A package's version, {@code PORTVERSION[_REVISION][,EPOCH]}, ordered as pkg orders it
 * (pkg-version(8)): epoch first, then the version part by part, then the revision. Versions that
 * pkg finds equal ({@code 1} and {@code 1.0}) compare equal here while their texts differ, so the
 * order is not consistent with equals.
 */
public record Version(String text) implements Comparable<Version> {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.+,*:~-]+");

  /** Far beyond any real one; comparing takes time in its square when digits have no end. */
  private static final int MAX_LENGTH = 512;

  public Version {
    if (text.length() > MAX_LENGTH || !WORD.matcher(text).matches()) {
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
    private static final BigInteger LARGEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    static Parts of(String text) {
      String version = text.substring(text.lastIndexOf('-') + 1);
      int underscore = version.lastIndexOf('_');
      int comma = version.indexOf(',', Math.max(0, underscore)) < 0 ? -1 : version.lastIndexOf(',');
      int end = underscore >= 0 ? underscore : comma >= 0 ? comma : version.length();
      return new Parts(
          version.substring(0, end), leading(version, underscore), leading(version, comma));
    }

    /** As C's strtoul reads it: a plus may stand first, and too large is the largest. */
    private static BigInteger leading(String version, int mark) {
      if (mark < 0) {
        return BigInteger.ZERO;
      }
      int from = version.startsWith("+", mark + 1) ? mark + 2 : mark + 1;
      int end = from;
      while (end < version.length() && VersionParts.isDigit(version.charAt(end))) {
        end++;
      }
      return end == from
          ? BigInteger.ZERO
          : new BigInteger(version.substring(from, end)).min(LARGEST);
    }
  }
}
