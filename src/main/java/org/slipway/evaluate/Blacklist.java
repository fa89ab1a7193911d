package org.slipway.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;

/**
 * Ports that must not be built. A word {@code category/port} stands for the port with all its
 * flavors, as does {@code category/port@all} for one that has flavors; {@code category/port@flavor}
 * for that flavor; {@code category/port@-} for the default one. As poudriere reads its blacklists
 * (poudriere(8), "Blacklist ports"; load_blacklist in its common.sh).
 */
public record Blacklist(SortedSet<String> words) {
  /** Forbids nothing. */
  public static final Blacklist NONE = new Blacklist(Collections.emptySortedSet());

  public Blacklist {
    words = Collections.unmodifiableSortedSet(new TreeSet<>(words));
    for (String word : words) {
      if (!isWord(word)) {
        throw new IllegalArgumentException(refusal(word));
      }
    }
  }

  /** A blacklist of these words. */
  public static Blacklist of(Collection<String> words) {
    return new Blacklist(new TreeSet<>(words));
  }

  /**
   * Reads a blacklist file: words between white space, and comments from a {@code #} to the line's
   * end. A word that can name no port is passed over.
   *
   * @param where the file, as a person knows it
   * @param remarks gets a sentence for every word passed over
   */
  static Blacklist read(String text, String where, List<String> remarks) {
    List<String> words = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      for (String word : line.replaceFirst("#.*", "").strip().split("\\s+", -1)) {
        if (isWord(word)) {
          words.add(word);
        } else if (!word.isEmpty()) {
          remarks.add(where + ":" + number + ": " + refusal(word) + "; it forbids nothing");
        }
      }
    }
    return of(words);
  }

  /**
   * Whether it forbids a port, as a spec of an evaluation's answers: a port with flavors carries
   * one. For {@code category/port@-} the port's flavors must be known, see
   * {@link #holds(OriginSpec, List)}.
   */
  public boolean holds(OriginSpec spec) {
    String origin = spec.origin().toString();
    return words.contains(origin)
        || (spec.flavor().isPresent()
            && (words.contains(spec.toString()) || words.contains(origin + "@all")));
  }

  /**
   * Whether it forbids a port.
   *
   * @param flavors all that the port has, its default first
   */
  public boolean holds(OriginSpec spec, List<Flavor> flavors) {
    if (flavors.isEmpty()) {
      return words.contains(spec.origin().toString());
    }
    Flavor flavor = spec.flavor().orElse(flavors.get(0));
    return holds(new OriginSpec(spec.origin(), Optional.of(flavor)))
        || (flavor.equals(flavors.get(0)) && words.contains(spec.origin() + "@-"));
  }

  private static boolean isWord(String word) {
    try {
      WantedWord.parse(word);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String refusal(String word) {
    return "\"" + MakeMessage.clean(word)
        + "\" names no port; write category/port or category/port@flavor";
  }
}
