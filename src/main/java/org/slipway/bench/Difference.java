package org.slipway.bench;

/**
 * Two answers that should be one.
 *
 * @param port {@code category/port[@flavor]}, or empty where it is nobody's own
 * @param what a variable's name, or what else differs
 * @param ours as our evaluation has it, in a walk the one with the cache
 * @param other as the plain way has it, in a walk an evaluation from nothing
 */
public record Difference(String port, String what, String ours, String other) {
  private static final int SHOWN = 300;

  public Difference {
    port = Text.cut(port, SHOWN);
    what = Text.cut(what, SHOWN);
    ours = Text.cut(ours, SHOWN);
    other = Text.cut(other, SHOWN);
  }

  /** Values are hostile: they have no control characters here, and are cut. */
  public String sentence() {
    return (port.isEmpty() ? "" : port + ": ") + what + " is \"" + ours + "\", else \"" + other
        + "\"";
  }
}
