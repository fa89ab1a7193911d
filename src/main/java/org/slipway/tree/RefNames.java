package org.slipway.tree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/** Branch and tag names for a person's eyes: which are near a misspelt one, and how they are shown. */
final class RefNames {
  private static final int NEAR = 3;
  private static final int SHOWN = 60;

  /** Comparing is work by length and number, and a stranger's repository may have any of both. */
  private static final int COMPARED_NAMES = 20_000;

  private static final int COMPARED_LETTERS = 100;

  private RefNames() {}

  private record Near(int distance, String name) {}

  /** What to do about an unknown name: the end of a sentence. */
  static String advice(Repository repository, String name) {
    List<String> names = names(repository);
    List<String> near = near(names, name);
    if (!near.isEmpty()) {
      return (near.size() == 1 ? "near it is " : "near it are ") + String.join(", ", near);
    }
    return names.isEmpty()
        ? "it has no branch yet"
        : "it has " + String.join(", ", names.stream().limit(NEAR).toList())
            + (names.size() > NEAR ? " and more" : "");
  }

  /** Branches, then tags, then branches of others, each by name. */
  private static List<String> names(Repository repository) {
    List<Ref> refs = new ArrayList<>();
    try {
      for (String place : List.of(Constants.R_HEADS, Constants.R_TAGS, Constants.R_REMOTES)) {
        refs.addAll(repository.getRefDatabase().getRefsByPrefix(place));
      }
    } catch (IOException e) {
      // The advice is worth less than the sentence that it ends.
      return List.of();
    }
    return refs.stream()
        .map(Ref::getName)
        .filter(Repository::isValidRefName)
        .limit(COMPARED_NAMES)
        .map(Repository::shortenRefName)
        .filter(name -> name.length() <= COMPARED_LETTERS)
        .map(RefNames::shown)
        .toList();
  }

  private static List<String> near(List<String> names, String asked) {
    return names.stream()
        .map(name -> new Near(distance(asked, name), name))
        .filter(each -> each.distance() <= Math.max(1, asked.length() / 3))
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .map(Near::name)
        .distinct()
        .limit(NEAR)
        .toList();
  }

  /**
   * Letters to change, add, leave out or swap with the next; the same name in another remote or
   * folder is near.
   */
  private static int distance(String asked, String name) {
    String from = asked.toLowerCase(Locale.ROOT);
    String to = name.toLowerCase(Locale.ROOT);
    if (from.length() > COMPARED_LETTERS) {
      return Integer.MAX_VALUE;
    }
    if (to.endsWith("/" + from) || from.endsWith("/" + to)) {
      return 1;
    }
    int[][] steps = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        steps[i][j] = i == 0 || j == 0 ? i + j : step(steps, from, to, i, j);
      }
    }
    return steps[from.length()][to.length()];
  }

  private static int step(int[][] steps, String from, String to, int i, int j) {
    char a = from.charAt(i - 1);
    char b = to.charAt(j - 1);
    int least = Math.min(
        steps[i - 1][j - 1] + (a == b ? 0 : 1), Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
    boolean swapped = i > 1 && j > 1 && a == to.charAt(j - 2) && from.charAt(i - 2) == b;
    return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
  }

  static String quoted(String name) {
    return "\"" + shown(name) + "\"";
  }

  /** Without what moves a terminal's cursor or turns its text around, and not longer than a line. */
  private static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    for (int letter : name.codePoints().limit(SHOWN).toArray()) {
      boolean plain = switch (Character.getType(letter)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.UNASSIGNED,
            Character.PRIVATE_USE,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR -> false;
        default -> true;
      };
      shown.appendCodePoint(plain ? letter : '?');
    }
    return name.length() > shown.length() ? shown + "..." : shown.toString();
  }
}
