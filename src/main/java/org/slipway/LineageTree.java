package org.slipway;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slipway.evaluate.DependencyKind;
import org.slipway.packages.OriginSpec;

/** One side of a lineage as the lines of a tree. */
final class LineageTree {
  private final Lineage lineage;
  private final LineageSide side;
  private final boolean down;
  private final boolean ascii;
  private final Set<OriginSpec> above = new HashSet<>();
  private final List<LineageRow> rows = new ArrayList<>();

  /** @param down whether it is the side of what the port needs */
  LineageTree(Lineage lineage, LineageSide side, boolean down, boolean ascii) {
    this.lineage = lineage;
    this.side = side;
    this.down = down;
    this.ascii = ascii;
    if (side.depth() > 0) {
      under(side.root(), "");
      int hidden = side.hidden(side.root());
      if (hidden > 0) {
        String more = "... " + LineageText.number(hidden) + " more";
        rows.add(new LineageRow(branch(true), more, "", "", ""));
      }
    }
  }

  List<LineageRow> rows() {
    return List.copyOf(rows);
  }

  /** Recursion, for a {@link LineageSide} is never deep. */
  private void under(OriginSpec parent, String indent) {
    boolean more = parent.equals(side.root()) && side.hidden(parent) > 0;
    for (Iterator<OriginSpec> rest = side.children(parent).iterator(); rest.hasNext(); ) {
      OriginSpec child = rest.next();
      boolean last = !rest.hasNext() && !more;
      rows.add(new LineageRow(
          indent + branch(last),
          child.toString(),
          kinds(parent, child),
          remark(parent, child),
          lineage.trouble(child).map(LineageTrouble::sentence).orElse("")));
      if (side.goesOn(parent, child)) {
        above.add(child);
        under(child, indent + stem(last));
      }
    }
  }

  private String kinds(OriginSpec parent, OriginSpec child) {
    OriginSpec from = down ? parent : child;
    return words(lineage.graph().kinds(from, down ? child : parent));
  }

  /** Where a port's neighbours are that do not stand below it. */
  private String remark(OriginSpec parent, OriginSpec child) {
    if (side.leadsOver(parent, child)) {
      return "(cycle)";
    }
    int hidden = side.hidden(child);
    if (hidden > 0) {
      return "(" + LineageText.number(hidden) + " more)";
    }
    if (side.goesOn(parent, child) || side.children(child).isEmpty()) {
      return "";
    }
    return above.contains(child) ? "(see above)" : "(see below)";
  }

  /** Kinds of dependency as they are shown, such as {@code build lib}. */
  static String words(Iterable<DependencyKind> kinds) {
    StringBuilder words = new StringBuilder();
    for (DependencyKind kind : kinds) {
      words.append(words.isEmpty() ? "" : " ").append(word(kind));
    }
    return words.toString();
  }

  static String word(DependencyKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private String branch(boolean last) {
    if (ascii) {
      return last ? "`- " : "|- ";
    }
    return last ? "\u2514\u2500 " : "\u251c\u2500 ";
  }

  private String stem(boolean last) {
    if (last) {
      return "   ";
    }
    return ascii ? "|  " : "\u2502  ";
  }
}
