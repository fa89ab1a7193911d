package org.slipway.tree;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pinned tree on disk: one commit's files, not to be written, its own until closed. */
public final class Checkout implements AutoCloseable {
  private final CommitId commit;
  private final Path directory;
  private final SortedMap<String, String> omitted;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  Checkout(CommitId commit, Path directory, SortedMap<String, String> omitted, Runnable release) {
    this.commit = commit;
    this.directory = directory;
    this.omitted = Collections.unmodifiableSortedMap(new TreeMap<>(omitted));
    this.release = release;
  }

  public CommitId commit() {
    return commit;
  }

  /** The folder that holds the tree, absolute. */
  public Path directory() {
    return directory;
  }

  /**
   * Paths of the commit that are not on disk, each with the rest of a sentence that starts with it:
   * links that lead out of the tree, names that no file may have, missing objects.
   */
  public SortedMap<String, String> omitted() {
    return omitted;
  }

  /** Gives the folder back to the pool; a second time does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
