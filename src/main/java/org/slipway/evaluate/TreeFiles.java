package org.slipway.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;

/** The checkout's files as the farm itself reads them: never through a link. */
final class TreeFiles {
  private final Path top;
  private final Map<String, Digest> digests = new ConcurrentHashMap<>();

  TreeFiles(Path top) {
    this.top = top;
  }

  /** Why there is no port at this place, empty where there is one. */
  Optional<String> absence(Origin origin) {
    Path category = top.resolve(origin.category());
    Path port = category.resolve(origin.name());
    if (Files.isSymbolicLink(category) || Files.isSymbolicLink(port)) {
      return Optional.of(origin + " is a symbolic link in the tree; a port is a folder");
    }
    return Files.isRegularFile(port.resolve("Makefile"))
        ? Optional.empty()
        : Optional.of(origin + " is not in the tree");
  }

  boolean isPort(String folder) {
    try {
      return absence(Origin.parse(folder)).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  boolean isFolder(String name) {
    return Files.isDirectory(top.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * A text file's lines, none where there is no such file. Bytes that are no UTF-8 become question
   * marks.
   */
  List<String> lines(String name) throws IOException {
    Path file = top.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  /** Over every file of these folders: name, kind and mode, content. */
  Digest digest(List<String> folders) throws IOException {
    MessageDigest all = Digest.sha256();
    for (String folder : folders) {
      Digest one = digests.get(folder);
      if (one == null) {
        one = digest(top.resolve(folder));
        digests.put(folder, one);
      }
      // The folder's own name is left out: a port that moved and is otherwise the same has other
      // variables anyway.
      all.update(HexFormat.of().parseHex(one.hex()));
    }
    return new Digest(HexFormat.of().formatHex(all.digest()));
  }

  private static Digest digest(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
    List<String> entries = new ArrayList<>();
    for (Path file : files) {
      String name = folder.relativize(file).toString();
      entries.add(name + "\0" + entry(file) + "\0");
    }
    return Digest.of(String.join("", entries));
  }

  private static String entry(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "link " + Files.readSymbolicLink(file);
    }
    boolean program = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
        .contains(PosixFilePermission.OWNER_EXECUTE);
    return (program ? "program " : "file ") + Digest.of(file);
  }
}
