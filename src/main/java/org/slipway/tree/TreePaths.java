package org.slipway.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows names and links inside a tree as a kernel does (path_resolution(7)), but never out of it.
 * Real folders are remembered: a name in one that is known costs one look.
 */
final class TreePaths {
  private static final int LINKS = 40;

  /** A path's and a name's longest, in bytes: what the systems that we run on have at most. */
  private static final int PATH_BYTES = 4096;

  private static final int NAME_BYTES = 255;

  /** Under what every system takes; beyond it a refusal may be about the length only. */
  private static final int CERTAIN_BYTES = 1000;

  private enum Kind {
    FOLDER,
    FILE,
    LINK,
    ABSENT
  }

  private final Path top;

  // Of folders that are there, so never more than the tree has.
  private final Set<String> folders = ConcurrentHashMap.newKeySet();

  TreePaths(Path top) {
    this.top = top;
  }

  Optional<Path> resolve(String path) throws IOException {
    if (path.isEmpty() || path.length() >= PATH_BYTES || path.startsWith("/")) {
      return Optional.empty();
    }
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    if (!name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && (slash < 0 || folders.contains(path.substring(0, slash)))) {
      switch (kind(path, name)) {
        case FILE, FOLDER -> {
          return Optional.of(top.resolve(path));
        }
        case ABSENT -> {
          return Optional.empty();
        }
        case LINK -> {}
      }
    }
    return walk(path);
  }

  private Optional<Path> walk(String path) throws IOException {
    Deque<String> rest = new ArrayDeque<>();
    push(rest, path);
    String here = "";
    int links = 0;
    while (!rest.isEmpty()) {
      String name = rest.pop();
      if (name.equals("..")) {
        if (here.isEmpty()) {
          return Optional.empty();
        }
        here = here.substring(0, Math.max(0, here.lastIndexOf('/')));
      } else if (!name.isEmpty() && !name.equals(".")) {
        String next = here.isEmpty() ? name : here + "/" + name;
        switch (kind(next, name)) {
          case FOLDER -> here = next;
          case FILE -> {
            // What still follows, if only a slash, asks for a folder.
            return rest.isEmpty() ? Optional.of(top.resolve(next)) : Optional.empty();
          }
          case LINK -> {
            String target = Files.readSymbolicLink(top.resolve(next)).toString();
            if (++links > LINKS || target.isEmpty() || target.startsWith("/")) {
              return Optional.empty();
            }
            push(rest, target);
          }
          case ABSENT -> {
            return Optional.empty();
          }
        }
      }
    }
    return Optional.of(here.isEmpty() ? top : top.resolve(here));
  }

  private static void push(Deque<String> rest, String path) {
    String[] names = path.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      rest.push(names[i]);
    }
  }

  /** @param path below real folders only */
  private Kind kind(String path, String name) throws IOException {
    if (folders.contains(path)) {
      return Kind.FOLDER;
    }
    Path place;
    BasicFileAttributes attributes;
    try {
      place = top.resolve(path);
      attributes =
          Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException | AccessDeniedException | InvalidPathException e) {
      return Kind.ABSENT;
    } catch (FileSystemException e) {
      if (bytes(name) > NAME_BYTES || bytes(top + "/" + path) > CERTAIN_BYTES) {
        return Kind.ABSENT;
      }
      throw e;
    }
    if (attributes.isDirectory()) {
      folders.add(path);
      return Kind.FOLDER;
    }
    if (attributes.isSymbolicLink()) {
      return Kind.LINK;
    }
    return attributes.isRegularFile() ? Kind.FILE : Kind.ABSENT;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
