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
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * An unencrypted connection that the kernel can copy a file to, without its bytes coming through this program
 * (sendfile(2)). What is to be sent goes through the server as a mapping of the file. The same mapping coming out at the
 * end says to copy; anything else that may be made of it holds the right bytes all the same.
 */
final class FileEndPoint extends SocketChannelEndPoint {
  private record Sending(ByteBuffer mapping, FileChannel file, long first) {}

  private volatile @Nullable Sending sending;

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

  @Override
  public boolean flush(ByteBuffer... buffers) throws IOException {
    Sending now = sending;
    int at = now == null ? -1 : index(now.mapping(), buffers);
    if (now == null || at < 0) {
      return super.flush(buffers);
    }
    return (at == 0 || super.flush(Arrays.copyOf(buffers, at)))
        && copy(now)
        && (at == buffers.length - 1
            || super.flush(Arrays.copyOfRange(buffers, at + 1, buffers.length)));
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

  private boolean copy(Sending now) throws IOException {
    ByteBuffer left = now.mapping();
    while (left.hasRemaining()) {
      long from = now.first() + left.position();
      long copied = now.file().transferTo(from, left.remaining(), getChannel());
      if (copied <= 0) {
        if (now.file().size() <= from) {
          throw new EOFException("a file became shorter while it was sent");
        }
        return false;
      }
      notIdle();
      left.position(left.position() + (int) copied);
    }
    return true;
  }
}
