package org.slipway.tree;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which paths and links of a commit may be written to disk; a refusal is the end of a sentence that
 * starts with the path.
 */
final class PathRules {
  /**
   * Of a path or a link's target, in UTF-8: well under what every system takes, with room for the
   * place before it.
   */
  static final int PATH_BYTES = 768;

  private static final int NAME_BYTES = 255;

  private PathRules() {}

  static Optional<String> refusal(String path) {
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return Optional.of("is a path that leads elsewhere");
      }
      if (name.equalsIgnoreCase(".git")) {
        return Optional.of("is a path inside .git, which is git's own");
      }
      if (bytes(name) > NAME_BYTES) {
        return Optional.of("has a name of more than " + NAME_BYTES + " bytes");
      }
    }
    if (bytes(path) > PATH_BYTES) {
      return Optional.of("is a path of more than " + PATH_BYTES + " bytes");
    }
    return unwritable(path);
  }

  /**
   * A link's target must stay in the tree. {@code ..} is taken at the start only: the way up from a
   * real folder is certain, but after a name it could lead through another link.
   */
  static Optional<String> linkRefusal(String path, String target) {
    Optional<String> outside = Optional.of("is a symbolic link that leads out of the tree");
    if (target.isEmpty() || target.startsWith("/")) {
      return outside;
    }
    int depth = path.split("/", -1).length - 1;
    List<String> names = List.of(target.split("/", -1));
    int up = 0;
    while (up < names.size() && names.get(up).equals("..")) {
      up++;
    }
    if (up > depth || names.subList(up, names.size()).contains("..")) {
      return outside;
    }
    if (names.stream().anyMatch(name -> name.equalsIgnoreCase(".git"))) {
      return Optional.of("is a symbolic link into .git, which is git's own");
    }
    return unwritable(target);
  }

  private static Optional<String> unwritable(String path) {
    try {
      Path writable = Path.of(path);
      return writable.isAbsolute() ? Optional.of("is an absolute path") : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.of(
          "has letters that this locale cannot write; start the farm with LC_ALL=C.UTF-8");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
