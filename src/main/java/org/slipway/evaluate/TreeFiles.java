package org.slipway.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.jail.Mount;
import org.slipway.packages.Origin;
import org.slipway.tree.Checkout;

/**
 * The sources' files as the farm itself reads them: by the paths that a jail sees, and never out of
 * a tree.
 */
final class TreeFiles {
  /** Where a tree may keep kit files of its own, which count before the program's. */
  static final String OWN_KIT = ".slipway/kit";

  static final String OVERLAYS = "/overlays/";

  /** A tree and where a jail sees it. */
  record Root(String seen, Checkout checkout) {
    /** The path relative to the root, empty where it lies elsewhere. */
    Optional<String> relative(String path) {
      if (path.equals(seen)) {
        return Optional.of("");
      }
      return path.startsWith(seen + "/")
          ? Optional.of(path.substring(seen.length() + 1))
          : Optional.empty();
    }
  }

  private final List<Root> roots;
  private final List<String> kitFolders;
  private final Map<String, Boolean> ports;

  /** Which categories are links. */
  private final Map<Path, Boolean> linked = new HashMap<>();

  TreeFiles(Sources sources) throws IOException {
    this(sources, new HashMap<>());
  }

  /** @param ports which folders, as a jail sees them, are ports, as far as that is known; is added to */
  TreeFiles(Sources sources, Map<String, Boolean> ports) throws IOException {
    this.ports = ports;
    List<Root> all = new ArrayList<>();
    for (Sources.Overlay overlay : sources.overlays()) {
      all.add(new Root(OVERLAYS + overlay.name(), overlay.checkout()));
    }
    all.add(new Root(Evaluator.TREE, sources.tree()));
    roots = List.copyOf(all);
    List<String> kits = new ArrayList<>();
    for (Root root : roots) {
      if (root.checkout().resolve(OWN_KIT).filter(Files::isDirectory).isPresent()) {
        kits.add(root.seen() + "/" + OWN_KIT);
      }
    }
    kitFolders = List.copyOf(kits);
  }

  /** The overlays in order, then the tree. */
  List<Root> roots() {
    return roots;
  }

  List<String> overlays() {
    return roots.subList(0, roots.size() - 1).stream().map(Root::seen).toList();
  }

  /** Whether some of the files may be written while they are read. */
  boolean isEdited() {
    return roots.stream().anyMatch(root -> root.checkout().commit().isEmpty());
  }

  /** Kit folders that the sources bring, as a jail sees them. */
  List<String> kitFolders() {
    return kitFolders;
  }

  List<Mount> mounts() {
    return roots.stream()
        .map(root -> new Mount(root.checkout().directory(), root.seen(), false))
        .toList();
  }

  /** Whether a path as a jail sees it lies in one of the trees. */
  boolean holds(String path) {
    return roots.stream().anyMatch(root -> root.relative(path).isPresent());
  }

  boolean isTop(String path) {
    return roots.stream().anyMatch(root -> root.seen().equals(path));
  }

  /** The file or folder on disk, links followed but never out of its tree. */
  Optional<Path> find(String path) throws IOException {
    for (Root root : roots) {
      Optional<String> relative = root.relative(path);
      if (relative.isPresent()) {
        return root.checkout().resolve(relative.get());
      }
    }
    return Optional.empty();
  }

  /** A folder's id in git, where its tree is a commit's; see {@link Checkout#folderId}. */
  Optional<String> folderId(String path) throws IOException {
    for (Root root : roots) {
      Optional<String> relative = root.relative(path);
      if (relative.isPresent()) {
        return relative.get().isEmpty()
            ? Optional.empty()
            : root.checkout().folderId(relative.get());
      }
    }
    return Optional.empty();
  }

  /** Why there is no port at this place, empty where there is one. */
  Optional<String> absence(Origin origin) {
    return root(origin).isPresent()
        ? Optional.empty()
        : Optional.of(
            isLinked(origin)
                ? origin + " is a symbolic link in the tree; a port is a folder"
                : origin + " is not in the tree" + (roots.size() > 1 ? ", nor in an overlay" : ""));
  }

  /** The port's folder as a jail sees it: the first overlay's that has it, else the tree's. */
  Optional<String> folder(Origin origin) {
    return root(origin).map(root -> root.seen() + "/" + origin);
  }

  private Optional<Root> root(Origin origin) {
    return roots.stream().filter(root -> isPort(root, origin)).findFirst();
  }

  private boolean isPort(Root root, Origin origin) {
    return ports.computeIfAbsent(root.seen() + "/" + origin, folder -> {
      Path category = root.checkout().directory().resolve(origin.category());
      Path port = category.resolve(origin.name());
      return Files.isRegularFile(port.resolve("Makefile"))
          && !Files.isSymbolicLink(port)
          && !linked.computeIfAbsent(category, Files::isSymbolicLink);
    });
  }

  private boolean isLinked(Origin origin) {
    Path directory = roots.get(roots.size() - 1).checkout().directory();
    return Files.isSymbolicLink(directory.resolve(origin.category()))
        || Files.isSymbolicLink(directory.resolve(origin.toString()));
  }

  /**
   * The folder of the port that a path of a jail lies in or is, as a jail sees it; empty where it
   * lies in none.
   */
  Optional<String> portFolder(String path) {
    for (Root root : roots) {
      Optional<String> relative = root.relative(path);
      if (relative.isPresent()) {
        String[] names = relative.get().split("/", 3);
        try {
          return names.length < 2 || !isPort(root, new Origin(names[0], names[1]))
              ? Optional.empty()
              : Optional.of(root.seen() + "/" + names[0] + "/" + names[1]);
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a path as a jail sees it is below a place where trees are seen. */
  static boolean isOfSources(String path) {
    return path.startsWith(Evaluator.TREE + "/") || path.startsWith(OVERLAYS);
  }

  /**
   * A path of a jail as people know it: relative to the tree's top; what lies in an overlay starts
   * with {@code overlays/NAME}.
   */
  static String shown(String path) {
    String tree = Evaluator.TREE + "/";
    return path.startsWith(tree) ? path.substring(tree.length()) : path.substring(1);
  }

  /** A folder of one of the trees, which is not reached through a link. */
  boolean isFolder(Root root, String name) {
    return Files.isDirectory(root.checkout().directory().resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * A text file's lines, none where there is no such file. Bytes that are no UTF-8 become question
   * marks.
   */
  static List<String> lines(Root root, String name) throws IOException {
    Optional<Path> file = root.checkout().resolve(name).filter(Files::isRegularFile);
    return file.isEmpty()
        ? List.of()
        : new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8)
            .lines()
            .toList();
  }
}
