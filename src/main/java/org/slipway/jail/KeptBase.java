package org.slipway.jail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A base that is kept below HOME/bases.
 *
 * @param folder HOME/bases/NAME; the system itself is in {@code root} below it, on ZFS with the
 *     snapshot {@code clean}
 * @param base what jails are made of
 * @param id what it is by its content; nothing for the host's own system, whose content nobody
 *     keeps
 * @param source what it was made from, in words
 * @param sizeBytes of all its files
 * @param paths files, folders and links
 * @param owners whether its files belong to whom the source says; where an ordinary user made it,
 *     they are all that user's
 */
public record KeptBase(
    BaseName name,
    Path folder,
    Base base,
    Optional<BaseId> id,
    String source,
    Instant created,
    long sizeBytes,
    long paths,
    boolean owners) {

  private static final int MOST_LINKS = 40;

  /** A list of its paths, as {@code tar -tf} writes it; nothing for the host's own system. */
  public Optional<Path> pathList() {
    return id.map(any -> folder.resolve("paths"));
  }

  /**
   * Where its shell is on this host, links followed inside the base; nothing where it has none.
   *
   * @param root a base's root folder
   */
  public static Optional<Path> shell(Path root) {
    Path at = root.resolve("bin/sh");
    for (int i = 0; i < MOST_LINKS; i++) {
      Optional<Path> link = firstLink(root, at);
      if (link.isEmpty()) {
        return Files.isRegularFile(at) ? Optional.of(at) : Optional.empty();
      }
      Path target;
      try {
        target = Files.readSymbolicLink(link.get());
      } catch (java.io.IOException e) {
        return Optional.empty();
      }
      Path led = target.isAbsolute()
          ? root.resolve(Path.of("/").relativize(target))
          : link.get().resolveSibling(target);
      at = led.resolve(link.get().relativize(at)).normalize();
      if (!at.startsWith(root)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> firstLink(Path root, Path path) {
    Path at = root;
    for (Path step : root.relativize(path)) {
      at = at.resolve(step);
      if (Files.isSymbolicLink(at)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }
}
