package org.slipway.evaluate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.packages.Origin;

/**
 * Options of a request that do nothing, which is most often a slip of the pen, and choices that the
 * framework's {@code check-config} refuses when the port is built (Mk/bsd.port.mk).
 */
final class OptionFindings {
  /** Ports of one layer that are not there: up to so many are a finding each. */
  private static final int SINGLE = 5;

  /** Of more, so many are named. */
  private static final int NAMED = 20;

  private final List<Layer> layers;
  private final Collection<Port> ports;
  private final TreeFiles tree;
  private final List<Finding> findings = new ArrayList<>();

  private OptionFindings(List<Layer> layers, Collection<Port> ports, TreeFiles tree) {
    this.layers = layers;
    this.ports = ports;
    this.tree = tree;
  }

  /** For a job that has no layers but its own. */
  static List<Finding> of(
      Map<Origin, ? extends Map<String, Boolean>> asked, Collection<Port> ports, TreeFiles tree) {
    return of(List.of(Layer.ofJob(asked, "")), ports, tree);
  }

  /**
   * Options for ports that are not in the tree, options that their ports have not, and of groups of
   * options more or fewer than may be on.
   *
   * @param layers from general to particular, the last the job's own
   * @param ports that were evaluated; of others it is not known which options they have
   */
  static List<Finding> of(List<Layer> layers, Collection<Port> ports, TreeFiles tree) {
    OptionFindings options = new OptionFindings(layers, ports, tree);
    options.absentPorts();
    options.absentOptions();
    ports.stream().filter(port -> port.ignore().isEmpty()).forEach(options::wrongChoices);
    return options.findings;
  }

  private void absentPorts() {
    Set<String> names = new HashSet<>();
    ports.forEach(port -> names.add(name(port)));
    for (Layer layer : layers) {
      List<Origin> absent = layer.options().keySet().stream()
          .filter(origin -> !names.contains(Layer.optionsName(origin)))
          .filter(origin -> Layer.origins(Layer.optionsName(origin)).stream()
              .allMatch(place -> tree.absence(place).isPresent()))
          .toList();
      if (absent.size() <= SINGLE) {
        absent.forEach(origin -> find("options are set for " + origin + named(layer, " in ")
            + ", but " + tree.absence(origin).orElse("it is not in the tree")));
      } else {
        find("options are set" + named(layer, " in ") + " for " + absent.size()
            + " ports that are not in the tree: "
            + absent.stream().limit(NAMED).map(Origin::toString).collect(Collectors.joining(", "))
            + (absent.size() > NAMED ? " and " + (absent.size() - NAMED) + " more" : ""));
      }
    }
  }

  private void find(String message) {
    findings.add(new Finding(Optional.empty(), message));
  }

  private void absentOptions() {
    for (Port port : ports) {
      for (Layer layer : Layer.counting(layers, name(port))) {
        List<String> wrong = layer.options(name(port)).keySet().stream()
            .filter(option -> !port.options().containsKey(option))
            .toList();
        if (!wrong.isEmpty()) {
          String has = port.options().isEmpty()
              ? "it has none"
              : "it has " + String.join(", ", port.options().keySet());
          findings.add(new Finding(
              Optional.of(port.spec()),
              "is given the option" + (wrong.size() > 1 ? "s " : " ") + String.join(", ", wrong)
                  + named(layer, " by ") + ", which it has not; " + has));
        }
      }
    }
  }

  private void wrongChoices(Port port) {
    for (String kind : List.of("SINGLE", "MULTI", "RADIO")) {
      String groups = port.variable("OPTIONS_" + kind + "_MEMBERS");
      for (String group : groups.isEmpty() ? List.<String>of() : words(groups, "\\s+")) {
        int equals = group.indexOf('=');
        String name = group.substring(0, Math.max(0, equals));
        List<String> members = words(group.substring(equals + 1), ",");
        // A group that is an option itself counts only where that is on.
        boolean counts = kind.equals("RADIO") || port.options().getOrDefault(name, true);
        if (equals > 0 && counts) {
          wrongChoice(port, kind, name, members);
        }
      }
    }
  }

  private void wrongChoice(Port port, String kind, String group, List<String> members) {
    List<String> on = members.stream()
        .filter(each -> port.options().getOrDefault(each, false))
        .toList();
    boolean few = on.isEmpty() && !kind.equals("RADIO");
    boolean many = on.size() > 1 && !kind.equals("MULTI");
    if (few || many) {
      String may = switch (kind) {
        case "SINGLE" -> "exactly one";
        case "MULTI" -> "at least one";
        default -> "at most one";
      };
      findings.add(new Finding(
          Optional.of(port.spec()),
          "of the options " + MakeMessage.clean(group) + " (" + named(members) + ") " + may
              + " must be on, and " + (few ? "none is" : named(on) + " are")
              + "; check-config stops its build"));
    }
  }

  private static String named(List<String> options) {
    return MakeMessage.clean(String.join(", ", options));
  }

  private static List<String> words(String text, String between) {
    return Stream.of(text.split(between, -1)).filter(each -> !each.isEmpty()).toList();
  }

  /** Names a layer, but not the job's: it is the one that a reader thinks of. */
  private String named(Layer layer, String before) {
    return layer.equals(layers.get(layers.size() - 1)) ? "" : before + layer.name();
  }

  private static String name(Port port) {
    String own = port.variable("OPTIONS_NAME");
    return own.isEmpty() ? Layer.optionsName(port.spec().origin()) : own;
  }
}
