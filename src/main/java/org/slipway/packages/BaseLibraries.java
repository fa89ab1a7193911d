package org.slipway.packages;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The shared libraries that a base system has, by the names that packages require them by. pkg looks
 * at the base when it installs (scan_system_shlibs of libpkg/pkgbase.c) and takes a package with or
 * without them.
 *
 * @param names such as {@code libc.so.7}, and {@code libc.so.7:32} of the 32-bit set
 */
public record BaseLibraries(Set<String> names) {
  /** Nothing is left out, as pkg 2 does. */
  public static final BaseLibraries NONE = new BaseLibraries(Set.of());

  private static final Pattern LIBRARY = Pattern.compile("lib.+\\.so(\\.[0-9.]*)?");

  private record Folder(String path, String mark) {}

  private static final List<Folder> FOLDERS = List.of(
      new Folder("lib", ""),
      new Folder("usr/lib", ""),
      new Folder("usr/lib32", ":32"),
      new Folder("lib64", ""),
      new Folder("usr/lib64", ""));

  public BaseLibraries {
    names = Set.copyOf(names);
  }

  /**
   * Those of a base's root: files and links of /lib, /usr/lib and /usr/lib32, and on Linux of their
   * folders for one machine, such as /usr/lib/x86_64-linux-gnu.
   */
  public static BaseLibraries ofRoot(Path root) throws IOException {
    Set<String> names = new TreeSet<>();
    for (Folder folder : FOLDERS) {
      Path path = root.resolve(folder.path());
      if (Files.isDirectory(path)) {
        add(path, folder.mark(), names);
        try (DirectoryStream<Path> machines = Files.newDirectoryStream(path, "*-linux-*")) {
          for (Path machine : machines) {
            if (Files.isDirectory(machine)) {
              add(machine, folder.mark(), names);
            }
          }
        }
      }
    }
    return new BaseLibraries(names);
  }

  private static void add(Path folder, String mark, Set<String> names) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "lib*.so*")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (LIBRARY.matcher(name).matches()) {
          names.add(name + mark);
        }
      }
    }
  }
}
