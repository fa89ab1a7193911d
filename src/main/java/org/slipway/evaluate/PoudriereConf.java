package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.packages.Origin;

/**
 * The settings of a folder laid out as poudriere's {@code /usr/local/etc/poudriere.d}: make.conf,
 * options folders and blacklists, each for all, or for a set, a tree, a jail or several of these,
 * told by the name before it. Names and order are poudriere's (poudriere(8), "Customization";
 * setup_makeconf, load_blacklist and do_portbuild_mounts in its common.sh). As there, every
 * make.conf and blacklist counts, and of the options folders only the most particular one.
 *
 * @param layers from general to particular
 * @param remarks what was passed over, a sentence each
 */
public record PoudriereConf(List<Layer> layers, List<String> remarks) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}");

  public PoudriereConf {
    layers = List.copyOf(layers);
    remarks = List.copyOf(remarks);
  }

  /**
   * Reads such a folder.
   *
   * @param jail the jail's name, where its files are wanted
   * @param tree the ports tree's name, poudriere's {@code -p}
   * @param set the set's name, poudriere's {@code -z}
   * @throws IllegalArgumentException with a sentence for a name that cannot be one, for no folder,
   *     a file above 1 MB, and a link that leads out of the folder
   */
  public static PoudriereConf read(
      Path folder, Optional<String> jail, Optional<String> tree, Optional<String> set)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          folder + " is not a folder; give one that is laid out as /usr/local/etc/poudriere.d");
    }
    jail.ifPresent(name -> requireName("jail", name));
    tree.ifPresent(name -> requireName("tree", name));
    set.ifPresent(name -> requireName("set", name));
    return new Reading(new ConfinedFolder(folder)).read(new Names(jail, tree, set));
  }

  private static void requireName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("\"" + MakeMessage.clean(name) + "\" is not the name of a "
          + what + "; it has letters, digits and _ . + - only");
    }
  }

  /** What files may be named after. */
  private record Names(Optional<String> jail, Optional<String> tree, Optional<String> set) {
    /** From general to particular, each with a hyphen at its end; the empty one is for all. */
    Set<String> ofMakeConf() {
      return prefixes(List.of(
          List.of(),
          List.of(set),
          List.of(tree),
          List.of(jail),
          List.of(tree, set),
          List.of(jail, tree),
          List.of(jail, set),
          List.of(jail, tree, set)));
    }

    /** From particular to general; another order than that of make.conf for the single ones. */
    Set<String> ofOptions() {
      return prefixes(List.of(
          List.of(jail, tree, set),
          List.of(jail, set),
          List.of(jail, tree),
          List.of(tree, set),
          List.of(set),
          List.of(tree),
          List.of(jail),
          List.of()));
    }

    /** A file is read once, also where a set has the name of a tree. */
    private static Set<String> prefixes(List<List<Optional<String>>> names) {
      return names.stream()
          .filter(parts -> parts.stream().allMatch(Optional::isPresent))
          .map(parts ->
              parts.stream().map(part -> part.orElse("") + "-").collect(Collectors.joining()))
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }
  }

  private static final class Reading {
    /** More than a person reads through. */
    private static final int REMARKS = 200;

    private final ConfinedFolder folder;
    private final List<String> remarks = new ArrayList<>();
    private final Set<Path> makeConfs = new HashSet<>();

    Reading(ConfinedFolder folder) {
      this.folder = folder;
    }

    PoudriereConf read(Names names) throws IOException {
      Optional<String> withOptions = Optional.empty();
      for (String prefix : names.ofOptions()) {
        if (withOptions.isEmpty()
            && folder.find(prefix + "options").filter(Files::isDirectory).isPresent()) {
          withOptions = Optional.of(prefix);
        }
      }
      List<Layer> layers = new ArrayList<>();
      for (String prefix : names.ofMakeConf()) {
        String name = MakeMessage.clean(folder.title())
            + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
        String file = prefix + "blacklist";
        String blacklist = folder.text(file).orElse("");
        add(
            layers,
            new Layer(
                name,
                makeConf(prefix + "make.conf"),
                withOptions.equals(Optional.of(prefix))
                    ? new OptionsFolder(folder, prefix + "options", remarks).read()
                    : Collections.emptySortedMap(),
                Blacklist.read(blacklist, folder.shown(file), remarks)));
      }
      for (String plugin : plugins()) {
        add(
            layers,
            new Layer(
                MakeMessage.clean(folder.title()) + "/" + plugin,
                makeConf(plugin + "/make.conf"),
                Collections.emptySortedMap(),
                Blacklist.NONE));
      }
      return new PoudriereConf(layers, told(remarks));
    }

    private static List<String> told(List<String> remarks) {
      if (remarks.size() <= REMARKS) {
        return remarks;
      }
      List<String> told = new ArrayList<>(remarks.subList(0, REMARKS));
      told.add("and " + (remarks.size() - REMARKS) + " more of this kind");
      return told;
    }

    private static void add(List<Layer> layers, Layer layer) {
      SortedMap<Origin, SortedMap<String, Boolean>> options = layer.options();
      if (!layer.makeConf().isEmpty()
          || !options.isEmpty()
          || !layer.blacklist().words().isEmpty()) {
        layers.add(layer);
      }
    }

    /** Empty for a link to a file that was read already: people link a jail's to another's. */
    private String makeConf(String name) throws IOException {
      Optional<Path> file = folder.find(name);
      if (file.isEmpty() || !makeConfs.add(file.get())) {
        return "";
      }
      StringBuilder text = new StringBuilder();
      int number = 0;
      for (String line : folder.text(name).orElse("").lines().toList()) {
        number++;
        if (line.startsWith("DEVELOPER=")) {
          remarks.add(folder.shown(name) + ":" + number
              + ": DEVELOPER is passed over; a job's test mode is for that");
        } else {
          text.append(line).append('\n');
        }
      }
      return text.toString();
    }

    private List<String> plugins() throws IOException {
      String plugins = "hooks/plugins";
      Optional<Path> found = folder.find(plugins).filter(Files::isDirectory);
      if (found.isEmpty()) {
        return List.of();
      }
      try (Stream<Path> entries = Files.list(found.get())) {
        return entries
            .map(entry -> entry.getFileName().toString())
            .filter(name -> NAME.matcher(name).matches())
            .map(name -> plugins + "/" + name)
            .sorted()
            .toList();
      }
    }
  }
}
