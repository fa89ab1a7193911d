package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
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

  private final TreeFiles tree;
  private final Optional<FileTime> writtenSince;
  private final Target target;
  private final Map<String, String> options = new HashMap<>();
  private final String all;
  private final Map<String, Boolean> linked = new HashMap<>();

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

  /** Brings a place up to date where it is not, and gives what is there. */
  String look(Place place) throws IOException {
    String known = place.now();
    if (known == null) {
      known = what(place);
      place.see(known, place.kind() != Place.Kind.OPTIONS && leadsOverLinks(place.path()));
    }
    return known;
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
    Path place = target.base() instanceof Base.Directory base
        ? base.root().resolve(path.substring(1))
        : Path.of(path);
    return Files.exists(place) ? Optional.of(place) : Optional.empty();
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
      return Digest.of(file).hex();
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
