package org.slipway.tree;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's own repository, read where it lies. It may be in use by git meanwhile; nothing is
 * written in it, and no lock is taken.
 */
final class InPlace implements Source {
  private final Path folder;
  private final Repository repository;

  private InPlace(Path folder, Repository repository) {
    this.folder = folder;
    this.repository = repository;
  }

  /** @param folder the top of a work tree, a linked one too, or a bare repository */
  static InPlace open(Path folder) throws IOException {
    HermeticGit.install();
    Path place = Checkout.realFolder(folder);
    Repository repository;
    try {
      repository = builder(place).build();
    } catch (IOException | RuntimeException e) {
      throw none(place, e);
    }
    try {
      require(place, repository);
      return new InPlace(place, repository);
    } catch (IOException | RuntimeException e) {
      repository.close();
      throw e;
    }
  }

  private static FileRepositoryBuilder builder(Path place) {
    FileRepositoryBuilder builder = new FileRepositoryBuilder().setMustExist(true);
    Path git = place.resolve(Constants.DOT_GIT);
    if (Files.isRegularFile(git)) {
      // A linked work tree: the file says where its git folder is.
      return builder.setWorkTree(new File(place.toString()));
    }
    Path folder = Files.isDirectory(git) ? git : place;
    return builder.setGitDir(new File(folder.toString())).setBare();
  }

  /** JGit is content with any folder that holds one called objects; a ports tree may have one. */
  private static void require(Path place, Repository repository) throws TreeException {
    if (!RepositoryCache.FileKey.isGitRepository(repository.getDirectory(), FS.DETECTED)) {
      throw none(place, null);
    }
    String format = repository.getConfig().getString("extensions", null, "objectFormat");
    if (format != null && !format.equalsIgnoreCase("sha1")) {
      throw new TreeException("the repository " + place + " names its objects by " + format
          + ", and only sha1 can be read; clone it with --object-format=sha1");
    }
  }

  private static TreeException none(Path place, @Nullable Throwable cause) {
    String message =
        place + " is no git repository; give the top folder of a clone, or of a bare repository";
    return cause == null ? new TreeException(message) : new TreeException(message, cause);
  }

  @Override
  public Repository repository() {
    return repository;
  }

  /** HEAD: there is nothing to fetch from. */
  @Override
  public CommitId fetch() throws IOException {
    return head()
        .orElseThrow(() -> new TreeException(
            "the repository " + folder + " has no commit at HEAD yet; commit something first"));
  }

  @Override
  public Optional<CommitId> head() throws IOException {
    Ref head;
    try {
      head = repository.exactRef(Constants.HEAD);
    } catch (IOException e) {
      // The fault's own message quotes the file that HEAD leads to, whatever that is.
      throw new TreeException("HEAD cannot be read in " + folder + "; run git fsck there", e);
    }
    ObjectId id = head == null ? null : head.getObjectId();
    return id == null ? Optional.empty() : Optional.of(new CommitId(id.name()));
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public void close() {
    repository.close();
  }
}
