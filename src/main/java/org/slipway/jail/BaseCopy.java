package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Copies a folder into a base that is being written; hard links stay such. */
final class BaseCopy {
  /** Where a running system has its devices and what its kernel says: no part of a base. */
  private static final Set<String> EMPTY = Set.of("dev", "proc", "sys");

  private final BaseTree tree;
  private final Map<Object, String> linked = new HashMap<>();
  private int left;

  BaseCopy(BaseTree tree) {
    this.tree = tree;
  }

  int leftOut() {
    return left;
  }

  /** @param without paths that stay behind with all that is in them, from the folder's top */
  void copy(Path from, Set<String> without, BaseProgress progress) throws IOException {
    BaseWalk.walk(from, entry -> {
      progress.at("copying " + from, tree.bytes(), 0);
      String above = entry.name();
      while (above.contains("/")) {
        above = above.substring(0, above.lastIndexOf('/'));
        if (without.contains(above) || EMPTY.contains(above)) {
          return;
        }
      }
      if (!without.contains(entry.name())) {
        take(entry);
      }
    });
  }

  private void take(BaseWalk.Entry entry) throws IOException {
    BaseTree.Look look =
        new BaseTree.Look(entry.modeBits(), entry.owner(), entry.group(), entry.changed());
    switch (entry.kind()) {
      case FOLDER -> tree.folder(entry.name(), look);
      case LINK ->
        tree.link(entry.name(), BasePath.target(Files.readSymbolicLink(entry.path())), look);
      case FILE -> {
        boolean shared =
            entry.attributes().get("nlink") instanceof Number links && links.intValue() > 1;
        String known = shared ? linked.putIfAbsent(entry.identity(), entry.name()) : null;
        if (known != null) {
          tree.hardLink(entry.name(), known);
          return;
        }
        try (InputStream in = Files.newInputStream(entry.path(), LinkOption.NOFOLLOW_LINKS)) {
          tree.file(entry.name(), look, in);
        }
      }
      case OTHER -> left++;
    }
  }
}
