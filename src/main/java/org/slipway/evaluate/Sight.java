package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.jail.Base;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;

/** Looks at places: what is there now, in one word that can be compared. */
final class Sight {
  private static final String NOTHING = "-";
  private static final String FILE = "file";
  private static final String FOLDER = "folder";

  /** Some file systems keep times to two seconds. */
  private static final long GRAIN_MILLIS = 2_000;

  /** As many as Linux and FreeBSD follow in one path, rounded up. */
  private static final int MOST_LINKS = 40;

  private static final long SMALL_BYTES = 1 << 16;

  private final TreeFiles tree;
  private final Optional<FileTime> writtenSince;
  private final Target target;
  private final Map<String, String> options = new HashMap<>();
  private final String all;
  private final Map<String, Boolean> linked = new HashMap<>();
  private String around = "";

  /** In lower case, of the folder around; null where they are not known. */
  private @Nullable Set<String> names;

  private boolean listed;

  /** @param all names the sources as a whole, different at each other state of them */
  Sight(TreeFiles tree, EvaluationRequest request, String all) {
    writtenSince = tree.isEdited()
        ? Optional.of(FileTime.fromMillis(System.currentTimeMillis() - GRAIN_MILLIS))
        : Optional.empty();
    this.tree = tree;
    this.target = request.target();
    this.all = all;
    for (Origin origin : request.options().keySet()) {
      String name = Layer.optionsName(origin);
      options.put(name, Digest.of(request.optionText(name)).hex());
    }
  }

  /**
   * Says that places of this folder are looked at now, one after the other: its names are read
   * once, which is less than to look for each of the many that are not there.
   *
   * @param folder as a jail sees it
   */
  void around(String folder) {
    around = folder;
    names = null;
    listed = false;
  }

  /** Brings a place up to date where it is not, and gives what is there. */
  String look(Place place) throws IOException {
    String known = place.now();
    if (known == null && isMissing(place)) {
      known = NOTHING;
      place.see(known, false);
    } else if (known == null) {
      known = what(place);
      place.see(known, place.kind() != Place.Kind.OPTIONS && leadsOverLinks(place.path()));
    }
    return known;
  }

  /** Whether the folder around, which no link leads to, has no such name. */
  private boolean isMissing(Place place) {
    String path = place.path();
    int slash = path.lastIndexOf('/');
    if ((place.kind() != Place.Kind.PRESENCE && place.kind() != Place.Kind.CONTENT)
        || slash != around.length()
        || !path.startsWith(around)) {
      return false;
    }
    if (!listed) {
      names = list(around);
      listed = true;
    }
    // What no system writes in another way: some take upper case for lower case.
    String name = path.substring(slash + 1);
    return names != null
        && !names.contains(name.toLowerCase(Locale.ROOT))
        && name.chars().allMatch(letter -> letter > ' ' && letter < 127);
  }

  private @Nullable Set<String> list(String folder) {
    for (TreeFiles.Root root : tree.roots()) {
      Optional<String> relative = root.relative(folder);
      if (relative.isPresent()) {
        Path top = root.checkout().directory();
        String[] found = isLinked(top, relative.get())
            ? null
            : top.resolve(relative.get()).toFile().list();
        if (found == null) {
          return null;
        }
        Set<String> all = new HashSet<>();
        for (String name : found) {
          all.add(name.toLowerCase(Locale.ROOT));
        }
        return all;
      }
    }
    return null;
  }

  private String what(Place place) throws IOException {
    return switch (place.kind()) {
      case ALL -> all;
      case OPTIONS -> options.getOrDefault(place.path(), NOTHING);
      case PRESENCE -> presence(place.path());
      case CONTENT -> content(place.path());
      case FOLDER -> folder(place.path());
    };
  }

  private Optional<Path> find(String path) throws IOException {
    return tree.holds(path) ? tree.find(path) : ofBase(path);
  }

  /** A base is another one when its name is; only what is there or not may differ on one host. */
  private Optional<Path> ofBase(String path) {
    if (target.base() instanceof Base.Directory base) {
      return inside(base.root(), path);
    }
    Path place = Path.of(path);
    return Files.exists(place) ? Optional.of(place) : Optional.empty();
  }

