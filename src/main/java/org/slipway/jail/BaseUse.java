package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says that jails of a process use a kept base, for as long as it is open, so that no other process
 * deletes it under them: a held file in the folder {@code users} of the base.
 */
final class BaseUse implements AutoCloseable {
  private static final String USERS = "users";

  private final BaseLock lock;

  private BaseUse(BaseLock lock) {
    this.lock = lock;
  }

  /**
   * Begins to use it.
   *
   * @param root the base's root folder
   * @return nothing where it is no kept base, or one that this user may not write beside
   * @throws BaseException where it is being deleted
   */
  static Optional<BaseUse> begin(Path root) throws IOException {
    Path folder = root.toAbsolutePath().normalize().getParent();
    if (folder == null || !Files.isRegularFile(folder.resolve(BaseAbout.FILE))) {
      return Optional.empty();
    }
    Path users = folder.resolve(USERS);
    if (!Files.isWritable(users)) {
      return Optional.empty();
    }
    Optional<BaseLock> lock;
    try {
      lock = BaseLock.take(users.resolve(UUID.randomUUID().toString()));
    } catch (NoSuchFileException e) {
      throw deleted(folder, e);
    }
    if (!Files.isRegularFile(folder.resolve(BaseAbout.FILE))) {
      if (lock.isPresent()) {
        lock.get().close();
      }
      throw deleted(folder, null);
    }
    return lock.map(BaseUse::new);
  }

  private static BaseException deleted(Path folder, @Nullable IOException cause) {
    return new BaseException("the base " + folder.getFileName() + " is being deleted", cause);
  }

  /**
   * Processes that use the base in this folder now, each once; files of those that are gone are
   * taken away.
   */
  static List<String> users(Path folder) throws IOException {
    List<String> users = new ArrayList<>();
    Path all = folder.resolve(USERS);
    if (!Files.isDirectory(all)) {
      return users;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(all)) {
      for (Path file : files) {
        try {
          Optional<String> holder = BaseLock.holder(file);
          if (holder.isEmpty()) {
            Files.deleteIfExists(file);
          } else if (!users.contains(holder.get())) {
            users.add(holder.get());
          }
        } catch (NoSuchFileException e) {
          // Its process has just let go of it.
        }
      }
    }
    users.sort(null);
    return users;
  }

  static void prepare(Path folder) throws IOException {
    Files.createDirectories(folder.resolve(USERS));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
