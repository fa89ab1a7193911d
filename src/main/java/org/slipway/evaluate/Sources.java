package org.slipway.evaluate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slipway.tree.Checkout;

/**
 * What is evaluated: a tree and the overlays that lie over it.
 *
 * @param overlays in the order in which a port is looked for; the tree comes last
 */
public record Sources(Checkout tree, List<Overlay> overlays) {
  public Sources {
    overlays = List.copyOf(overlays);
    Set<String> names = new HashSet<>();
    for (Overlay overlay : overlays) {
      if (!names.add(overlay.name())) {
        throw new IllegalArgumentException(
            "two overlays are called " + overlay.name() + "; give each a name of its own");
      }
    }
  }

  public static Sources of(Checkout tree) {
    return new Sources(tree, List.of());
  }

  /**
   * A tree with ports, and perhaps framework files, that count before the main tree's.
   *
   * @param name a short word: letters, digits, dashes, dots; part of paths that ports see
   */
  public record Overlay(String name, Checkout checkout) {
    public Overlay {
      if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")) {
        throw new IllegalArgumentException(
            "\"" + name + "\" cannot name an overlay; use letters, digits, dashes and dots");
      }
    }
  }
}
