package org.slipway.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The host's programs that evaluation runs in a {@link RecordedBase}: a shell, make, and what
 * makefiles call with {@code !=}. Each has the place that FreeBSD gives it. Programs that would
 * tell of the host and not of the target are not among them (sysctl, kldstat, pkg, compilers);
 * uname is, since scripts break without one, and speaks of the host: presets answer before it.
 *
 * @param files by path in the root, the host's file: programs, their libraries and the loader
 * @param absent tools that this host does not have, or whose libraries it does not have
 */
record HostTools(SortedMap<String, Path> files, List<String> absent) {
  private static final List<String> MAKES = List.of("bmake", "make");

  private static final List<String> BIN = List.of(
      "[",
      "cat",
      "chmod",
      "cp",
      "date",
      "dd",
      "echo",
      "expr",
      "hostname",
      "kill",
      "ln",
      "ls",
      "mkdir",
      "mv",
      "pwd",
      "realpath",
      "rm",
      "rmdir",
      "sh",
      "sleep",
      "test");

  private static final List<String> USR_BIN = List.of(
      "awk",
      "basename",
      "cmp",
      "comm",
      "cut",
      "diff",
      "dirname",
      "egrep",
      "env",
      "expand",
      "false",
      "fgrep",
      "find",
      "fold",
      "grep",
      "head",
      "id",
      "join",
      "logname",
      "mktemp",
      "nl",
      "od",
      "paste",
      "printf",
      "readlink",
      "rev",
      "sed",
      "seq",
      "sort",
      "split",
      "stat",
      "tail",
      "tee",
      "touch",
      "tr",
      "true",
      "tsort",
      "uname",
      "uniq",
      "wc",
      "which",
      "whoami",
      "xargs",
      "yes");

  HostTools {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    absent = List.copyOf(absent);
  }

  /**
   * @param search the host's folders of programs, the first that has one counts
   * @throws IOException where the host has no shell or no BSD make, or none that can be taken
   */
  static HostTools find(List<Path> search) throws IOException {
    TreeMap<String, Path> files = new TreeMap<>();
    List<String> absent = new ArrayList<>();
    HostLibraries libraries = new HostLibraries();
    for (String name : BIN) {
      take(name, "/bin/" + name, search, libraries, files, absent);
    }
    for (String name : USR_BIN) {
      take(name, "/usr/bin/" + name, search, libraries, files, absent);
    }
    if (!files.containsKey("/bin/sh")) {
      throw new IOException("this host has no sh in " + search + " that can run elsewhere");
    }
    boolean freeBsd = System.getProperty("os.name", "").equals("FreeBSD");
    for (String make : freeBsd ? MAKES : MAKES.subList(0, 1)) {
      if (!files.containsKey("/usr/bin/make")) {
        take(make, "/usr/bin/make", search, libraries, files, new ArrayList<>());
      }
    }
    Path make = files.get("/usr/bin/make");
    if (make == null) {
      throw new IOException("this host has no bmake in " + search + "; install it");
    }
    files.put("/usr/bin/bmake", make);
    files.putAll(libraries.found());
    return new HostTools(files, absent);
  }

  private static void take(
      String name,
      String place,
      List<Path> search,
      HostLibraries libraries,
      SortedMap<String, Path> files,
      List<String> absent)
      throws IOException {
    for (Path folder : search) {
      Path path = folder.resolve(name);
      if (Files.isRegularFile(path) && Files.isExecutable(path) && Files.isReadable(path)) {
        Path file = path.toRealPath();
        Optional<LoaderNeeds> needs = LoaderNeeds.read(file);
        if (needs.isPresent() ? libraries.add(needs.get()) : isShellScript(file)) {
          files.put(place, file);
          return;
        }
      }
    }
    absent.add(name);
  }

  private static boolean isShellScript(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(80), StandardCharsets.ISO_8859_1);
      return start.matches("(?s)#! ?/bin/sh( -[a-z]+)?\\n.*");
    }
  }
}
