package org.slipway.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/** A git repository with files that a person edits and commits: what the sample fork is kept in. */
public final class WorkingTree implements AutoCloseable {
  private final Git git;

  private WorkingTree(Git git) {
    this.git = git;
  }

  /** Makes an empty repository in a folder that may hold files already. */
  public static WorkingTree create(Path folder, String branch) throws IOException {
    HermeticGit.install();
    try {
      return new WorkingTree(
          Git.init().setDirectory(folder.toFile()).setInitialBranch(branch).call());
    } catch (GitAPIException e) {
      throw new TreeException(
          "no git repository could be made in " + folder + ": " + e.getMessage(), e);
    }
  }

  public static WorkingTree open(Path folder) throws IOException {
    HermeticGit.install();
    return new WorkingTree(Git.open(folder.toFile()));
  }

  /** Commits all that is new, changed or gone in the folder. */
  public CommitId commitAll(String author, String email, String message, Instant at)
      throws IOException {
    try {
      git.add().addFilepattern(".").call();
      git.add().addFilepattern(".").setUpdate(true).call();
      PersonIdent person = new PersonIdent(author, email, at, ZoneOffset.UTC);
      RevCommit commit = git.commit()
          .setAuthor(person)
          .setCommitter(person)
          .setMessage(message)
          .setSign(false)
          .call();
      return new CommitId(commit.name());
    } catch (GitAPIException e) {
      throw new TreeException(
          "the change could not be committed in " + git.getRepository().getDirectory() + ": "
              + e.getMessage(),
          e);
    }
  }

  /** How many commits its branch has. */
  public int commits() throws IOException {
    if (git.getRepository().resolve("HEAD") == null) {
      return 0;
    }
    int count = 0;
    try {
      for (RevCommit each : git.log().call()) {
        count += each.name().isEmpty() ? 0 : 1;
      }
      return count;
    } catch (GitAPIException e) {
      throw new TreeException("the commits could not be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    git.close();
  }
}
