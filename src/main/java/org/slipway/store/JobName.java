package org.slipway.store;

/** A job's name, such as {@code dev-14-amd64}: a plain folder name and part of addresses. */
public record JobName(String name) implements Comparable<JobName> {
  public JobName {
    if (!isOne(name)) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is not a job name; use lower-case letters, digits, dots and dashes");
    }
  }

  /** Whether a text can be one. */
  public static boolean isOne(String text) {
    return text.matches("[a-z0-9][a-z0-9._-]{0,63}");
  }

  @Override
  public int compareTo(JobName other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
