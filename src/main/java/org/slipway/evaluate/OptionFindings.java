package org.slipway.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.packages.Origin;

/** Options of a request that do nothing, which is most often a slip of the pen. */
final class OptionFindings {
  private OptionFindings() {}

  static List<Finding> of(
      Map<Origin, Map<String, Boolean>> asked, Collection<Port> ports, TreeFiles tree) {
    List<Finding> findings = new ArrayList<>();
    for (Origin origin : asked.keySet()) {
      tree.absence(origin)
          .ifPresent(absence -> findings.add(
              new Finding(Optional.empty(), "options are set for " + origin + ", but " + absence)));
    }
    for (Port port : ports) {
      for (String option : asked.getOrDefault(port.spec().origin(), Map.of()).keySet()) {
        if (!port.options().containsKey(option)) {
          String has = port.options().isEmpty()
              ? "it has none"
              : "it has " + String.join(", ", port.options().keySet());
          findings.add(new Finding(
              Optional.of(port.spec()),
              "is given the option " + option + ", which it has not; " + has));
        }
      }
    }
    return findings;
  }
}
