package org.slipway.evaluate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.jail.Base;
import org.slipway.packages.Digest;

/**
 * A stand-in for a target's base system, to evaluate in: every path of a {@link BaseList}, files
 * empty and not executable, and beside them working tools of the host, so that make runs. What
 * {@code exists()} sees is the list; of the host it sees the tools, which stand where every FreeBSD
 * has its own, and their libraries, see {@link HostLibraries}. Nothing can be built in it.
 *
 * <p>The tools are copies: a link would let a change of one change the host. They speak the host's
 * dialect: with GNU's, {@code date -j}, {@code stat -f}, {@code sed -i ''} and {@code mktemp -t x}
 * fail or differ.
 *
 * @param root the root folder, for a jail to use read-only; readable by all
 * @param list the identity of the list it was made from
 * @param absent names of tools that this host does not have
 */
public record RecordedBase(Path root, Digest list, List<String> absent) {
  /** Goes into the names of folders: another way of laying out makes other folders. */
  private static final String LAYOUT = "layout 1\n";

  private static final String ASIDE = ".new-";

  /** Files whose content programs look at even where nobody asks ports to. */
  private static final Map<String, String> CONTENT = Map.of(
      "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n",
      "etc/group", "wheel:x:0:\nnogroup:x:65533:\nnobody:x:65534:\n");

  public RecordedBase {
    absent = List.copyOf(absent);
  }

  /** The root for a jail; it needs a back end with overlay mounts. */
  public Base.Directory base() {
    return new Base.Directory(root);
  }

  /**
   * Makes the root, or finds the one that was made for the same list and the same tools. Several
   * processes can share the folder; one that is killed meanwhile leaves nothing that is taken for
   * whole. Looks at every path each time: keep what it gives.
   *
   * @param folder HOME/bases: takes a folder for each base, named by a digest
   * @throws IllegalArgumentException where the list has a link in the place of a folder of tools
   * @throws IOException where the host has no shell or BSD make, or the folder cannot be written
   */
  public static RecordedBase layOut(Path folder, BaseList list) throws IOException {
    return layOut(folder, list, search());
  }

  static RecordedBase layOut(Path folder, BaseList list, List<Path> search) throws IOException {
    HostTools tools = HostTools.find(search);
    for (String path : tools.files().keySet()) {
      checkPlace(path.substring(1), list);
    }
    checkPlace("tmp/any", list);
    checkPlace("var/tmp/any", list);
    Path bases = Files.createDirectories(folder.toAbsolutePath().normalize());
    Path root = bases.resolve(name(list, tools));
    // Two threads of a process cannot both ask for the lock of a file.
    synchronized (RecordedBase.class) {
      try (FileChannel channel = FileChannel.open(
              bases.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!lock.isValid() || !isWhole(root, list, tools)) {
          sweep(bases);
          if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            Path damaged = Files.createTempDirectory(bases, ASIDE);
            Files.move(root, damaged.resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
          }
          Path aside = Files.createTempDirectory(bases, ASIDE);
          write(aside, list, tools);
          Files.move(aside, root, StandardCopyOption.ATOMIC_MOVE);
          sweep(bases);
        }
      }
    }
    return new RecordedBase(root, list.digest(), tools.absent());
  }

  /** Where programs are looked for: the system's own folders before those of the caller's PATH. */
  private static List<Path> search() {
    List<Path> search = new ArrayList<>();
    for (String name : List.of("/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin")) {
      search.add(Path.of(name));
    }
    for (String name : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (name.startsWith("/") && !search.contains(Path.of(name))) {
        search.add(Path.of(name));
      }
    }
    return search;
  }

