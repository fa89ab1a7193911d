package org.slipway.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds the libraries that programs of the host need, where its loader would, and says where they
 * must lie in a root that has no list of library folders: all in the one folder in which the C
 * library lies, which a loader searches unasked. On hosts with a folder for each kind of machine
 * (Debian, Ubuntu: {@code /usr/lib/x86_64-linux-gnu}; Fedora: {@code /usr/lib64}) no FreeBSD has
 * that one. Elsewhere (Arch, Alpine, FreeBSD) it is {@code /usr/lib} or {@code /lib}, and a root
 * shows these libraries there, under their versioned names.
 */
final class HostLibraries {
  private static final int MAX_CONFIGURATION_FILES = 200;

  private final List<Path> folders;

  /** By path in the root, the host's file. */
  private final Map<String, Path> found = new TreeMap<>();

  private final Set<Path> seen = new HashSet<>();

  HostLibraries() throws IOException {
    Set<Path> all = new LinkedHashSet<>();
    configured(Path.of("/etc/ld.so.conf"), all, new HashSet<>());
    // Where nothing is configured, loaders have these compiled in.
    List<Path> fixed = new ArrayList<>();
    for (String name : List.of("/lib", "/usr/lib", "/lib64", "/usr/lib64")) {
      Path folder = Path.of(name);
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> machines = Files.newDirectoryStream(folder, "*-linux-*")) {
          machines.forEach(fixed::add);
        }
        fixed.add(folder);
      }
    }
    all.addAll(fixed);
    folders = List.copyOf(all);
  }

  /** All that was found for the programs that were {@linkplain #add added}. */
  Map<String, Path> found() {
    return found;
  }

  /**
   * Takes in what a program needs.
   *
   * @return false where a library cannot be found, and then nothing was taken in
   */
  boolean add(LoaderNeeds program) throws IOException {
    if (program.interpreter().isEmpty()) {
      return true;
    }
    Path interpreter = Path.of(program.interpreter().get());
    if (!Files.isRegularFile(interpreter)) {
      return false;
    }
    Map<String, Path> more = new TreeMap<>();
    Set<Path> visited = new HashSet<>();
    Deque<String> wanted = new ArrayDeque<>(program.libraries());
    Optional<Path> home = Optional.empty();
    while (!wanted.isEmpty()) {
      String name = wanted.remove();
      if (name.equals(String.valueOf(interpreter.getFileName()))) {
        continue;
      }
      Optional<Path> library = find(name, program);
      if (library.isEmpty()) {
        return false;
      }
      if (name.startsWith("libc.")) {
        home = Optional.of(library.get().toAbsolutePath().resolveSibling(".").toRealPath());
      }
      if (visited.add(library.get())) {
        more.put(name, library.get());
        LoaderNeeds.read(library.get()).ifPresent(needs -> wanted.addAll(needs.libraries()));
      }
    }
    if (!more.isEmpty() && home.isEmpty()) {
      return false;
    }
    found.put(interpreter.toString(), interpreter.toRealPath());
    for (var library : more.entrySet()) {
      if (seen.add(library.getValue())) {
        found.put(
            home.orElseThrow().resolve(library.getKey()).toString(),
            library.getValue().toRealPath());
      }
    }
    return true;
  }

  private Optional<Path> find(String name, LoaderNeeds program) throws IOException {
    if (name.contains("/")) {
      return Optional.empty();
    }
    for (Path folder : folders) {
      Path path = folder.resolve(name);
      if (Files.isRegularFile(path) && Files.isReadable(path)) {
        Optional<LoaderNeeds> needs = LoaderNeeds.read(path);
        if (needs.isPresent() && needs.get().fits(program)) {
          return Optional.of(path);
        }
      }
    }
    return Optional.empty();
  }

  /** ld.so.conf(5): a folder a line, and {@code include PATTERN}. */
  private static void configured(Path file, Set<Path> into, Set<Path> read) throws IOException {
    if (!Files.isRegularFile(file) || read.size() == MAX_CONFIGURATION_FILES || !read.add(file)) {
      return;
    }
    for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      String words = line.replaceFirst("#.*", "").strip();
      if (words.startsWith("include")) {
        Path pattern = file.resolveSibling(words.substring("include".length()).strip());
        Path folder = pattern.getParent();
        if (folder != null && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          List<Path> matches = new ArrayList<>();
          try (DirectoryStream<Path> all =
              Files.newDirectoryStream(folder, String.valueOf(pattern.getFileName()))) {
            all.forEach(matches::add);
          }
          matches.sort(null);
          for (Path match : matches) {
            configured(match, into, read);
          }
        }
      } else if (words.startsWith("/")) {
        into.add(Path.of(words));
      }
    }
  }
}
