package org.slipway.evaluate;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slipway.packages.Origin;

/** A request's layers as the text of a make.conf. */
final class MakeConf {
  private MakeConf() {}

  /** The whole file: every layer's lines, then the options port by port. */
  static String text(EvaluationRequest request) {
    SortedSet<String> names = new TreeSet<>();
    for (Layer layer : request.layers()) {
      for (Origin origin : layer.options().keySet()) {
        names.add(Layer.optionsName(origin));
      }
    }
    return request.makeConf()
        + names.stream().map(request::optionText).collect(Collectors.joining());
  }

  static String lines(List<Layer> layers) {
    StringBuilder text = new StringBuilder();
    for (Layer layer : layers) {
      if (!layer.makeConf().isEmpty()) {
        text.append("# Lines of ").append(layer.name()).append(".\n").append(layer.makeConf());
        if (!layer.makeConf().endsWith("\n")) {
          text.append('\n');
        }
        // A backslash at the very end must not take the next layer's first line.
        text.append('\n');
      }
    }
    return text.toString();
  }

  /** A person's make variables, to be read after the presets. */
  static String defines(Map<String, String> defines) {
    StringBuilder text = new StringBuilder();
    defines.forEach((name, value) ->
        text.append(name).append("=\t").append(value.replace("#", "\\#")).append('\n'));
    return text.toString();
  }

  static String options(String name, SortedMap<String, Boolean> options) {
    String on = words(options, true);
    StringBuilder text = new StringBuilder();
    if (!on.isEmpty()) {
      // The framework reads _UNSET after _SET, so an earlier line's off would beat our on.
      String unset = name + "_UNSET";
      text.append(".if defined(").append(unset).append(")\n");
      text.append(unset).append(":=\t${").append(unset);
      text.append(on.replace(" ", ":N")).append("}\n.endif\n");
      text.append(name).append("_SET+=").append(on).append('\n');
    }
    String off = words(options, false);
    if (!off.isEmpty()) {
      text.append(name).append("_UNSET+=").append(off).append('\n');
    }
    return text.toString();
  }

  /** The names of the options that are so, each after a space. */
  private static String words(SortedMap<String, Boolean> options, boolean on) {
    return options.entrySet().stream()
        .filter(option -> option.getValue() == on)
        .map(option -> " " + option.getKey())
        .collect(Collectors.joining());
  }
}
