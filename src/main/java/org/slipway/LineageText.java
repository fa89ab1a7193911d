package org.slipway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slipway.graph.Cycle;
import org.slipway.packages.OriginSpec;

/**
 * A lineage for a person at a terminal of 80 columns: the port, how much it needs and how much
 * needs it, the cycles in its way, and a tree of each side. Names are never cut, for they are
 * copied; what the tree itself says of a port is, and reaches the terminal without anything that
 * this would obey.
 */
final class LineageText {
  private static final int STEPS_OF_A_WAY = 12;
  private static final int CYCLES = 5;

  /** Columns of the port's own reason, some four lines: the framework's messages are shorter. */
  private static final int REASON = 320;

  private final Lineage lineage;
  private final Appendable out;
  private final boolean ascii;

  private LineageText(Lineage lineage, boolean ascii, Appendable out) {
    this.lineage = lineage;
    this.ascii = ascii;
    this.out = out;
  }

  /** @param ascii branches of plain characters, for an output that may not take others */
  static void write(Lineage lineage, boolean ascii, Appendable out) throws IOException {
    LineageText text = new LineageText(lineage, ascii, out);
    text.head();
    text.cycles();
    text.side("needs", lineage.needs(), true);
    text.side("needed by", lineage.neededBy(), false);
  }

  private void head() throws IOException {
    OriginSpec root = lineage.root();
    line(root + lineage.name(root).map(name -> "  " + name).orElse(""));
    Optional<LineageTrouble> trouble = lineage.trouble(root);
    if (trouble.isPresent()) {
      String reason = LineageRow.cut(trouble.get().sentence(), REASON);
      wrapped("", Arrays.asList(reason.split(" ")));
    }
    line(counts());
  }

  private String counts() {
    LineageSide needs = lineage.needs();
    LineageSide neededBy = lineage.neededBy();
    String below = needs.all() == 0
        ? "needs nothing"
        : "needs " + number(needs.all()) + (needs.all() == 1 ? " package" : " packages");
    String above = neededBy.all() == 0
        ? "nothing needs it"
        : number(neededBy.all()) + (neededBy.all() == 1 ? " needs it" : " need it");
    return below + directly(needs) + "; " + above + directly(neededBy);
  }

  private static String directly(LineageSide side) {
    if (side.all() < 2) {
      return "";
    }
    return ", " + (side.direct() == side.all() ? "all" : number(side.direct())) + " directly";
  }

  private void cycles() throws IOException {
    List<Cycle> cycles = lineage.cycles();
    for (Cycle cycle : cycles.subList(0, Math.min(cycles.size(), CYCLES))) {
      boolean own = cycle.members().contains(lineage.root());
      int size = cycle.members().size();
      line("");
      line((own ? "is in" : "needs")
          + (size == 1
              ? " a cycle of one port, which needs itself:"
              : " a cycle of " + number(size) + " ports, a shortest way round:"));
      way(cycle.path());
    }
    if (cycles.size() > CYCLES) {
      line("");
      line("needs " + number(cycles.size() - CYCLES) + " more cycles");
    }
  }

  private void way(List<OriginSpec> path) throws IOException {
    List<String> steps = new ArrayList<>();
    path.stream().limit(STEPS_OF_A_WAY).forEach(spec -> steps.add(spec + " ->"));
    if (path.size() > STEPS_OF_A_WAY) {
      steps.add("... " + number(path.size() - STEPS_OF_A_WAY) + " more ->");
    }
    steps.add(path.get(0).toString());
    wrapped("  ", steps);
  }

  private void wrapped(String indent, List<String> words) throws IOException {
    StringBuilder line = new StringBuilder(indent);
    int width = indent.length();
    for (String word : words) {
      int more = LineageRow.width(word) + 1;
      if (width > indent.length() && width + more > LineageRow.COLUMNS) {
        line(line.toString());
        line.setLength(indent.length());
        width = indent.length();
      }
      line.append(width > indent.length() ? " " : "").append(word);
      width += more;
    }
    line(line.toString());
  }

  private void side(String title, LineageSide side, boolean down) throws IOException {
    if (side.steps() == 0) {
      return;
    }
    line("");
    line(title + notice(side));
    List<LineageRow> rows = new LineageTree(lineage, side, down, ascii).rows();
    LineageRow.Layout layout = LineageRow.Layout.of(rows);
    for (LineageRow row : rows) {
      line(row.text(layout));
    }
  }

  private static String notice(LineageSide side) {
    if (!side.cut()) {
      return "";
    }
    if (side.sampled()) {
      int shown = side.children(side.root()).size();
      return ", "
          + number(shown)
          + " of "
          + number(shown + side.hidden(side.root()))
          + " that are direct; --depth 1 shows them all";
    }
    String shown = ", to depth " + side.depth();
    return side.depth() == side.most()
        ? shown + ", the most there is room for"
        : shown + " of " + side.steps() + "; --depth " + side.most() + " shows more";
  }

  static String number(int count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private void line(String text) throws IOException {
    out.append(text).append('\n');
  }
}
