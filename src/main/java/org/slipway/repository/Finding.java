package org.slipway.repository;

/**
 * Something in a repository that a client would stumble over.
 *
 * @param where a file, or a package's name and version
 * @param message a sentence without its subject, such as {@code has another sum than its line says}
 */
public record Finding(String where, String message) {
  @Override
  public String toString() {
    return where + " " + message;
  }
}
