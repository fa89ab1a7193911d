package org.slipway.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slipway.packages.Origin;

/**
 * One source of settings: what every job of a farm shares, what a set of packages adds, what a job
 * says itself.
 *
 * @param name for findings and for the comment above its lines; printable, at most 200 characters
 * @param makeConf lines for make.conf, without NUL
 * @param options per origin, option name to on or off
 * @param blacklist what it forbids to build
 */
public record Layer(
    String name,
    String makeConf,
    SortedMap<Origin, SortedMap<String, Boolean>> options,
    Blacklist blacklist) {
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,200}");
  private static final Pattern OPTION = Pattern.compile("[A-Za-z0-9_]{1,128}");
  private static final String JOB = "the job";

  public Layer {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a layer's name is 1 to 200 printable characters, not \""
          + MakeMessage.clean(name) + "\"");
    }
    if (makeConf.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "the make lines of " + name + " hold a NUL character; make.conf is text");
    }
    options = copy(options);
  }

  /** What a job says itself: options and make lines. */
  public static Layer ofJob(Map<Origin, ? extends Map<String, Boolean>> options, String makeConf) {
    SortedMap<Origin, SortedMap<String, Boolean>> sorted = new TreeMap<>();
    options.forEach((origin, port) -> sorted.put(origin, new TreeMap<>(port)));
    return new Layer(JOB, makeConf, sorted, Blacklist.NONE);
  }

  /** The same layer with a blacklist. */
  public Layer with(Blacklist other) {
    return new Layer(name, makeConf, options, other);
  }

  static boolean isOption(String word) {
    return OPTION.matcher(word).matches();
  }

  /** The name under which a port's options are kept: the framework's default for OPTIONS_NAME. */
  static String optionsName(Origin origin) {
    return origin.category() + "_" + origin.name();
  }

  /**
   * The options kept under a name. An underscore may be part of a category or of a port as well as
   * stand between them, and the framework does not tell these apart either.
   */
  SortedMap<String, Boolean> options(String optionsName) {
    SortedMap<String, Boolean> found = new TreeMap<>();
    for (Origin origin : origins(optionsName)) {
      SortedMap<String, Boolean> own = options.get(origin);
      if (own != null) {
        found.putAll(own);
      }
    }
    return found;
  }

  private boolean hasOptions(String optionsName) {
    return origins(optionsName).stream().anyMatch(origin -> options.containsKey(origin));
  }

  /**
   * The layers whose options of a port count, the more particular later: one at most of those below
   * the last, which is the job's, and the last.
   */
  static List<Layer> counting(List<Layer> layers, String optionsName) {
    List<Layer> counting = new ArrayList<>();
    for (int at = layers.size() - 2; at >= 0 && counting.isEmpty(); at--) {
      if (layers.get(at).hasOptions(optionsName)) {
        counting.add(layers.get(at));
      }
    }
    if (!layers.isEmpty() && layers.get(layers.size() - 1).hasOptions(optionsName)) {
      counting.add(layers.get(layers.size() - 1));
    }
    return counting;
  }

  /** Every origin whose options are kept under this name. */
  static List<Origin> origins(String optionsName) {
    List<Origin> origins = new ArrayList<>();
    for (int at = optionsName.indexOf('_'); at >= 0; at = optionsName.indexOf('_', at + 1)) {
      String origin = optionsName.substring(0, at) + "/" + optionsName.substring(at + 1);
      if (isOrigin(origin)) {
        origins.add(Origin.parse(origin));
      }
    }
    return origins;
  }

  private static boolean isOrigin(String text) {
    try {
      Origin.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static SortedMap<Origin, SortedMap<String, Boolean>> copy(
      SortedMap<Origin, SortedMap<String, Boolean>> options) {
    SortedMap<Origin, SortedMap<String, Boolean>> copy = new TreeMap<>();
    options.forEach((origin, port) -> {
      for (String option : port.keySet()) {
        if (!isOption(option)) {
          throw new IllegalArgumentException("\"" + MakeMessage.clean(option)
              + "\" is not an option; an option has letters, digits and _ only");
        }
      }
      copy.put(origin, Collections.unmodifiableSortedMap(new TreeMap<>(port)));
    });
    return Collections.unmodifiableSortedMap(copy);
  }
}
