package org.slipway.tree;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A commit of the fork. Author, message and paths are hostile text.
 *
 * @param parent the first parent, absent for a root commit
 * @param changedPaths relative to the tree's top, against the first parent, sorted
 */
public record Commit(
    CommitId id,
    Optional<CommitId> parent,
    String author,
    String email,
    Instant time,
    String message,
    List<String> changedPaths) {
  public Commit {
    changedPaths = List.copyOf(changedPaths);
  }

  /** The message's first line. */
  public String subject() {
    return message.lines().findFirst().orElse("");
  }
}
