package org.slipway.publish;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One at a time for all threads of all processes: who has it may move a job's channels and remove
 * its snapshots. The file's lock is the operating system's and goes with the process, so a killed
 * one leaves none; in it stands the number of the process that had it last.
 */
final class MoveLock implements AutoCloseable {
  private static final long LOOK_AGAIN_MILLIS = 20;

  /**
   * A process has a file's lock as a whole, and loses it when any of its threads closes that file:
   * so within this one, only who has this lock opens the file.
   */
  private static final Map<Path, ReentrantLock> HERE = new ConcurrentHashMap<>();

  private final ReentrantLock here;
  private final FileChannel file;

  private MoveLock(ReentrantLock here, FileChannel file) {
    this.here = here;
    this.file = file;
  }

  /**
   * Waits for the lock and takes it. Not to be taken twice by one thread.
   *
   * @param path its folder must be there
   * @param what is locked, for the message
   * @throws ChannelException when others kept it for so long
   */
  static MoveLock take(Path path, Duration patience, String what) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    Path real = path.resolveSibling("").toRealPath().resolve(String.valueOf(path.getFileName()));
    ReentrantLock here = HERE.computeIfAbsent(real, any -> new ReentrantLock());
    boolean taken = false;
    try {
      if (!here.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy(what, patience, "");
      }
      FileChannel file = open(real);
      try {
        waitFor(file, what, end, patience);
        taken = true;
        return new MoveLock(here, file);
      } finally {
        if (!taken) {
          file.close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + real);
    } finally {
      if (!taken && here.isHeldByCurrentThread()) {
        here.unlock();
      }
    }
  }

  private static FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(
          path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      throw new ChannelException(
          "this user may not write " + path + "; use the one that the farm runs as");
    }
  }

  private static void waitFor(FileChannel file, String what, long end, Duration patience)
      throws IOException, InterruptedException {
    FileLock lock = tryLock(file);
    while (lock == null) {
      if (System.nanoTime() - end > 0) {
        throw busy(what, patience, owner(file));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      lock = tryLock(file);
    }
    byte[] own = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    file.truncate(0);
    file.write(ByteBuffer.wrap(own), 0);
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      // The same file by another name in this process.
      return null;
    }
  }

  /** Through the channel that is open: to close another one could end a lock of this process. */
  private static String owner(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    file.read(bytes, 0);
    String text = StandardCharsets.US_ASCII.decode(bytes.flip()).toString();
    return text.matches("[0-9]{1,18}") ? " by process " + text : "";
  }

  private static ChannelException busy(String what, Duration patience, String owner) {
    return new ChannelException(
        what + " was kept busy" + owner + " for " + patience.toSeconds() + " s; try again later");
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      here.unlock();
    }
  }
}
