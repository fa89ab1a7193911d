package org.slipway.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

/**
 * The tree's file MOVED and its overlays', {@code old|new|date|reason} a line, an empty new for a
 * port that is gone, an empty old for one that is there again under the name in new. Both sides may
 * have a flavor. poudriere's rule (parse_MOVED.awk, check_moved in its common.sh), except that a
 * port which is in the tree is not moved away, whatever MOVED says.
 */
final class Moves {
  /** Longer ones are no work of a person. */
  private static final int LINE_CHARACTERS = 4_000;

  /** A way has seldom more than three steps; of a longer one the first are told. */
  private static final int STEPS_TOLD = 10;

  private final Map<OriginSpec, Line> lines = new HashMap<>();
  private final Passed unread = new Passed("is not old|new|date|reason");
  private final Passed repeated = new Passed("names a port that an earlier line names already");

  /** @param number its place among all lines of all files */
  private record Line(
      int number, OriginSpec from, Optional<OriginSpec> to, String date, String reason) {
    String words() {
      return to.map(now -> "became " + now).orElse("was removed") + " on " + date + ": " + reason;
    }
  }

  /** A kind of lines that are passed over: how many, and the first one's place. */
  private static final class Passed {
    private final String what;
    private int count;
    private String first = "";

    Passed(String what) {
      this.what = what;
    }

    void over(int file, int line) {
      if (count++ == 0) {
        first = "line " + line + " of " + (file == 0 ? "the tree" : "overlay " + file);
      }
    }

    Optional<String> sentence() {
      return switch (count) {
        case 0 -> Optional.empty();
        case 1 -> Optional.of("MOVED: " + first + " " + what + " and is passed over");
        default ->
          Optional.of(
              "MOVED: " + count + " lines are passed over; the first, " + first + ", " + what);
      };
    }
  }

  private Moves() {}

  /** Reads the tree's MOVED, then those of its overlays, in their order. */
  static Moves read(List<List<String>> files) {
    Moves moves = new Moves();
    int number = 0;
    for (int file = 0; file < files.size(); file++) {
      int inFile = 0;
      for (String line : files.get(file)) {
        inFile++;
        moves.take(line, number++, file, inFile);
      }
    }
    return moves;
  }

  static Moves read(TreeFiles tree) throws IOException {
    List<List<String>> files = new ArrayList<>();
    List<TreeFiles.Root> roots = tree.roots();
    // The tree comes first here, and last among the roots.
    files.add(TreeFiles.lines(roots.get(roots.size() - 1), "MOVED"));
    for (TreeFiles.Root overlay : roots.subList(0, roots.size() - 1)) {
      files.add(TreeFiles.lines(overlay, "MOVED"));
    }
    return read(files);
  }

  private void take(String line, int number, int file, int inFile) {
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    String[] fields = line.length() > LINE_CHARACTERS ? new String[0] : line.split("\\|", 4);
    try {
      if (fields.length != 4 || (fields[0].isEmpty() && fields[1].isEmpty())) {
        unread.over(file, inFile);
      } else if (fields[0].isEmpty()) {
        lines.remove(OriginSpec.parse(fields[1]));
      } else {
        OriginSpec from = OriginSpec.parse(fields[0]);
        Optional<OriginSpec> to =
            fields[1].isEmpty() ? Optional.empty() : Optional.of(OriginSpec.parse(fields[1]));
        Line read =
            new Line(number, from, to, MakeMessage.clean(fields[2]), MakeMessage.clean(fields[3]));
        if (lines.putIfAbsent(from, read) != null) {
          repeated.over(file, inFile);
        }
      }
    } catch (IllegalArgumentException e) {
      unread.over(file, inFile);
    }
  }

  /** A sentence for each kind of lines that were passed over. */
  List<String> remarks() {
    return Stream.of(unread, repeated)
        .flatMap(passed -> passed.sentence().stream())
        .toList();
  }

  /**
   * Follows a port to its present name: forward through the file, as its lines are in the order in
   * which things happened, to the last port on the way that is in the tree. Where none is, on
   * through earlier lines until one is.
   *
   * @param exists whether the tree or an overlay has the port
   */
  Moved resolve(OriginSpec asked, Predicate<Origin> exists) {
    Line first = line(asked, -1);
    if (first == null) {
      return new Moved.Stays(Optional.empty());
    }
    if (first.from().flavor().isEmpty() && exists.test(asked.origin())) {
      return new Moved.Stays(Optional.of(sentence(List.of(first)) + "; but it is in the tree"));
    }
    return new Walk(exists).from(asked);
  }

  /** What became of a port, whether or not its new name is in the tree. */
  Optional<String> explain(Origin origin) {
    Walk walk = new Walk(place -> false);
    walk.from(OriginSpec.of(origin));
    return walk.steps.isEmpty() ? Optional.empty() : Optional.of(sentence(walk.steps));
  }

  /** The line about exactly this port and flavor, else about the port, if it is a later one. */
  private @Nullable Line line(OriginSpec spec, int after) {
    Line exact = lines.get(spec);
    if (exact != null && exact.number() > after) {
      return exact;
    }
    Line plain = lines.get(OriginSpec.of(spec.origin()));
    return plain != null && plain.number() > after ? plain : null;
  }

  private static String sentence(List<Line> steps) {
    StringBuilder text = new StringBuilder("MOVED says it ");
    for (int at = 0; at < Math.min(steps.size(), STEPS_TOLD); at++) {
      text.append(at == 0 ? "" : "; then it ").append(steps.get(at).words());
    }
    if (steps.size() > STEPS_TOLD) {
      text.append("; and so on, ").append(steps.size()).append(" times");
    }
    return text.toString();
  }

  /** The way from one port through the lines. */
  private final class Walk {
    private final Predicate<Origin> exists;
    private final List<Line> steps = new ArrayList<>();
    private final Set<Line> taken = new HashSet<>();
    private @Nullable OriginSpec present;
    private int stepsToPresent;

    Walk(Predicate<Origin> exists) {
      this.exists = exists;
    }

    Moved from(OriginSpec asked) {
      OriginSpec here = asked;
      int last = -1;
      while (true) {
        Line line = line(here, last);
        if (line == null && present == null) {
          line = line(here, -1);
        }
        if (line == null) {
          return end(
              asked, new Moved.Lost(sentence(steps) + "; " + here + " is not in the tree either"));
        }
        if (!taken.add(line)) {
          return end(asked, new Moved.Lost(sentence(steps) + "; that leads in a circle"));
        }
        steps.add(line);
        if (line.to().isEmpty()) {
          return end(asked, new Moved.Expired(sentence(steps)));
        }
        OriginSpec next = line.to().get();
        if (line.from().flavor().isEmpty() && here.flavor().isPresent()) {
          if (next.flavor().isPresent() && !next.flavor().equals(here.flavor())) {
            return end(
                asked,
                new Moved.Lost(sentence(steps) + "; that is not the flavor "
                    + here.flavor().get() + " that is asked for; ask for " + next));
          }
          next = new OriginSpec(next.origin(), here.flavor());
        }
        here = next;
        last = line.number();
        if (exists.test(here.origin())) {
          present = here;
          stepsToPresent = steps.size();
        }
      }
    }

    /** The last port on the way that is in the tree, and where none is, this. */
    private Moved end(OriginSpec asked, Moved otherwise) {
      if (present == null) {
        return otherwise;
      }
      String way = sentence(steps.subList(0, stepsToPresent));
      return present.equals(asked) ? new Moved.Stays(Optional.of(way)) : new Moved.To(present, way);
    }
  }
}
