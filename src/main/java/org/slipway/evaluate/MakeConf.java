package org.slipway.evaluate;

import java.util.Map;
import java.util.TreeMap;
import org.slipway.packages.Origin;

/** A request's options and make lines as the text of a make.conf. */
final class MakeConf {
  private MakeConf() {}

  static String text(EvaluationRequest request) {
    StringBuilder text = new StringBuilder("# The job's options, then its own lines.\n");
    for (Map.Entry<Origin, Map<String, Boolean>> port : request.options().entrySet()) {
      String name = port.getKey().category() + "_" + port.getKey().name();
      line(text, name + "_SET", port.getValue(), true);
      line(text, name + "_UNSET", port.getValue(), false);
    }
    text.append(request.makeConf());
    if (!request.makeConf().isEmpty() && !request.makeConf().endsWith("\n")) {
      text.append('\n');
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text, String variable, Map<String, Boolean> options, boolean on) {
    StringBuilder names = new StringBuilder();
    for (Map.Entry<String, Boolean> option : new TreeMap<>(options).entrySet()) {
      if (!option.getKey().matches("[A-Za-z0-9_]+")) {
        throw new IllegalArgumentException("\"" + option.getKey()
            + "\" is not an option; an option has letters, digits and _ only");
      }
      if (option.getValue() == on) {
        names.append(' ').append(option.getKey());
      }
    }
    if (names.length() > 0) {
      text.append(variable).append("+=").append(names).append('\n');
    }
  }
}
