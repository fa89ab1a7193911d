package org.slipway.jail;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is on a FreeBSD host of jails, mounts, datasets and limits, as its own programs tell it.
 *
 * @param mounts mount points, in the order in which they were mounted
 * @param limited names of jails that have rules in the kernel's table of limits, whether the jails are there or not
 */
record FreeBsdState(
    List<Prison> jails, List<Path> mounts, List<Dataset> datasets, Set<String> limited) {
  static final FreeBsdCall JAILS = FreeBsdManual.JLS.call("name", "path");
  static final FreeBsdCall MOUNTS = FreeBsdManual.MOUNT.call("-p");
  static final FreeBsdCall DATASETS =
      FreeBsdManual.ZFS_LIST.call("list", "-H", "-t", "filesystem", "-o", "name,mountpoint,origin");
  static final FreeBsdCall RULES = FreeBsdManual.RCTL.call("jail:");

  /** Ends well where that snapshot is there. */
  static FreeBsdCall snapshot(String name) {
    return FreeBsdManual.ZFS_LIST.call("list", "-H", "-t", "snapshot", "-o", "name", name);
  }

  /** A jail that runs. */
  record Prison(String name, Path path) {}

  /**
   * @param mountpoint empty where it has none of its own ("none", "legacy", "-")
   * @param origin the snapshot that it is a clone of
   */
  record Dataset(String name, Optional<Path> mountpoint, Optional<String> origin) {}

  FreeBsdState {
    jails = List.copyOf(jails);
    mounts = List.copyOf(mounts);
    datasets = List.copyOf(datasets);
    limited = Set.copyOf(limited);
  }

  /**
   * Of what the four programs above write; an empty text where one of them has nothing to tell. Lines of another form are passed
   * over: they are not the farm's.
   */
  static FreeBsdState parse(String jails, String mounts, String datasets, String rules) {
    return new FreeBsdState(
        jails.lines().flatMap(line -> jail(line).stream()).toList(),
        mounts.lines().flatMap(line -> mount(line).stream()).toList(),
        datasets.lines().flatMap(line -> dataset(line).stream()).toList(),
        rules(rules));
  }

  /** A line of {@code jls name path}: two values with a space between; a name has none (jls(8)). */
  private static Optional<Prison> jail(String line) {
    int space = line.indexOf(' ');
    return space <= 0
        ? Optional.empty()
        : path(line.substring(space + 1)).map(path -> new Prison(line.substring(0, space), path));
  }

  /** A line of {@code mount -p}: that of an fstab(5), with blanks in names as octal numbers (strunvis(3)). */
  private static Optional<Path> mount(String line) {
    String[] words = line.strip().split("[ \\t]+", -1);
    return words.length < 4 ? Optional.empty() : path(unescaped(words[1]));
  }

  /** A line of {@code zfs list -H}: values with one tab between (zfs-list(8)). */
  private static Optional<Dataset> dataset(String line) {
    String[] words = line.split("\t", -1);
    return words.length != 3
        ? Optional.empty()
        : Optional.of(new Dataset(
            words[0], path(words[1]), Optional.of(words[2]).filter(word -> !word.equals("-"))));
  }

  /** Subjects of lines such as {@code jail:NAME:maxproc:deny=512} (rctl(8)). */
  private static Set<String> rules(String text) {
    Set<String> names = new TreeSet<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(":", 4);
      if (parts.length == 4 && parts[0].equals("jail") && !parts[1].isEmpty()) {
        names.add(parts[1]);
      }
    }
    return names;
  }

  private static Optional<Path> path(String word) {
    try {
      return word.startsWith("/") ? Optional.of(Path.of(word)) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String unescaped(String word) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      if (word.startsWith("\\", i) && word.substring(i + 1).matches("(?s)[0-3][0-7]{2}.*")) {
        text.append((char) Integer.parseInt(word.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        text.append(word.charAt(i));
      }
    }
    return text.toString();
  }

  /** Mount points below a folder, the last mounted first. */
  List<Path> mountsBelow(Path folder) {
    List<Path> below = new ArrayList<>();
    for (Path mount : mounts) {
      if (mount.startsWith(folder) && !mount.equals(folder)) {
        below.add(0, mount);
      }
    }
    return below;
  }

  /** The dataset that is mounted, or would be, at this folder. */
  Optional<Dataset> datasetAt(Path folder) {
    return datasets.stream()
        .filter(dataset -> dataset.mountpoint().filter(folder::equals).isPresent())
        .findFirst();
  }
}
