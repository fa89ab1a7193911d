package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Unevaluable;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;

/**
 * What differs between two evaluations, port by port, variable by variable. For programs a JSON
 * object a line: {@code origin}, {@code flavor}, {@code change} (added, removed, changed), and
 * where it changed {@code variables}: by its name in lower case an array of the old and the new
 * value, a list's as one text; {@code error} stands for a port's message where it gives no answers.
 */
final class AnswerChanges {
  private static final int VALUE_CHARACTERS = 300;

  /** One port's. */
  record Change(OriginSpec spec, String kind, Map<String, List<String>> variables) {}

  private AnswerChanges() {}

  static List<Change> between(Evaluation before, Evaluation after) {
    SortedSet<OriginSpec> specs = new TreeSet<>(before.wanted());
    specs.addAll(after.wanted());
    Map<OriginSpec, String> oldErrors = errors(before);
    Map<OriginSpec, String> newErrors = errors(after);
    List<Change> changes = new ArrayList<>();
    for (OriginSpec spec : specs) {
      boolean was = before.ports().containsKey(spec) || oldErrors.containsKey(spec);
      boolean is = after.ports().containsKey(spec) || newErrors.containsKey(spec);
      if (was != is) {
        changes.add(new Change(spec, is ? "added" : "removed", Map.of()));
        continue;
      }
      Map<String, List<String>> variables =
          variables(before.ports().get(spec), after.ports().get(spec));
      differ(variables, "error", oldErrors.get(spec), newErrors.get(spec));
      if (!variables.isEmpty()) {
        changes.add(new Change(spec, "changed", variables));
      }
    }
    return changes;
  }

  private static Map<OriginSpec, String> errors(Evaluation evaluation) {
    Map<OriginSpec, String> errors = new LinkedHashMap<>();
    for (Unevaluable bad : evaluation.unevaluable()) {
      errors.put(bad.spec(), bad.message());
    }
    return errors;
  }

  private static Map<String, List<String>> variables(@Nullable Port before, @Nullable Port after) {
    Map<String, List<String>> changed = new LinkedHashMap<>();
    Map<String, String> old = before == null ? Map.of() : before.variables();
    Map<String, String> now = after == null ? Map.of() : after.variables();
    for (String name : Evaluator.questions().keySet()) {
      differ(changed, name.toLowerCase(Locale.ROOT), old.get(name), now.get(name));
    }
    return changed;
  }

  private static void differ(
      Map<String, List<String>> changed, String name, @Nullable String old, @Nullable String now) {
    if (!Objects.equals(old, now)) {
      changed.put(name, List.of(old == null ? "" : old, now == null ? "" : now));
    }
  }

  static void print(List<Change> changes, PrintStream out) {
    for (Change change : changes) {
      out.println(change.spec() + (change.variables().isEmpty() ? "  " + change.kind() : ""));
      change.variables().forEach((name, values) -> {
        if (PortJson.LISTS.contains(name.toUpperCase(Locale.ROOT))) {
          words(name, values, out);
        } else {
          out.println("  " + name);
          Wrapped.print(out, "    - " + shown(values.get(0)));
          Wrapped.print(out, "    + " + shown(values.get(1)));
        }
      });
    }
  }

  /** Of a list, the words that went and came; where it has another order only, that. */
  private static void words(String name, List<String> values, PrintStream out) {
    List<String> gone = new ArrayList<>(PortJson.words(values.get(0)));
    List<String> come = new ArrayList<>(PortJson.words(values.get(1)));
    List<String> kept = List.copyOf(gone);
    gone.removeAll(come);
    come.removeAll(kept);
    out.println("  " + name);
    if (gone.isEmpty() && come.isEmpty()) {
      out.println("    the same words, in another order or number");
    }
    gone.forEach(word -> Wrapped.print(out, "    - " + shown(word)));
    come.forEach(word -> Wrapped.print(out, "    + " + shown(word)));
  }

  private static String shown(String value) {
    return value.length() <= VALUE_CHARACTERS
        ? value
        : value.substring(0, VALUE_CHARACTERS) + " ...";
  }

  static void write(List<Change> changes, PortJson json) throws IOException {
    for (Change change : changes) {
      json.line(fields -> {
        fields.writeStringField("origin", change.spec().origin().toString());
        fields.writeStringField(
            "flavor", change.spec().flavor().map(Flavor::name).orElse(""));
        fields.writeStringField("change", change.kind());
        if (!change.variables().isEmpty()) {
          fields.writeObjectFieldStart("variables");
          for (Map.Entry<String, List<String>> variable : change.variables().entrySet()) {
            fields.writeArrayFieldStart(variable.getKey());
            fields.writeString(variable.getValue().get(0));
            fields.writeString(variable.getValue().get(1));
            fields.writeEndArray();
          }
          fields.writeEndObject();
        }
      });
    }
  }
}
