package org.slipway.graph;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.packages.OriginSpec;

/** A graph's ports by number, in sorted order: ascending numbers are sorted ports. */
final class Nodes {
  private final OriginSpec[] specs;
  private final Map<OriginSpec, Integer> numbers;
  private final BitSet evaluated;

  private Nodes(OriginSpec[] specs, Set<OriginSpec> withAnswers) {
    this.specs = specs;
    numbers = new HashMap<>(specs.length * 2);
    for (int node = 0; node < specs.length; node++) {
      numbers.put(specs[node], node);
    }
    evaluated = new BitSet(specs.length);
    withAnswers.forEach(spec -> evaluated.set(number(spec)));
  }

  /** An evaluation's ports, those that gave no answers too, and all that they depend on. */
  static Nodes of(Evaluation evaluation) {
    // The ports come first and sorted, which spares nearly all comparisons of a sort that merges.
    Set<OriginSpec> all = new LinkedHashSet<>(evaluation.ports().keySet());
    for (Port port : evaluation.ports().values()) {
      for (Dependency dependency : port.dependencies()) {
        all.add(dependency.on());
      }
    }
    evaluation.unevaluable().forEach(bad -> all.add(bad.spec()));
    OriginSpec[] specs = all.toArray(OriginSpec[]::new);
    Arrays.sort(specs);
    return new Nodes(specs, evaluation.ports().keySet());
  }

  int size() {
    return specs.length;
  }

  OriginSpec spec(int node) {
    return specs[node];
  }

  boolean contains(OriginSpec spec) {
    return numbers.containsKey(spec);
  }

  int number(OriginSpec spec) {
    Integer number = numbers.get(spec);
    if (number == null) {
      throw new IllegalArgumentException(spec + " is not in the graph");
    }
    return number;
  }

  /** Whether it is a port that gave answers. */
  boolean evaluated(int node) {
    return evaluated.get(node);
  }

  List<OriginSpec> specs(int[] nodes) {
    OriginSpec[] named = new OriginSpec[nodes.length];
    for (int at = 0; at < nodes.length; at++) {
      named[at] = specs[nodes[at]];
    }
    return Collections.unmodifiableList(Arrays.asList(named));
  }
}
