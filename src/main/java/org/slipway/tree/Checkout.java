package org.slipway.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A tree on disk, not to be written: one commit's files, its own until closed, or somebody's folder
 * as it stands.
 */
public final class Checkout implements AutoCloseable {
  private final Optional<CommitId> commit;
  private final Path directory;
  private final SortedMap<String, String> omitted;
  private final TreePaths paths;
  private final Optional<CommitTree> tree;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  Checkout(
      Optional<CommitId> commit,
      Path directory,
      SortedMap<String, String> omitted,
      Optional<CommitTree> tree,
      Runnable release) {
    this.commit = commit;
    this.directory = directory;
    this.omitted = Collections.unmodifiableSortedMap(new TreeMap<>(omitted));
    this.paths = new TreePaths(directory);
    this.tree = tree;
    this.release = release;
  }

  /**
   * A folder as it stands, with or without git: nothing is copied and nothing left out, so its links
   * may lead anywhere; {@link #resolve} follows them only as far as the tree goes. Closing it does
   * nothing to it.
   *
   * @throws TreeException where it is no folder, or one that cannot be read
   */
  public static Checkout ofFolder(Path folder) throws IOException {
    return new Checkout(
        Optional.empty(), realFolder(folder), new TreeMap<>(), Optional.empty(), () -> {});
  }

  /** The folder that a person means, its own path without links. */
  static Path realFolder(Path folder) throws IOException {
    Path real;
    try {
      real = folder.toRealPath();
    } catch (NoSuchFileException e) {
      throw new TreeException("there is no folder " + folder + "; check how it is spelled", e);
    } catch (IOException e) {
      throw new TreeException("the folder " + folder + " cannot be read: " + e.getMessage(), e);
    }
    if (!Files.isDirectory(real)) {
      throw new TreeException(folder + " is no folder; give the top folder of a ports tree");
    }
    if (!Files.isReadable(real) || !Files.isExecutable(real)) {
      throw new TreeException(
          "the folder " + folder + " cannot be read by this user; check its permissions");
    }
    return real;
  }

  /** The commit that the files are of; empty for a folder as it stands. */
  public Optional<CommitId> commit() {
    return commit;
  }

  /** The folder that holds the tree, absolute. */
  public Path directory() {
    return directory;
  }

  /**
   * Paths of the commit that are not on disk, each with the rest of a sentence that starts with it:
   * links that lead out of the tree, names that no file may have, missing objects. Empty for a
   * folder as it stands.
   */
  public SortedMap<String, String> omitted() {
    return omitted;
  }

  /**
   * The regular file or folder that a path means, links followed as a kernel follows them that sees
   * nothing outside of the tree: at most 40, and a path that leads out, be it only to come back, or
   * through an absolute link, means nothing. The answer's own path has no link below {@link
   * #directory()}, so it can be opened as long as nobody changes the tree. Folders are remembered:
   * ask again of a new checkout where a folder may have gone.
   *
   * @param path relative to the tree's top; {@code .} is the top, {@code ..} may stand anywhere
   * @return empty too for what is neither file nor folder, and for what may not be looked at
   * @throws IOException where the disk fails
   */
  public Optional<Path> resolve(String path) throws IOException {
    return paths.resolve(path);
  }

  /**
   * Every path that differs from another commit of the same repository, as {@link
   * PortsTree#changedPaths} gives them; empty for a folder as it stands, and where the repository
   * does not have that commit.
   */
  public Optional<List<String>> changedSince(CommitId earlier) throws IOException {
    return tree.isPresent() ? tree.get().changedSince(earlier) : Optional.empty();
  }

  /**
   * The id of a folder's tree object, which is another one whenever a name, a mode or a byte in the
   * folder is; empty for a folder as it stands, and where the commit has no such folder.
   *
   * @param path relative to the tree's top, without dots
   */
  public Optional<String> folderId(String path) throws IOException {
    return tree.isPresent() ? tree.get().folderId(path) : Optional.empty();
  }

  /** Gives the folder back to the pool; a second time does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }
}