  private static void checkPlace(String path, BaseList list) {
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String above = path.substring(0, slash);
      if (list.entries().get(above) instanceof BaseList.Entry.Link) {
        throw new IllegalArgumentException("the base's list has a link at /" + above + ", where /"
            + path + " must lie; list it as a folder");
      }
    }
    if (list.entries().get(path) instanceof BaseList.Entry.Folder) {
      throw new IllegalArgumentException("the base's list has a folder at /" + path
          + ", where a program must lie; take the line out");
    }
  }

  private static String name(BaseList list, HostTools tools) throws IOException {
    StringBuilder text = new StringBuilder(LAYOUT).append(list.digest()).append('\n');
    for (var file : tools.files().entrySet()) {
      FileTime time = Files.getLastModifiedTime(file.getValue());
      text.append(file).append(' ').append(Files.size(file.getValue()));
      text.append(' ').append(time.toMillis()).append('\n');
    }
    return Digest.of(text.toString()).hex();
  }

  /** What must be a folder even where a list, without a slash at the end, seems to have a file. */
  private static Set<String> folders(HostTools tools) {
    Set<String> folders = new HashSet<>(List.of("tmp", "var", "var/tmp"));
    for (String file : tools.files().keySet()) {
      for (int slash = file.indexOf('/', 1); slash > 0; slash = file.indexOf('/', slash + 1)) {
        folders.add(file.substring(1, slash));
      }
    }
    return folders;
  }

  private static void write(Path root, BaseList list, HostTools tools) throws IOException {
    mode(root, "rwxr-xr-x");
    Set<String> folders = folders(tools);
    Set<String> made = new HashSet<>();
    for (var entry : list.entries().entrySet()) {
      Path path = root.resolve(entry.getKey());
      folders(root, path.getParent(), made);
      if (entry.getValue() instanceof BaseList.Entry.Folder || folders.contains(entry.getKey())) {
        folders(root, path, made);
      } else if (entry.getValue() instanceof BaseList.Entry.Link link) {
        Files.createSymbolicLink(path, Path.of(link.target()));
      } else if (!tools.files().containsKey("/" + entry.getKey())) {
        Files.writeString(path, CONTENT.getOrDefault(entry.getKey(), ""));
        mode(path, "r--r--r--");
      }
    }
    Map<Path, Path> copies = new HashMap<>();
    for (var tool : tools.files().entrySet()) {
      Path path = root.resolve(tool.getKey().substring(1));
      folders(root, path.getParent(), made);
      // A link of the list's would stay in its place, and be followed.
      Files.deleteIfExists(path);
      Path copy = copies.putIfAbsent(tool.getValue(), path);
      if (copy == null) {
        Files.copy(tool.getValue(), path);
        mode(path, "r-xr-xr-x");
      } else {
        // One program with many names (busybox) once.
        Files.createLink(path, copy);
      }
    }
    for (String name : List.of("tmp", "var/tmp")) {
      folders(root, root.resolve(name), made);
      Files.setAttribute(root.resolve(name), "unix:mode", 01777);
    }
  }

  private static void folders(Path root, @Nullable Path folder, Set<String> made)
      throws IOException {
    if (folder == null || folder.equals(root) || !made.add(folder.toString())) {
      return;
    }
    folders(root, folder.getParent(), made);
    Files.createDirectory(folder);
    mode(folder, "rwxr-xr-x");
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  /** Looked at each time, since a power cut may have lost what was written last. */
  private static boolean isWhole(Path root, BaseList list, HostTools tools) throws IOException {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Set<String> folders = folders(tools);
    for (var entry : list.entries().entrySet()) {
      Path path = root.resolve(entry.getKey());
      boolean good;
      if (entry.getValue() instanceof BaseList.Entry.Folder || folders.contains(entry.getKey())) {
        good = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      } else if (entry.getValue() instanceof BaseList.Entry.Link) {
        good = Files.isSymbolicLink(path) || tools.files().containsKey("/" + entry.getKey());
      } else {
        good = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
      }
      if (!good) {
        return false;
      }
    }
    for (var tool : tools.files().entrySet()) {
      Path path = root.resolve(tool.getKey().substring(1));
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          || Files.size(path) != Files.size(tool.getValue())) {
        return false;
      }
    }
    return Files.isDirectory(root.resolve("var/tmp"), LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes what killed processes left; the lock says that none is at work. */
  private static void sweep(Path bases) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(bases, ASIDE + "*")) {
      for (Path tree : left) {
        delete(tree);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault)
          throws IOException {
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
