package org.slipway.poudriere;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A bulk's name (BUILDNAME): a folder of the host, and poudriere resumes what has the same one. So
 * a build has one, whenever it is asked for, and no two builds share one, be they of two farms.
 */
public record BuildName(String text) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

  public BuildName {
    if (!text.matches("[a-z0-9][A-Za-z0-9_-]{0,127}")) {
      throw new IllegalArgumentException("\"" + text + "\" is not a build's name");
    }
  }

  /** The name of a farm's build, which was begun then. */
  public static BuildName of(long number, Instant begun) {
    return new BuildName("slipway-" + number + "-" + TIME.format(begun));
  }

  @Override
  public String toString() {
    return text;
  }
}
