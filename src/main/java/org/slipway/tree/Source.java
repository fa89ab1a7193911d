package org.slipway.tree;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;

/** Where a tree's commits come from: a mirror of ours, or somebody's repository where it lies. */
sealed interface Source extends AutoCloseable permits Mirror, InPlace {
  Repository repository();

  /** The newest commit, after a look at where it comes from. */
  CommitId fetch() throws IOException;

  /** The newest commit as last seen. */
  Optional<CommitId> head() throws IOException;

  /** How a person knows it: a folder or an url, without a password. */
  String name();

  @Override
  void close();
}
