package org.slipway.jail;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The farm's own layers of roots, which no command can write to: roots that look the same share one, so that it is not written
 * some fifty files at a time for each. A layer is named by all that goes into it, files of the host by their times.
 */
final class Lowers {
  /** Different ones at most. */
  private static final int MOST = 200;

  private static final String NAME = "lower-";

  private final Path folder;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /**
   * @param folder whose other content is the farm's too
   */
  Lowers(Path folder) {
    this.folder = folder;
  }

  /** Where the layer of such a root is, or has to be made; empty where its root has one of its own. */
  Optional<Path> of(JailSpec spec) throws IOException {
    StringBuilder all = new StringBuilder(spec.base().toString());
    for (Tmpfs part : spec.tmpfs()) {
      all.append("\nmemory ").append(part.target());
    }
    for (Mount mount : spec.mounts()) {
      all.append(Files.isRegularFile(mount.source()) ? "\nfile " : "\nfolder ")
          .append(mount.writable())
          .append(mount.target());
    }
    for (Path source : Skeleton.sources(spec)) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(source, BasicFileAttributes.class);
        all.append('\n').append(source).append(attributes.lastModifiedTime());
        all.append(' ').append(attributes.size());
      } catch (IOException e) {
        all.append("\nno ").append(source);
      }
    }
    String name = NAME + digest(all.toString());
    if (!known.contains(name) && known.size() >= MOST) {
      return Optional.empty();
    }
    known.add(name);
    return Optional.of(folder.resolve(name));
  }

  /** Puts a finished layer in its place; where another was quicker, this one is left and goes with its root. */
  static void keep(Path fresh, Path place) throws IOException {
    try {
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  /** Removes all of them, when no root is there any more. */
  static void sweep(Path folder) throws IOException {
    try (var old = Files.newDirectoryStream(folder, NAME + "*")) {
      for (Path layer : old) {
        Root.delete(layer);
      }
    } catch (NoSuchFileException e) {
      // There was none.
    }
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, digest).toString(36).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
