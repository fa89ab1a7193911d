package org.slipway.tree;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/** What a commit knows of its files without looking at them. Safe for several threads. */
final class CommitTree {
  private final Repository repository;
  private final History history;
  private final CommitId commit;

  /** By folder, the ids of the folders in it. */
  private final Map<String, Map<String, ObjectId>> folders = new HashMap<>();

  CommitTree(Repository repository, History history, CommitId commit) {
    this.repository = repository;
    this.history = history;
    this.commit = commit;
  }

  Optional<List<String>> changedSince(CommitId earlier) throws IOException {
    return history.has(earlier)
        ? Optional.of(history.changedPaths(earlier, commit))
        : Optional.empty();
  }

  /** A folder's tree object; empty where the commit has no such folder. */
  synchronized Optional<String> folderId(String path) throws IOException {
    return id(path).map(ObjectId::name);
  }

  private Optional<ObjectId> id(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    String parent = slash < 0 ? "" : path.substring(0, slash);
    Map<String, ObjectId> siblings = folders.get(parent);
    if (siblings == null) {
      Optional<ObjectId> above = parent.isEmpty() ? Optional.of(root()) : id(parent);
      siblings = above.isEmpty() ? Map.of() : folders(above.get());
      folders.put(parent, siblings);
    }
    return Optional.ofNullable(siblings.get(path.substring(slash + 1)));
  }

  private ObjectId root() throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(ObjectId.fromString(commit.hex())).getTree().copy();
    }
  }

  private Map<String, ObjectId> folders(ObjectId tree) throws IOException {
    Map<String, ObjectId> found = new HashMap<>();
    try (ObjectReader reader = repository.newObjectReader()) {
      CanonicalTreeParser entries = new CanonicalTreeParser();
      for (entries.reset(reader, tree); !entries.eof(); entries.next()) {
        if (FileMode.TREE.equals(entries.getEntryRawMode())) {
          found.put(entries.getEntryPathString(), entries.getEntryObjectId());
        }
      }
    }
    return found;
  }
}
