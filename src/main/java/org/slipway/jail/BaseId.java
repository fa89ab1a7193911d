package org.slipway.jail;

/**
 * What a base is by its content, whatever it is called: a SHA-256 over every path of it; its exact
 * form is told in {@link BaseDigest}.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record BaseId(String hex) {
  public BaseId {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("\"" + BaseText.shown(hex) + "\" is no base's id");
    }
  }

  @Override
  public String toString() {
    return "sha256:" + hex;
  }
}
