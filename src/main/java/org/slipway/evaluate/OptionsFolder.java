package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slipway.packages.Origin;

/**
 * A folder of options files, {@code category_port/options} and {@code options.local} beside it, as
 * the ports framework writes them below PORT_DBDIR (Mk/bsd.options.mk, OPTIONS_FILE). The few ports
 * that keep a file for each flavor ({@code flavor-options}) are told of and not read.
 */
final class OptionsFolder {
  /** Above the number of ports in any tree. */
  private static final int ENTRIES = 50_000;

  private static final Pattern LINE =
      Pattern.compile("\\s*+([A-Za-z_][A-Za-z0-9_]*+)\\s*+(\\+?=)([^#]*+).*+", Pattern.DOTALL);

  private final ConfinedFolder conf;
  private final String name;
  private final List<String> remarks;

  /**
   * @param name of the options folder in {@code conf}
   * @param remarks gets a sentence for every folder and line that is passed over
   */
  OptionsFolder(ConfinedFolder conf, String name, List<String> remarks) {
    this.conf = conf;
    this.name = name;
    this.remarks = remarks;
  }

  SortedMap<Origin, SortedMap<String, Boolean>> read() throws IOException {
    SortedMap<Origin, SortedMap<String, Boolean>> options = new TreeMap<>();
    for (String port : names(name)) {
      if (conf.find(name + "/" + port).filter(Files::isDirectory).isEmpty()) {
        continue;
      }
      names(name + "/" + port).stream()
          .filter(file -> file.endsWith("-options"))
          .forEach(file -> remarks.add(conf.shown(name + "/" + port + "/" + file)
              + " is passed over; options are those of a port and not of one of its flavors"));
      SortedMap<String, Boolean> found = new TreeMap<>();
      boolean there = false;
      for (String file : List.of("options", "options.local")) {
        String path = name + "/" + port + "/" + file;
        Optional<String> text = conf.text(path);
        if (text.isPresent()) {
          there = true;
          found.putAll(options(text.get(), conf.shown(path)));
        }
      }
      // The first cut is as good as any other: the options are looked up by the whole name.
      List<Origin> origins = Layer.origins(port);
      if (there && origins.isEmpty()) {
        remarks.add(conf.shown(name + "/" + port)
            + " is passed over; the framework reads category_port folders only");
      } else if (there) {
        options.put(origins.get(0), found);
      }
    }
    return options;
  }

  /** What is in a folder, sorted. */
  private List<String> names(String inside) throws IOException {
    Optional<Path> folder = conf.find(inside).filter(Files::isDirectory);
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder.get())) {
      List<String> names = entries
          .limit(ENTRIES + 1L)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
      if (names.size() > ENTRIES) {
        throw new IllegalArgumentException(conf.shown(inside) + " holds more than " + ENTRIES
            + " files, which no folder of options does; take out what does not belong there");
      }
      return names;
    }
  }

  /** An option that is both set and unset is off: the framework looks at the unset ones last. */
  private SortedMap<String, Boolean> options(String text, String where) {
    SortedMap<String, Boolean> on = new TreeMap<>();
    SortedMap<String, Boolean> off = new TreeMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      String variable = matcher.matches() ? matcher.group(1) : "";
      switch (variable) {
        case "OPTIONS_FILE_SET" -> take(matcher, on, true, where + ":" + number);
        case "OPTIONS_FILE_UNSET" -> take(matcher, off, false, where + ":" + number);
        case "_OPTIONS_READ", "_FILE_COMPLETE_OPTIONS_LIST" -> {
          // Notes of make config to itself.
        }
        default ->
          remarks.add(where + ":" + number + ": \"" + MakeMessage.clean(line)
              + "\" is passed over; write OPTIONS_FILE_SET+=X or OPTIONS_FILE_UNSET+=X");
      }
    }
    SortedMap<String, Boolean> all = new TreeMap<>(on);
    all.putAll(off);
    return Collections.unmodifiableSortedMap(all);
  }

  private void take(Matcher line, SortedMap<String, Boolean> options, boolean value, String where) {
    if (line.group(2).equals("=")) {
      options.clear();
    }
    Arrays.stream(line.group(3).strip().split("\\s+", -1))
        .filter(word -> !word.isEmpty())
        .forEach(word -> {
          if (Layer.isOption(word)) {
            options.put(word, value);
          } else {
            remarks.add(where + ": \"" + MakeMessage.clean(word)
                + "\" is not an option and is passed over; an option has letters, digits and _"
                + " only");
          }
        });
  }
}
