package org.slipway.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A fork of the ports tree: a bare mirror of one branch, its commits, and pinned checkouts. Safe
 * for several threads.
 */
public final class PortsTree implements AutoCloseable {
  /** Checkouts without users that are kept: what is built now, and a few that jobs come back to. */
  private static final int FREE_CHECKOUTS = 4;

  private final Mirror mirror;
  private final History history;
  private final CheckoutPool pool;

  private PortsTree(Mirror mirror, History history, CheckoutPool pool) {
    this.mirror = mirror;
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
    Mirror opened = Mirror.open(url, branch, mirror);
    try {
      History history = new History(opened.repository());
      String name = String.valueOf(mirror.getFileName()).replaceFirst("\\.git$", "");
      CheckoutPool pool = new CheckoutPool(
          checkouts.toAbsolutePath().normalize().resolve(name),
          new TreeWriter(opened.repository()),
          FREE_CHECKOUTS);
      pool.adopt(history);
      return new PortsTree(opened, history, pool);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Brings the mirror up to date and gives the branch's head. A force-push is taken as it comes.
   *
   * @throws TreeException where the repository cannot be read or has no such branch
   */
  public CommitId fetch() throws IOException {
    return mirror.fetch();
  }

  /** The branch's head as last fetched, empty before the first fetch. */
  public Optional<CommitId> head() throws IOException {
    return mirror.head();
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

  /** A pinned tree at this commit; two callers at the same commit share one folder. */
  public Checkout checkout(CommitId id) throws IOException {
    history.require(id);
    return pool.checkout(id);
  }

  @Override
  public void close() {
    mirror.close();
  }
}
