package org.slipway;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.DependencyKind;
import org.slipway.graph.Cycle;
import org.slipway.graph.PortGraph;
import org.slipway.packages.OriginSpec;

/**
 * A lineage in Graphviz's language, an arrow from each port to what it needs. It has the ports that
 * the tree for a person has, and every dependency between those of one side. An arrow is labelled
 * with its kinds: bold for LIB, solid for RUN, dashed for BUILD alone, dotted for the rest, red
 * where it is part of a cycle. A port that cannot be built is red and has the reason as its tooltip.
 * Names need no escapes; in a reason a quotation mark has one, and a backslash is replaced by the
 * sign of the same look, U+2216.
 */
final class LineageDot {
  private record Edge(OriginSpec from, OriginSpec to) {}

  private final Lineage lineage;
  private final PortGraph graph;
  private final Appendable out;

  /** A port's second line: what the drawing leaves out. */
  private final Map<OriginSpec, String> nodes = new LinkedHashMap<>();

  private final Set<Edge> edges = new LinkedHashSet<>();
  private final Map<OriginSpec, Integer> knots = new HashMap<>();

  private LineageDot(Lineage lineage, Appendable out) {
    this.lineage = lineage;
    this.out = out;
    graph = lineage.graph();
    List<Cycle> cycles = graph.cycles();
    for (int at = 0; at < cycles.size(); at++) {
      for (OriginSpec member : cycles.get(at).members()) {
        knots.put(member, at);
      }
    }
    take(lineage.needs(), true);
    take(lineage.neededBy(), false);
  }

  static void write(Lineage lineage, Appendable out) throws IOException {
    new LineageDot(lineage, out).all();
  }

  private void take(LineageSide side, boolean down) {
    Collection<OriginSpec> shown = new HashSet<>(side.shown());
    for (OriginSpec spec : side.shown()) {
      int hidden = 0;
      for (OriginSpec neighbour : down ? graph.needs(spec) : graph.neededBy(spec)) {
        if (shown.contains(neighbour)) {
          edges.add(down ? new Edge(spec, neighbour) : new Edge(neighbour, spec));
        } else {
          hidden++;
        }
      }
      String more = LineageText.number(hidden) + (down ? " more below" : " more above");
      nodes.merge(spec, hidden == 0 ? "" : "\\n" + more, String::concat);
    }
  }

  private void all() throws IOException {
    out.append("digraph ").append(quoted(lineage.root().toString())).append(" {\n");
    out.append("  rankdir=LR;\n");
    out.append("  node [shape=box, fontname=\"Helvetica\", fontsize=11];\n");
    out.append("  edge [fontname=\"Helvetica\", fontsize=9];\n");
    for (Map.Entry<OriginSpec, String> node : nodes.entrySet()) {
      node(node.getKey(), node.getValue());
    }
    for (Edge edge : edges) {
      edge(edge);
    }
    out.append("}\n");
  }

  private void node(OriginSpec spec, String more) throws IOException {
    out.append("  ").append(quoted(spec.toString()));
    out.append(" [label=\"").append(spec.toString()).append(more).append('"');
    if (spec.equals(lineage.root())) {
      out.append(", style=filled, fillcolor=lightgrey");
    }
    Optional<LineageTrouble> trouble = lineage.trouble(spec);
    if (trouble.isPresent()) {
      out.append(", color=red, fontcolor=red, tooltip=")
          .append(quoted(trouble.get().sentence()));
    }
    out.append("];\n");
  }

  private void edge(Edge edge) throws IOException {
    Set<DependencyKind> kinds = graph.kinds(edge.from(), edge.to());
    out.append("  ").append(quoted(edge.from().toString()));
    out.append(" -> ").append(quoted(edge.to().toString()));
    out.append(" [label=\"").append(LineageTree.words(kinds)).append("\", style=");
    out.append(style(kinds));
    if (knots.containsKey(edge.from()) && knots.get(edge.from()).equals(knots.get(edge.to()))) {
      out.append(", color=red, fontcolor=red");
    }
    out.append("];\n");
  }

  private static String style(Set<DependencyKind> kinds) {
    if (kinds.contains(DependencyKind.LIB)) {
      return "bold";
    }
    if (kinds.contains(DependencyKind.RUN)) {
      return "solid";
    }
    return kinds.contains(DependencyKind.BUILD) ? "dashed" : "dotted";
  }

  private static String quoted(String text) {
    // How often Graphviz unescapes a backslash depends on the attribute; its double means nothing.
    String escaped = text.replace("&", "&amp;").replace('\\', '\u2216').replace("\"", "\\\"");
    return "\"" + escaped + "\"";
  }
}
