package org.slipway.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.Port;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * Why a package that was built before is built again: its newest key beside the one it has now, in
 * words.
 */
final class Changes {
  private static final int MOST_NAMES = 3;

  /** The folder of a port in an overlay; one of a category with that name is not so deep. */
  private static final Pattern OVERLAY = Pattern.compile("overlays/([^/]+)/[^/]+/[^/]+");

  private final KnownPackage latest;
  private final Map<String, String> before;
  private final Port port;
  private final Map<String, String> now;
  private final List<OriginSpec> rebuilt;

  /**
   * Compares.
   *
   * @param now the parts of the key so far as they are known: all but those of {@code rebuilt}
   * @param rebuilt direct dependencies that are built too
   */
  Changes(KnownPackage latest, Port port, Map<String, String> now, List<OriginSpec> rebuilt) {
    this.latest = latest;
    this.before = latest.key().parts();
    this.port = port;
    this.now = now;
    this.rebuilt = rebuilt;
  }

  String inWords() {
    List<String> words = own();
    if (words.isEmpty()) {
      words.addAll(recipe());
    }
    words.addAll(dependencies());
    if (words.isEmpty()) {
      words.add(
          rebuilt.isEmpty()
              ? "its package is no longer in the store"
              : list(rebuilt.stream().map(OriginSpec::toString).toList())
                  + (rebuilt.size() == 1 ? " is" : " are") + " built again");
    }
    return Text.line(String.join("; ", words));
  }

  /** What a person changed; variables that follow from it are left out. */
  private List<String> own() {
    List<String> words = new ArrayList<>();
    PackageName old = latest.built().name();
    if (!old.base().equals(port.name().base())) {
      words.add("name " + old + " → " + port.name() + inOverlay());
    } else if (!old.version().equals(port.name().version())) {
      words.add("version " + old.version() + " → " + port.name().version() + inOverlay());
    } else if (differs(KeyParts.FOLDER)) {
      words.add("files of " + folders() + " changed");
    }
    if (differs(KeyParts.OPTIONS)) {
      words.add("options changed: " + options());
    }
    if (differs(KeyParts.MAKE)) {
      words.add("make.conf changed");
    }
    if (differs(KeyParts.BASE)) {
      words.add("base changed");
    }
    return words;
  }

  /** Where somebody has to look, for a port that is not the fork's. */
  private String inOverlay() {
    String own = port.folders().isEmpty() ? "" : port.folders().get(0);
    Matcher overlay = OVERLAY.matcher(own);
    return overlay.matches() ? " in overlay " + overlay.group(1) : "";
  }

  private String folders() {
    return port.folders().isEmpty()
        ? port.spec().origin().toString()
        : String.join(" or ", port.folders());
  }

  private String options() {
    Set<String> old = words(before.get(KeyParts.OPTIONS));
    Set<String> current = words(now.get(KeyParts.OPTIONS));
    List<String> differences = new ArrayList<>();
    current.stream().filter(word -> !old.contains(word)).forEach(differences::add);
    Set<String> names = current.stream().map(word -> word.substring(1)).collect(Collectors.toSet());
    old.stream()
        .map(word -> word.substring(1))
        .filter(name -> !names.contains(name))
        .forEach(name -> differences.add("no " + name));
    return String.join(" ", differences);
  }

  private List<String> recipe() {
    Set<String> names = new TreeSet<>();
    names.addAll(now.keySet());
    names.addAll(before.keySet());
    List<String> changed = names.stream()
        .filter(name -> name.startsWith(KeyParts.RECIPE))
        .filter(this::differs)
        .map(name -> name.substring(KeyParts.RECIPE.length()))
        .toList();
    return changed.isEmpty() ? List.of() : List.of(list(changed) + " changed");
  }

  private List<String> dependencies() {
    Set<String> waited =
        rebuilt.stream().map(on -> KeyParts.DEPENDENCY + on).collect(Collectors.toSet());
    Set<String> names = new TreeSet<>(waited);
    names.addAll(now.keySet());
    names.addAll(before.keySet());
    List<String> words = new ArrayList<>();
    for (String name : names) {
      if (name.startsWith(KeyParts.DEPENDENCY)) {
        String on = name.substring(KeyParts.DEPENDENCY.length());
        if (!before.containsKey(name)) {
          words.add("needs " + on + " now");
        } else if (!waited.contains(name) && !now.containsKey(name)) {
          words.add("no longer needs " + on);
        } else if (!waited.contains(name) && differs(name)) {
          words.add(on + " changed");
        }
      }
    }
    return words;
  }

  private boolean differs(String part) {
    return !Objects.equals(before.get(part), now.get(part));
  }

  private static Set<String> words(@Nullable String text) {
    return text == null || text.isEmpty()
        ? Set.of()
        : new TreeSet<>(Arrays.asList(text.split(" ", -1)));
  }

  /** {@code a}, {@code a and b}, {@code a, b and c}, {@code a, b, c and 4 more}. */
  private static String list(List<String> names) {
    if (names.size() == 1) {
      return names.get(0);
    }
    boolean all = names.size() <= MOST_NAMES;
    int shown = all ? names.size() - 1 : MOST_NAMES;
    return String.join(", ", names.subList(0, shown)) + " and "
        + (all ? names.get(shown) : names.size() - shown + " more");
  }
}
