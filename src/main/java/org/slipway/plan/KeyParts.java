package org.slipway.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Recipe;
import org.slipway.evaluate.Target;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;

/** What goes into a build key, part by part (policy content). */
final class KeyParts {
  static final String SPEC = "spec";
  static final String FOLDER = "folder";
  static final String OPTIONS = "options";
  static final String MAKE = "make";
  static final String BASE = "base";
  static final String RECIPE = "recipe ";
  static final String DEPENDENCY = "dependency ";

  /**
   * Longer values are kept as their digest: nobody reads them in a reason, and a tree has a
   * million.
   */
  private static final int LONGEST_VALUE = 200;

  private final String make;

  KeyParts(String makeConf) {
    this.make = Digest.of(makeConf).hex();
  }

  /** All parts but the dependencies; the caller's to add to. */
  Map<String, String> own(Port port, Target target) {
    Map<String, String> parts = new TreeMap<>();
    // Origin and flavor stand in the manifest, so two ports never share a package, however alike
    // they are.
    parts.put(SPEC, port.spec().toString());
    parts.put(FOLDER, port.sources().hex());
    Map<String, String> variables = port.variables();
    for (String name : Recipe.VARIABLES) {
      String value = variables.getOrDefault(name, "");
      // A variable that is set but empty builds what an unset one builds.
      if (!value.isEmpty()) {
        parts.put(
            RECIPE + name, value.length() > LONGEST_VALUE ? Digest.of(value).hex() : value);
      }
    }
    parts.put(OPTIONS, options(port.options()));
    parts.put(MAKE, make);
    parts.put(BASE, target.abi() + " " + target.baseName());
    return parts;
  }

  /** What a port depends on directly in any way but for its tests, sorted, each once. */
  static List<OriginSpec> dependencies(Port port) {
    return port.dependencies().stream()
        .filter(dependency -> dependency.kind() != DependencyKind.TEST)
        .map(Dependency::on)
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * A dependency's part: the payload, and before it {@code name-version} where the package's
   * manifest names it, for there a new version makes another package even when no file differs.
   */
  static String dependency(Port port, OriginSpec on, BuiltPackage built) {
    boolean atRunTime = port.dependencies().stream()
        .anyMatch(each -> each.on().equals(on) && each.kind().atRunTime());
    return (atRunTime ? built.name() + " " : "") + built.payload().hex();
  }

  private static String options(Map<String, Boolean> options) {
    return options.entrySet().stream()
        .map(option -> (option.getValue() ? "+" : "-") + option.getKey())
        .collect(Collectors.joining(" "));
  }
}