  /**
   * What a process means by a path whose root is that folder: a base is somebody's, and its links
   * must not make this host's files answer for its own. What cannot be looked at is not there.
   */
  private static Optional<Path> inside(Path root, String path) {
    Deque<String> rest = new ArrayDeque<>();
    push(rest, path);
    Path at = root;
    boolean folder = true;
    int links = 0;
    try {
      while (!rest.isEmpty()) {
        String name = rest.pop();
        if (!folder) {
          // What still follows, if only a slash, asks for a folder.
          return Optional.empty();
        }
        if (name.equals("..")) {
          Path above = at.getParent();
          at = at.equals(root) || above == null ? root : above;
        } else if (!name.isEmpty() && !name.equals(".")) {
          Path next = at.resolve(name);
          BasicFileAttributes kind =
              Files.readAttributes(next, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          if (kind.isSymbolicLink()) {
            String led = Files.readSymbolicLink(next).toString();
            if (++links > MOST_LINKS || led.isEmpty()) {
              return Optional.empty();
            }
            at = led.startsWith("/") ? root : at;
            push(rest, led);
          } else {
            at = next;
            folder = kind.isDirectory();
          }
        }
      }
      return Optional.of(at);
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static void push(Deque<String> rest, String path) {
    String[] names = path.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      rest.push(names[i]);
    }
  }

  private String presence(String path) throws IOException {
    Optional<Path> found = find(path);
    if (found.isEmpty()) {
      return NOTHING;
    }
    return Files.isDirectory(found.get()) ? FOLDER : FILE;
  }

  private String content(String path) throws IOException {
    if (!tree.holds(path)) {
      return presence(path);
    }
    Optional<Path> found = find(path).filter(Files::isRegularFile);
    if (found.isEmpty()) {
      return NOTHING;
    }
    // Perhaps make read the file before somebody wrote it, or the other way round.
    return writtenSince.isPresent()
            && Files.getLastModifiedTime(found.get()).compareTo(writtenSince.get()) > 0
        ? UUID.randomUUID().toString()
        : bytes(found.get());
  }

  private String folder(String path) throws IOException {
    Optional<String> id = tree.folderId(path);
    if (id.isPresent()) {
      return "tree " + id.get();
    }
    Optional<Path> found = find(path);
    if (found.isEmpty()) {
      return NOTHING;
    }
    return Files.isDirectory(found.get()) ? digest(found.get()).hex() : entry(found.get());
  }

  /** Over every file: name, kind and mode, content. */
  static Digest digest(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
    StringBuilder entries = new StringBuilder();
    for (Path file : files) {
      entries.append(folder.relativize(file)).append('\0').append(entry(file)).append('\0');
    }
    return Digest.of(entries.toString());
  }

  private static String entry(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "link " + Files.readSymbolicLink(file);
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      // A pipe would be waited for.
      return "neither file nor folder";
    }
    boolean program = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
        .contains(PosixFilePermission.OWNER_EXECUTE);
    return (program ? "program " : "file ") + bytes(file);
  }

  /** Of a regular file. */
  private static String bytes(Path file) throws IOException {
    try {
      // Nearly all are small, and a buffer for each would be larger than they are.
      return (Files.size(file) <= SMALL_BYTES
              ? Digest.of(Files.readAllBytes(file))
              : Digest.of(file))
          .hex();
    } catch (NoSuchFileException e) {
      return NOTHING;
    } catch (AccessDeniedException e) {
      return "not readable";
    }
  }

  private boolean leadsOverLinks(String path) {
    for (TreeFiles.Root root : tree.roots()) {
      Optional<String> relative = root.relative(path);
      if (relative.isPresent()) {
        return isLinked(root.checkout().directory(), relative.get());
      }
    }
    return false;
  }

  private boolean isLinked(Path top, String relative) {
    if (relative.isEmpty()) {
      return false;
    }
    Path path = top.resolve(relative);
    if (Files.isSymbolicLink(path)) {
      return true;
    }
    int slash = relative.lastIndexOf('/');
    if (slash < 0) {
      return false;
    }
    String parent = relative.substring(0, slash);
    Boolean known = linked.get(top + "/" + parent);
    if (known == null) {
      known = isLinked(top, parent);
      linked.put(top + "/" + parent, known);
    }
    return known;
  }
}
