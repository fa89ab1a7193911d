package org.slipway.tree;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.eclipse.jgit.util.RawParseUtils;

/** The mirror's commits as values. */
final class History {
  /** Longer messages are cut: they are shown to people and kept in a database. */
  private static final int MESSAGE_CHARACTERS = 32_768;

  private final Repository repository;

  History(Repository repository) {
    this.repository = repository;
  }

  Commit commit(CommitId id) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return read(walk, parse(walk, id));
    } catch (MissingObjectException e) {
      throw missing(id, e);
    }
  }

  List<Commit> between(Optional<CommitId> from, CommitId to, int limit) throws IOException {
    List<RevCommit> newestFirst = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository)) {
      walk.markStart(parse(walk, to));
      if (from.isPresent() && has(from.get())) {
        walk.markUninteresting(parse(walk, from.get()));
      }
      while (newestFirst.size() < limit) {
        RevCommit next = walk.next();
        if (next == null) {
          break;
        }
        newestFirst.add(next);
      }
    } catch (MissingObjectException e) {
      throw missing(to, e);
    }
    Collections.reverse(newestFirst);
    List<Commit> commits = new ArrayList<>();
    // The first walk has seen the parents in its own way; this one reads all of them afresh.
    try (RevWalk walk = new RevWalk(repository)) {
      for (RevCommit commit : newestFirst) {
        RevCommit fresh = walk.parseCommit(commit.copy());
        walk.parseBody(fresh);
        commits.add(read(walk, fresh));
        fresh.disposeBody();
      }
    } catch (MissingObjectException e) {
      throw missing(to, e);
    }
    return commits;
  }

  /** Against each other, whatever lies between them. */
  List<String> changedPaths(CommitId from, CommitId to) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return changedPaths(walk.getObjectReader(), Optional.of(parse(walk, from)), parse(walk, to));
    } catch (MissingObjectException e) {
      throw missing(to, e);
    }
  }

  List<CommitId> firstParents(CommitId newest, int count) throws IOException {
    if (count < 0) {
      throw new IllegalArgumentException(count + " commits cannot be listed; ask for 0 or more");
    }
    List<CommitId> chain = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit commit = parse(walk, newest);
      while (chain.size() < count) {
        chain.add(new CommitId(commit.name()));
        if (commit.getParentCount() == 0) {
          break;
        }
        commit = walk.parseCommit(commit.getParent(0));
      }
    } catch (MissingObjectException e) {
      throw missing(newest, e);
    }
    return chain;
  }

  /** Refuses what is no commit of the mirror. */
  void require(CommitId id) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      parse(walk, id);
    } catch (MissingObjectException e) {
      throw missing(id, e);
    }
  }

  boolean has(CommitId id) throws IOException {
    return repository.getObjectDatabase().has(ObjectId.fromString(id.hex()));
  }

  static TreeException missing(CommitId commit, MissingObjectException fault) {
    return new TreeException(
        "the repository lacks object " + fault.getObjectId().name() + ", which commit "
            + commit.abbreviated()
            + " needs; fetch again, or run git fsck in the repository it came from",
        fault);
  }

  private static RevCommit parse(RevWalk walk, CommitId id) throws IOException {
    try {
      return walk.parseCommit(ObjectId.fromString(id.hex()));
    } catch (IncorrectObjectTypeException e) {
      throw new TreeException(id + " is an object of the tree, but no commit", e);
    }
  }

  private Commit read(RevWalk walk, RevCommit commit) throws IOException {
    Optional<RevCommit> parent = commit.getParentCount() == 0
        ? Optional.empty()
        : Optional.of(walk.parseCommit(commit.getParent(0)));
    String author = authorLine(commit);
    int open = author.indexOf('<');
    int close = author.indexOf('>', open + 1);
    boolean whole = open >= 0 && close >= 0;
    String message = commit.getFullMessage();
    return new Commit(
        new CommitId(commit.name()),
        parent.map(RevCommit::name).map(CommitId::new),
        (whole ? author.substring(0, open) : author).strip(),
        whole ? author.substring(open + 1, close).strip() : "",
        Instant.ofEpochSecond(commit.getCommitTime()),
        message.substring(0, Math.min(message.length(), MESSAGE_CHARACTERS)),
        changedPaths(walk.getObjectReader(), parent, commit));
  }

  /**
   * The author's line as it stands: JGit's own reading of it fails where a strange tool wrote the
   * time.
   */
  private static String authorLine(RevCommit commit) {
    byte[] raw = commit.getRawBuffer();
    int start = RawParseUtils.author(raw, 0);
    if (start < 0) {
      return "";
    }
    return RawParseUtils.decode(raw, start, RawParseUtils.nextLF(raw, start)).stripTrailing();
  }

  /** No rename detection: a moved file is one path less and one more. */
  private static List<String> changedPaths(
      ObjectReader reader, Optional<RevCommit> parent, RevCommit commit) throws IOException {
    List<String> paths = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      if (parent.isPresent()) {
        walk.addTree(parent.get().getTree());
      } else {
        walk.addTree(new EmptyTreeIterator());
      }
      walk.addTree(commit.getTree());
      walk.setRecursive(true);
      walk.setFilter(TreeFilter.ANY_DIFF);
      while (walk.next()) {
        paths.add(walk.getPathString());
      }
    }
    Collections.sort(paths);
    return paths;
  }
}
