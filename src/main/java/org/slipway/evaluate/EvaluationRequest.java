package org.slipway.evaluate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slipway.packages.Origin;

/**
 * What is asked of a tree.
 *
 * @param ports words as a person writes them: {@code category/port}, {@code category/port@flavor},
 *     {@code category/port@all} or {@code all}, which is what the category makefiles list
 * @param options per origin, option name to on or off; laid over the port's defaults
 * @param makeConf lines for make.conf
 */
public record EvaluationRequest(
    Target target, List<String> ports, Map<Origin, Map<String, Boolean>> options, String makeConf) {
  public EvaluationRequest {
    ports = List.copyOf(ports);
    options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
  }
}
