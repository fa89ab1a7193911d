package org.slipway.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.slipway.evaluate.Evaluation;
import org.slipway.graph.PortGraph;
import org.slipway.packages.OriginSpec;

/** Which ports of an evaluation belong in a plan. */
final class Reach {
  private Reach() {}

  /**
   * What is wanted and what that needs. From a port that cannot be built only the way to the
   * causes is followed: its other dependencies would be built for nothing.
   */
  static Set<OriginSpec> from(Evaluation evaluation, PortGraph graph, Obstacles obstacles) {
    Set<OriginSpec> reached = new HashSet<>();
    Deque<OriginSpec> waiting = new ArrayDeque<>();
    for (OriginSpec wanted : evaluation.wanted()) {
      if (evaluation.port(wanted).isPresent() && reached.add(wanted)) {
        waiting.add(wanted);
      }
    }
    while (!waiting.isEmpty()) {
      OriginSpec spec = waiting.remove();
      boolean blocked = obstacles.contains(spec);
      for (OriginSpec need : graph.needs(spec)) {
        if ((!blocked || obstacles.contains(need))
            && evaluation.port(need).isPresent()
            && reached.add(need)) {
          waiting.add(need);
        }
      }
    }
    return reached;
  }
}
