package org.slipway.evaluate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.packages.Digest;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * A port's answers at one commit for one target and flavor.
 *
 * @param flavors all that the port has, its default first
 * @param ignore why it must not be built (IGNORE, BROKEN, FORBIDDEN), in the framework's words
 * @param options name to on or off
 * @param variables all other answers by the framework's variable name; {@link Recipe} says which
 *     are part of a build key
 * @param sources over every file of the port's own folder and of its master's: name, mode, content;
 *     of a commit's through the ids that git has for its folders
 * @param folders of the tree that {@code sources} covers, relative to its top
 * @param makefiles that the evaluation read outside those folders, relative to the tree's top
 */
public record Port(
    OriginSpec spec,
    PackageName name,
    List<Flavor> flavors,
    List<Dependency> dependencies,
    Optional<String> ignore,
    Map<String, Boolean> options,
    List<String> distfiles,
    Map<String, String> variables,
    Digest sources,
    List<String> folders,
    List<String> makefiles) {
  public Port {
    flavors = List.copyOf(flavors);
    dependencies = List.copyOf(dependencies);
    options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
    distfiles = List.copyOf(distfiles);
    variables = variables instanceof PackedVariables
        ? variables
        : java.util.Collections.unmodifiableMap(new TreeMap<>(variables));
    folders = List.copyOf(folders);
    makefiles = List.copyOf(makefiles);
  }

  /** An answer, empty where the port does not set it. */
  public String variable(String name) {
    return variables.getOrDefault(name, "");
  }
}
