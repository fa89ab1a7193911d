package org.slipway.evaluate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the cheaper of two questions first, where a loop's body begins with a choice that does
 * nothing:
 *
 * <pre>
 * .if ${X:tl} == "a" || ${X:tl} == "b"      .if defined(USE_${X})
 * .elif defined(USE_${X})                   .if !(${X:tl} == "a" || ${X:tl} == "b")
 * BODY                                      BODY
 * .endif                                    .endif
 *                                           .endif
 * </pre>
 *
 * <p>make evaluates the comparisons on the left in each round of the loop. In a framework that goes
 * through a hundred extensions, of which a port uses two, that is a thirteenth of all it does.
 *
 * <p>Nothing changes by it. What is asked first on the left are comparisons of the loop's own
 * variable, which always has a value, with plain words; what is asked second is what is defined.
 * Neither can fail or has an effect, so their order is free. The line more stands where an empty
 * one was, with nothing but ends of branches and loops before it, so all other lines stay where
 * they are.
 */
final class TurnedBranches {
  private static final Pattern LOOP = Pattern.compile("\\.for (\\w+) in\\b.*");
  private static final Pattern IF = Pattern.compile("\\.if[ \t]*(.+)");
  private static final Pattern ELIF = Pattern.compile("\\.elif[ \t]*(.+)");
  private static final Pattern OPENS = Pattern.compile("\\.ifn?(?:def|make)?\\b.*");
  private static final Pattern PARTS = Pattern.compile("\\.(?:el(?:se|if)).*");
  private static final Pattern OR = Pattern.compile("[ \t]*\\|\\|[ \t]*");
  private static final Pattern COMPARISON =
      Pattern.compile("\\$\\{(\\w+)(?::t[lu])?\\} == \"[A-Za-z0-9_-]+\"");
  private static final Pattern DEFINED = Pattern.compile("defined\\((?:\\w|\\$\\{\\w+\\})+\\)");

  private final List<String> lines;
  private final Deque<String> loops = new ArrayDeque<>();

  private TurnedBranches(List<String> lines) {
    this.lines = lines;
  }

  /** @param brief a makefile as {@link BriefText} gives it */
  static String of(String brief) {
    TurnedBranches branches =
        new TurnedBranches(new ArrayList<>(Arrays.asList(brief.split("\n", -1))));
    for (int at = 0; at < branches.lines.size(); at++) {
      branches.look(at);
    }
    return String.join("\n", branches.lines);
  }

  private void look(int at) {
    String line = lines.get(at);
    if (line.startsWith(".for")) {
      // Of several variables, or written in a way that is not known here: no name is.
      Matcher loop = LOOP.matcher(line);
      loops.push(loop.matches() ? loop.group(1) : "");
    } else if (line.startsWith(".endfor")) {
      loops.poll();
    } else if (line.startsWith(".if") && !loops.isEmpty()) {
      turn(at);
    }
  }

  private void turn(int at) {
    Matcher first = IF.matcher(lines.get(at));
    int second = next(at + 1);
    Matcher other = ELIF.matcher(second < lines.size() ? lines.get(second) : "");
    if (!first.matches() || !other.matches()) {
      return;
    }
    String compared = first.group(1).strip();
    String defined = other.group(1).strip();
    if (!isAll(COMPARISON, bare(compared)) || !isAll(DEFINED, bare(defined))) {
      return;
    }
    OptionalInt end = end(second + 1);
    if (end.isEmpty()) {
      return;
    }
    int free = end.getAsInt() + 1;
    while (free < lines.size() && lines.get(free).matches("\\.end(?:if|for)")) {
      free++;
    }
    // The last of all lines is what follows the text's end.
    if (free >= lines.size() - 1 || !lines.get(free).isEmpty()) {
      return;
    }
    lines.set(at, ".if " + defined);
    lines.set(second, ".if !(" + bare(compared) + ")");
    lines.remove(free);
    lines.add(end.getAsInt(), ".endif");
  }

  private int next(int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).isEmpty()) {
      at++;
    }
    return at;
  }

  /** Where the branch ends that begins here, if no other follows it and no line goes on. */
  private OptionalInt end(int from) {
    int depth = 0;
    for (int at = from; at < lines.size(); at++) {
      String line = lines.get(at);
      if (line.endsWith("\\") || line.startsWith(".for") || line.startsWith(".endfor")) {
        return OptionalInt.empty();
      }
      if (OPENS.matcher(line).matches()) {
        depth++;
      } else if (depth == 0 && PARTS.matcher(line).matches()) {
        return OptionalInt.empty();
      } else if (line.equals(".endif") && depth-- == 0) {
        return OptionalInt.of(at);
      }
    }
    return OptionalInt.empty();
  }

  /** Without brackets around all of it. */
  private static String bare(String condition) {
    return condition.startsWith("(") && condition.indexOf(')') == condition.length() - 1
        ? condition.substring(1, condition.length() - 1)
        : condition;
  }

  private boolean isAll(Pattern kind, String condition) {
    for (String part : OR.split(condition, -1)) {
      Matcher matcher = kind.matcher(part);
      if (!matcher.matches() || (kind == COMPARISON && !loops.contains(matcher.group(1)))) {
        return false;
      }
    }
    return true;
  }
}
