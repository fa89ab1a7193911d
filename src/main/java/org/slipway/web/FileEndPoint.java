package org.slipway.web;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * An unencrypted connection that the kernel can copy a file to, without its bytes coming through this program
 * (sendfile(2)). What is to be sent goes through the server as a mapping of the file. The same mapping coming out at the
 * end says to copy; anything else that may be made of it holds the right bytes all the same.
 */
final class FileEndPoint extends SocketChannelEndPoint {
  /** After so much of one file it is the other connections' turn. */
  private static final long TURN_BYTES = 256L << 10;

  /**
   * So much of a file goes out with what stands before it, in one write: more than a segment, whatever the network. A
   * client's system learns its round trip only from full segments that answer it (Linux, tcp_rcv_rtt_measure_ts). A head
   * that comes by itself is none, and its receive window stays small then: every few hundred kilobytes wait for the client.
   */
  private static final int FIRST_BYTES = 64 << 10;

  /** Which part of a file is on its way: {@code next} to {@code end} are still to be sent. */
  private static final class Sending {
    private final ByteBuffer mapping;
    private final FileChannel file;
    private final long first;
    private long next;
    private final long end;

    Sending(ByteBuffer mapping, FileChannel file, long first) {
      this.mapping = mapping;
      this.file = file;
      this.first = first;
      this.next = first;
      this.end = first + mapping.remaining();
    }

    boolean begun() {
      return next > first;
    }

    ByteBuffer beginning() {
      return mapping.slice(mapping.position(), Math.min(mapping.remaining(), FIRST_BYTES));
    }
  }

  private volatile @Nullable Sending sending;

  /** Read once, and to be read again. */
  private volatile @Nullable ByteBuffer returned;

  FileEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
    super(channel, selector, key, scheduler);
  }

  /**
   * Says what is about to be written.
   *
   * @param mapping of the file from {@code first} on, the very buffer that is written
   * @param file stays open until it is written
   */
  void announce(ByteBuffer mapping, FileChannel file, long first) {
    sending = new Sending(mapping, file, first);
  }

  /** What was announced has been written, or failed. */
  void over() {
    sending = null;
  }

  /** Puts back what was read: it is the next that {@link #fill} gives, before anything from the network. */
  void unread(byte[] bytes) {
    returned = ByteBuffer.wrap(bytes);
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    ByteBuffer again = returned;
    if (again == null) {
      return super.fill(buffer);
    }
    int given = BufferUtil.append(buffer, again);
    if (!again.hasRemaining()) {
      returned = null;
    }
    return given;
  }

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    Sending now = sending;
    int at = now == null ? -1 : index(now.mapping, buffers);
    if (now == null || at < 0) {
      return super.flush(buffers);
    }
    return (at == 0 || lead(now, Arrays.copyOf(buffers, at + 1)))
        && copy(now)
        && (at == buffers.length - 1
            || super.flush(Arrays.copyOfRange(buffers, at + 1, buffers.length)));
  }

  /** Writes what stands before the file, and the file's beginning if it has not gone yet. */
  private boolean lead(Sending now, ByteBuffer[] buffers) throws IOException {
    ByteBuffer beginning = now.begun() ? BufferUtil.EMPTY_BUFFER : now.beginning();
    buffers[buffers.length - 1] = beginning;
    int wanted = beginning.remaining();
    boolean sent = super.flush(buffers);
    now.next += wanted - beginning.remaining();
    return sent;
  }

  /** Where the very same buffer is: one that holds equal bytes is another. */
  @SuppressWarnings("ReferenceEquality")
  private static int index(ByteBuffer wanted, ByteBuffer[] buffers) {
    for (int i = 0; i < buffers.length; i++) {
      if (buffers[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Copies as much as there is room for, but not more than a turn. The buffer is used up all at once in the end: until
   * then whoever writes it sees no progress, and waits for room before the next turn.
   */
  private boolean copy(Sending now) throws IOException {
    long turn = Math.min(now.end, now.next + TURN_BYTES);
    while (now.next < turn) {
      long wanted = turn - now.next;
      long copied = now.file.transferTo(now.next, wanted, getChannel());
      if (copied > 0) {
        now.next += copied;
        notIdle();
      } else if (now.file.size() <= now.next) {
        throw new EOFException("a file became shorter while it was sent");
      }
      if (copied < wanted) {
        return false;
      }
    }
    if (now.next < now.end) {
      return false;
    }
    now.mapping.position(now.mapping.limit());
    return true;
  }
}
