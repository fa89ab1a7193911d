package org.slipway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** What is wrong in one file, collected so that a person sees all of it at once. */
final class Mistakes {
  /** More than this many are counted, not shown: nobody reads on, and a generated file may hold thousands. */
  private static final int MOST_SHOWN = 100;

  private final Path file;
  private final List<Mistake> found = new ArrayList<>();
  private int more;

  Mistakes(Path file) {
    this.file = file;
  }

  /** About the file as a whole. */
  void add(String message) {
    add(0, 0, message);
  }

  /** About the place where a value starts. */
  void add(Node node, String message) {
    Mark mark = node.getStartMark().orElseThrow();
    add(mark.getLine() + 1, mark.getColumn() + 1, message);
  }

  /** About a place, both counted from 1. */
  void add(int line, int column, String message) {
    if (found.size() < MOST_SHOWN) {
      found.add(new Mistake(file, line, column, Quoted.printable(message)));
    } else {
      more++;
    }
  }

  boolean none() {
    return found.isEmpty();
  }

  /** In the order in which they stand in the file. */
  List<Mistake> all() {
    List<Mistake> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
    if (more > 0) {
      sorted.add(new Mistake(file, 0, 0, "and " + more + " more mistakes"));
    }
    return List.copyOf(sorted);
  }
}
