package org.slipway.jail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file that one process holds, or nobody: the lock is the operating system's and goes with the
 * process, however that ends. Its text says which process it is.
 */
final class BaseLock implements AutoCloseable {
  /**
   * Held by this process. The system counts locks by process, and closing any other channel of the
   * same file would drop them, so the file is not even opened a second time.
   */
  private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private BaseLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes it, or gives nothing where somebody has it. */
  static Optional<BaseLock> take(Path file) throws IOException {
    Path path = file.toAbsolutePath().normalize();
    if (!HERE.add(path)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    BaseLock taken = null;
    try {
      channel = FileChannel.open(
          path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        taken = new BaseLock(path, channel);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(
            ("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
      }
      return Optional.ofNullable(taken);
    } finally {
      if (taken == null) {
        HERE.remove(path);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /** Who holds it now, such as {@code process 4711}; nothing where nobody does. */
  static Optional<String> holder(Path file) throws IOException {
    Path path = file.toAbsolutePath().normalize();
    if (!HERE.contains(path)) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        if (channel.tryLock() != null) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(Files.readString(path).strip());
  }

  /** Lets go of it, and takes the file away. */
  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      HERE.remove(file);
      channel.close();
    }
  }
}
