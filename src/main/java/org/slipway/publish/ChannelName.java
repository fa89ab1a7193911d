package org.slipway.publish;

/** A channel's name, such as {@code dev} or {@code prod}: a plain folder name. */
public record ChannelName(String name) {
  public ChannelName {
    if (!isOne(name)) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is not a channel name; use lower-case letters, digits and dashes");
    }
  }

  static boolean isOne(String name) {
    return name.matches("[a-z0-9][a-z0-9-]{0,31}");
  }

  @Override
  public String toString() {
    return name;
  }
}
