package org.slipway.tree;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * When folders were last changed: one walk through the history for all of them, newest first. A
 * merge changes what it has from none of its parents. A commit at which a shallow clone begins
 * changes nothing, for what it changed cannot be known.
 */
final class LastChanges {
  private final Repository repository;
  private final Set<String> pending;
  private final Map<String, Instant> found = new HashMap<>();
  private TreeFilter filter;

  LastChanges(Repository repository, Collection<String> folders) {
    this.repository = repository;
    this.pending = new HashSet<>(folders);
    this.filter = TreeFilter.ALL;
  }

  /**
   * Looks.
   *
   * @param limit commits that are looked at
   */
  Map<String, Instant> before(CommitId newest, int limit) throws IOException {
    if (pending.isEmpty()) {
      return Map.of();
    }
    refilter();
    Set<ObjectId> shallow = repository.getObjectDatabase().getShallowCommits();
    try (RevWalk walk = new RevWalk(repository)) {
      walk.setRetainBody(false);
      walk.markStart(walk.parseCommit(ObjectId.fromString(newest.hex())));
      for (int looked = 0; looked < limit && !pending.isEmpty(); looked++) {
        RevCommit next = walk.next();
        if (next == null) {
          break;
        }
        if (!shallow.contains(next.getId())) {
          look(walk, next);
        }
      }
    } catch (MissingObjectException e) {
      // A damaged history ends where it is damaged; the commit itself has been read before.
      return found;
    }
    return found;
  }

  /** The walk has read the parents' heads when it gave the commit. */
  private void look(RevWalk commits, RevCommit commit) throws IOException {
    try (TreeWalk walk = new TreeWalk(commits.getObjectReader())) {
      for (RevCommit parent : commit.getParents()) {
        commits.parseHeaders(parent);
        walk.addTree(parent.getTree());
      }
      if (commit.getParentCount() == 0) {
        walk.addTree(new EmptyTreeIterator());
      }
      walk.addTree(commit.getTree());
      walk.setFilter(filter);
      boolean less = false;
      while (walk.next()) {
        String path = walk.getPathString();
        if (pending.contains(path)) {
          if (differsFromAll(walk)) {
            found.put(path, Instant.ofEpochSecond(commit.getCommitTime()));
            less |= pending.remove(path);
          }
        } else if (walk.isSubtree()) {
          walk.enterSubtree();
        }
      }
      if (less && !pending.isEmpty()) {
        refilter();
      }
    }
  }

  private static boolean differsFromAll(TreeWalk walk) {
    int own = walk.getTreeCount() - 1;
    for (int parent = 0; parent < own; parent++) {
      if (walk.idEqual(parent, own)) {
        return false;
      }
    }
    return true;
  }

  private void refilter() {
    filter = AndTreeFilter.create(PathFilterGroup.createFromStrings(pending), TreeFilter.ANY_DIFF);
  }
}
