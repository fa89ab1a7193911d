package org.slipway.web;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where files of repositories are asked for: it has at hand what was asked for before, and looks for the rest. Safe for
 * several threads.
 */
final class FileDesk {
  private final FileShelf shelf = new FileShelf();
  private final Site site;
  private final PackageCache cache;
  private final SnapshotCache snapshots;
  private final RepositoryFiles repositories;

  FileDesk(Site site, PackageCache cache, SnapshotCache snapshots, RepositoryFiles repositories) {
    this.site = site;
    this.cache = cache;
    this.snapshots = snapshots;
    this.repositories = repositories;
  }

  /**
   * The file that an address means, where it was asked for before and still is what the address means.
   *
   * @param address its path as the client sent it, such as {@code /repo/JOB/CHANNEL/data.pkg}
   */
  @Nullable
  ServedFile known(String address) {
    try {
      return shelf.find(address);
    } catch (IOException e) {
      // Looked at again, and told of, by whoever may wait.
      return null;
    }
  }

  /** Keeps at hand what an address was found to mean. */
  void keep(String address, Answer.Download found) {
    shelf.put(address, found);
  }

  /**
   * Looks for the file that an address means; this may wait for a disk. Nothing where it means none, or is written in a way
   * that takes more to understand.
   */
  @Nullable
  ServedFile look(String address) throws IOException {
    Optional<Asked> asked = Asked.file(address);
    if (asked.isEmpty()) {
      return null;
    }
    Look look =
        new Look(site, cache, snapshots, site.clock().instant(), asked.get().address());
    if (repositories.answer(asked.get(), look) instanceof Answer.Download found) {
      keep(address, found);
      return found.file();
    }
    return null;
  }
}
