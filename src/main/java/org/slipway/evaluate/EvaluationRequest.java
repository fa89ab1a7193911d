package org.slipway.evaluate;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

/**
 * What is asked of a tree.
 *
 * @param ports words as a person writes them: {@code category/port}, {@code category/port@flavor},
 *     {@code category/port@all} or {@code all}, which is what the category makefiles list
 * @param layers settings from general to particular; the last is the job's own
 * @param defines make variables of the kit that a person gives, name to value; a name has letters,
 *     digits, {@code _} and {@code .}, at most 128 of them and no digit first, a value is one line
 *     of at most 10,000 characters
 */
public record EvaluationRequest(
    Target target, List<String> ports, List<Layer> layers, SortedMap<String, String> defines) {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_.][A-Za-z0-9_.]{0,127}");

  /** The longest value of a define. */
  public static final int VALUE_CHARACTERS = 10_000;

  public EvaluationRequest {
    ports = List.copyOf(ports);
    layers = List.copyOf(layers);
    defines = Collections.unmodifiableSortedMap(new TreeMap<>(defines));
    defines.forEach(EvaluationRequest::requireDefine);
  }

  /**
   * A request of a job that has no layers but its own.
   *
   * @param options per origin, option name to on or off; laid over the port's defaults
   * @param makeConf lines for make.conf
   */
  public EvaluationRequest(
      Target target,
      List<String> ports,
      Map<Origin, Map<String, Boolean>> options,
      String makeConf) {
    this(target, ports, List.of(Layer.ofJob(options, makeConf)), Collections.emptySortedMap());
  }

  /**
   * {@code OSVERSION} as ports see it, such as 1402000: what a person defined, else what the
   * release's number stands for; empty where the target is not FreeBSD, whose pkg alone looks at
   * it.
   */
  public OptionalInt osVersion() {
    if (!target.abi().os().equals("FreeBSD")) {
      return OptionalInt.empty();
    }
    String own = defines.getOrDefault("OSVERSION", "");
    return OptionalInt.of(
        own.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(own) : Presets.osVersion(target));
  }

  /** The layers' make lines in order, a comment naming each; no options of single ports. */
  public String makeConf() {
    return MakeConf.lines(layers);
  }

  /**
   * What is set for the port whose OPTIONS_NAME this is, {@code category_port} most often, as lines
   * for make.conf after {@link #makeConf()}; empty where nothing is. Of the layers below the job's
   * the most particular one that has the port counts, and counts alone, as poudriere takes one
   * options file; the job's options are laid over it one by one.
   */
  public String optionText(String optionsName) {
    return MakeConf.options(optionsName, options(optionsName));
  }

  /** The options that count, of every port that any layer has. */
  public SortedMap<Origin, SortedMap<String, Boolean>> options() {
    SortedMap<Origin, SortedMap<String, Boolean>> all = new TreeMap<>();
    for (Layer layer : layers) {
      for (Origin origin : layer.options().keySet()) {
        all.computeIfAbsent(origin, port -> options(Layer.optionsName(port)));
      }
    }
    return all;
  }

  /** The name of the layer whose blacklist holds a port, the most general one first. */
  public Optional<String> blacklistedBy(OriginSpec spec, List<Flavor> flavors) {
    return layers.stream()
        .filter(layer -> layer.blacklist().holds(spec, flavors))
        .map(Layer::name)
        .findFirst();
  }

  private SortedMap<String, Boolean> options(String optionsName) {
    SortedMap<String, Boolean> options = new TreeMap<>();
    Layer.counting(layers, optionsName)
        .forEach(layer -> options.putAll(layer.options(optionsName)));
    return options;
  }

  /** Whether a text can be the value of a define. */
  public static boolean isValue(String text) {
    return text.chars().noneMatch(c -> c == '\n' || c == '\r' || c == '\0')
        && !text.endsWith("\\")
        && text.length() <= VALUE_CHARACTERS;
  }

  private static void requireDefine(String name, String value) {
    if (!VARIABLE.matcher(name).matches()) {
      throw new IllegalArgumentException("\"" + MakeMessage.clean(name)
          + "\" is not a make variable to define; its name has letters, digits, _ and . only, at"
          + " most 128 of them, and no digit first");
    }
    if (!isValue(value)) {
      throw new IllegalArgumentException("the value of " + name + " must be one line of at most "
          + VALUE_CHARACTERS + " characters that does not end in \\");
    }
  }
}
