package org.slipway.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fork of the ports tree: a bare mirror of one branch, or a repository read where it lies, with
 * its commits and pinned checkouts. Safe for several threads.
 */
public final class PortsTree implements AutoCloseable {
  /** Checkouts without users that are kept: what is built now, and a few that jobs come back to. */
  private static final int FREE_CHECKOUTS = 4;

  /** What a ports tree gathers in seven years; walking it takes seconds. */
  private static final int COMMITS_SEARCHED = 50_000;

  private final Source source;
  private final History history;
  private final CheckoutPool pool;

  private PortsTree(Source source, History history, CheckoutPool pool) {
    this.source = source;
    this.history = history;
    this.pool = pool;
  }

  /**
   * A mirror is open once at a time; a second opening is refused.
   *
   * @param url a local folder or anything git fetches from
   * @param mirror HOME/trees/NAME.git, made when absent
   * @param checkouts a folder for pinned trees, made when absent; each mirror has a folder of its
   *     name in it
   */
  public static PortsTree open(String url, String branch, Path mirror, Path checkouts)
      throws IOException {
    String name = String.valueOf(mirror.getFileName()).replaceFirst("\\.git$", "");
    return over(Mirror.open(url, branch, mirror), checkouts.resolve(name));
  }

  /**
   * A repository read where it lies: with files, linked, or bare. Nothing is fetched and nothing
   * written in it, there is no lock, and {@link #fetch} gives what its HEAD is then.
   *
   * @param checkouts the folder for pinned trees, made when absent; no other tree that is open, in
   *     this process or in another, may have the same
   * @throws TreeException where the folder is no repository
   */
  public static PortsTree inPlace(Path repository, Path checkouts) throws IOException {
    return over(InPlace.open(repository), checkouts);
  }

  private static PortsTree over(Source source, Path checkouts) throws IOException {
    try {
      History history = new History(source.repository());
      CheckoutPool pool = new CheckoutPool(
          checkouts.toAbsolutePath().normalize(),
          new TreeWriter(source.repository()),
          history,
          FREE_CHECKOUTS);
      pool.adopt();
      return new PortsTree(source, history, pool);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * Brings the mirror up to date and gives the branch's head. A force-push is taken as it comes.
   *
   * @throws TreeException where the repository cannot be read or has no such branch
   */
  public CommitId fetch() throws IOException {
    return source.fetch();
  }

  /** The branch's head as last fetched, empty before the first fetch. */
  public Optional<CommitId> head() throws IOException {
    return source.head();
  }

  /** One commit; its time is the committer's. */
  public Commit commit(CommitId id) throws IOException {
    return history.commit(id);
  }

  /**
   * The commits that {@code to} has and {@code from} has not, oldest first, at most {@code limit}
   * of the newest; after a force-push {@code from} may be no ancestor. A {@code from} that the
   * mirror does not know counts as none.
   */
  public List<Commit> between(Optional<CommitId> from, CommitId to, int limit) throws IOException {
    return history.between(from, to, limit);
  }

  /**
   * Every path whose content, mode or kind differs between two commits, related or not, sorted. A
   * moved file is one path less and one more. Costs what differs; needs no file's content.
   */
  public List<String> changedPaths(CommitId from, CommitId to) throws IOException {
    return history.changedPaths(from, to);
  }

  /**
   * When each of these folders was last changed by a commit, as its committer's clock said. One walk
   * for all of them through at most 50,000 commits; a folder that none of these touched is left out,
   * as is one whose last change lies behind the beginning of a shallow clone.
   *
   * @param folders relative to the tree's top, without dots and slashes at their ends
   */
  public Map<String, Instant> lastChanges(CommitId newest, Collection<String> folders)
      throws IOException {
    return new LastChanges(source.repository(), folders).before(newest, COMMITS_SEARCHED);
  }

  /**
   * A commit, its first parent, that one's and so on: newest first, at most {@code count}, fewer
   * where the history (or a shallow clone's part of it) begins.
   */
  public List<CommitId> firstParents(CommitId newest, int count) throws IOException {
    return history.firstParents(newest, count);
  }

  /**
   * The commit that a person's words mean: a branch, a tag, an id or its unique beginning of at
   * least 4 digits, HEAD, each with {@code ~N} or {@code ^N} behind it, as in gitrevisions(7). A
   * mirror knows its branch, as last fetched.
   *
   * @throws TreeException where they mean none or more than one, with the names that are near
   */
  public CommitId resolve(String ref) throws IOException {
    return new Revisions(source).resolve(ref);
  }

  /** A pinned tree at this commit; two callers at the same commit share one folder. */
  public Checkout checkout(CommitId id) throws IOException {
    history.require(id);
    return pool.checkout(id);
  }

  @Override
  public void close() {
    source.close();
  }
}
