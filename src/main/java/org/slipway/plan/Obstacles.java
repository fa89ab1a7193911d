package org.slipway.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Unevaluable;
import org.slipway.graph.Cycle;
import org.slipway.graph.PortGraph;
import org.slipway.packages.OriginSpec;

/**
 * What cannot be built whatever exists: ports that say no, give no answers or need one another,
 * and all that need them.
 */
final class Obstacles {
  /** What is wrong with a port itself, to go after "x, which ". */
  private final Map<OriginSpec, String> causes = new HashMap<>();

  /** For what is well itself: the causes that it needs. */
  private final Map<OriginSpec, List<OriginSpec>> blocked = new HashMap<>();

  private final Map<OriginSpec, Decision> decisions = new HashMap<>();

  private Obstacles() {}

  static Obstacles of(Evaluation evaluation, PortGraph graph) {
    Obstacles obstacles = new Obstacles();
    for (Unevaluable bad : evaluation.unevaluable()) {
      obstacles.causes.put(bad.spec(), "gives no answers: " + bad.message());
    }
    for (Cycle cycle : graph.cycles()) {
      obstacles.add(cycle);
    }
    for (OriginSpec spec : graph.order()) {
      obstacles.add(spec, evaluation, graph);
    }
    return obstacles;
  }

  /** Ignore or Skip; empty where nothing is in the way. */
  Optional<Decision> decision(OriginSpec spec) {
    return Optional.ofNullable(decisions.get(spec));
  }

  boolean contains(OriginSpec spec) {
    return causes.containsKey(spec) || blocked.containsKey(spec);
  }

  private void add(Cycle cycle) {
    StringBuilder way = new StringBuilder("is in a dependency cycle: ");
    cycle.path().forEach(spec -> way.append(spec).append(" → "));
    way.append(cycle.path().get(0));
    for (OriginSpec member : cycle.members()) {
      causes.put(member, way.toString());
      decisions.put(member, new Decision.Skip(Text.line(way.toString()), cycle.members()));
    }
  }

  private void add(OriginSpec spec, Evaluation evaluation, PortGraph graph) {
    Optional<String> ignore = evaluation.port(spec).flatMap(Port::ignore);
    if (ignore.isPresent()) {
      causes.put(spec, "is ignored: " + ignore.get());
      decisions.put(spec, new Decision.Ignore(Text.line(ignore.get())));
      return;
    }
    Set<OriginSpec> because = new TreeSet<>();
    for (OriginSpec need : graph.needs(spec)) {
      List<OriginSpec> further = blocked.get(need);
      if (further != null) {
        because.addAll(further);
      } else if (causes.containsKey(need)) {
        because.add(need);
      } else if (evaluation.port(need).isEmpty()) {
        causes.put(need, "is not in the tree");
        because.add(need);
      }
    }
    if (!because.isEmpty()) {
      List<OriginSpec> roots = List.copyOf(because);
      blocked.put(spec, roots);
      decisions.put(spec, new Decision.Skip(needs(roots), roots));
    }
  }

  private String needs(List<OriginSpec> roots) {
    String more = roots.size() == 1 ? "" : " (and " + (roots.size() - 1) + " more)";
    return Text.line("needs " + roots.get(0) + more + ", which " + causes.get(roots.get(0)));
  }
}
