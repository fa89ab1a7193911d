package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over which files of repositories are asked for in the plainest way: each request is answered at once by the
 * thread that reads it. With the first request that asks for anything else, or in another way, all that was read and not yet
 * answered is handed over to the server's full connection, for good.
 *
 * <p>At any moment it does one of four things, and no two threads are in it at once: it waits for a request, with no bytes
 * kept; a thread answers, or looks for a file; it waits for room to send; or it is over.
 */
final class FileConnection extends AbstractConnection {
  private static final Logger LOG = LoggerFactory.getLogger(FileConnection.class);

  /** A body of at most so much goes out in one piece with its head. */
  private static final int ONE_PIECE_BYTES = 16_384;

  /** For the date and the empty line. */
  private static final int DATE_BYTES = 64;

  private static final byte[] LINE_END = {'\r', '\n'};

  /** What another thread does for this connection. */
  private interface Work {
    void run() throws IOException;
  }

  private final FileEndPoint wire;
  private final Connector connector;
  private final FileDesk desk;
  private final Downloads downloads;
  private final Supplier<Connection> full;
  private final ByteBufferPool pool;
  private final Callback filling =
      Callback.from(InvocationType.NON_BLOCKING, this::onFillable, this::onFillInterestedFailed);

  /** What was read and is not answered; nothing while it waits for a request. */
  private @Nullable RetainableByteBuffer input;

  /** @param full makes the connection that takes over */
  FileConnection(
      FileEndPoint wire,
      Connector connector,
      FileDesk desk,
      Downloads downloads,
      Supplier<Connection> full) {
    super(wire, connector.getExecutor());
    this.wire = wire;
    this.connector = connector;
    this.desk = desk;
    this.downloads = downloads;
    this.full = full;
    this.pool = connector.getByteBufferPool();
  }

  @Override
  public void onOpen() {
    super.onOpen();
    listen();
  }

  private void listen() {
    release();
    wire.fillInterested(filling);
  }

  @Override
  public void onFillable() {
    RetainableByteBuffer read = pool.acquire(getInputBufferSize(), false);
    input = read;
    try {
      int filled = wire.fill(read.getByteBuffer());
      if (filled > 0) {
        goOn();
      } else if (filled == 0) {
        listen();
      } else {
        release();
        wire.close();
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  /** Answers what was read, one request after the other, as far as that takes no waiting. */
  private void goOn() throws IOException {
    RetainableByteBuffer read = input;
    while (read != null && read.hasRemaining()) {
      PlainRequest asked = request(read.getByteBuffer());
      if (asked == null) {
        handOver();
        return;
      }
      ServedFile file = desk.known(asked.path());
      if (file == null) {
        elsewhere(() -> look(asked));
        return;
      }
      if (!answer(asked, file)) {
        return;
      }
    }
    listen();
  }

  private @Nullable PlainRequest request(ByteBuffer left) {
    // A server that stops tells its clients so, and the full connection knows how.
    return connector.isShutdown()
        ? null
        : PlainRequest.read(
            left.array(), left.arrayOffset() + left.position(), left.arrayOffset() + left.limit());
  }

  private void look(PlainRequest asked) throws IOException {
    ServedFile file;
    try {
      file = desk.look(asked.path());
    } catch (IOException | RuntimeException e) {
      // Told of where it is looked for again.
      file = null;
    }
    if (file == null) {
      handOver();
    } else if (answer(asked, file)) {
      goOn();
    }
  }

  /** Whether the answer is sent; if not, the connection goes on by itself when it is. */
  private boolean answer(PlainRequest asked, ServedFile file) throws IOException {
    FileReply reply = FileReply.to(file, !asked.head(), asked.conditions());
    ByteRange part = reply.body();
    if (asked.head() || part.length() == 0) {
      return send(asked, reply, BufferUtil.EMPTY_BUFFER);
    }
    ByteBuffer content = file.content(part);
    if (content != null) {
      return send(asked, reply, content);
    }
    if (file.wasInMemory()) {
      transfer(asked, file, reply);
    } else {
      elsewhere(() -> transfer(asked, file, reply));
    }
    return false;
  }

  private boolean send(PlainRequest asked, FileReply reply, ByteBuffer content) throws IOException {
    taken(asked);
    boolean one = content.remaining() <= ONE_PIECE_BYTES;
    RetainableByteBuffer output = head(reply, one ? content : BufferUtil.EMPTY_BUFFER);
    ByteBuffer[] all = one
        ? new ByteBuffer[] {output.getByteBuffer()}
        : new ByteBuffer[] {output.getByteBuffer(), content};
    boolean sent;
    try {
      sent = wire.flush(all);
    } catch (IOException | RuntimeException e) {
      output.release();
      throw e;
    }
    if (sent) {
      output.release();
    } else {
      wire.write(whenSent(InvocationType.NON_BLOCKING, output::release, this::goOn), all);
    }
    return sent;
  }

  private void transfer(PlainRequest asked, ServedFile file, FileReply reply) throws IOException {
    Transfer transfer;
    try {
      transfer = Transfer.open(file, reply.body(), downloads);
    } catch (IOException | RuntimeException gone) {
      // What is to be said then is said where files are looked for.
      handOver();
      return;
    }
    if (!transfer.fitsMapping()) {
      transfer.over();
      handOver();
      return;
    }
    taken(asked);
    Transfer.Announced next;
    try {
      next = transfer.announce(wire);
    } catch (IOException | RuntimeException e) {
      transfer.over();
      throw e;
    }
    RetainableByteBuffer output = head(reply, BufferUtil.EMPTY_BUFFER);
    Callback sent = whenSent(
        next.type(),
        () -> {
          output.release();
          wire.over();
          transfer.over();
        },
        // With more than one large file it is the other connections' turn.
        () -> elsewhere(this::goOn));
    wire.write(sent, output.getByteBuffer(), next.buffer());
  }

  private Callback whenSent(InvocationType type, Runnable done, Work more) {
    return Callback.from(
        type,
        () -> {
          done.run();
          try {
            RetainableByteBuffer read = input;
            if (read != null && read.hasRemaining()) {
              more.run();
            } else {
              listen();
            }
          } catch (IOException | RuntimeException e) {
            fail(e);
          }
        },
        failure -> {
          done.run();
          fail(failure);
        });
  }

  /** The head of an answer, and a body behind it. */
  private RetainableByteBuffer head(FileReply reply, ByteBuffer content) {
    RetainableByteBuffer made =
        pool.acquire(reply.headSize() + DATE_BYTES + content.remaining(), true);
    ByteBuffer bytes = made.getByteBuffer();
    int start = BufferUtil.flipToFill(bytes);
    reply.putHead(bytes);
    HttpGenerator.putTo(connector.getServer().getDateField(), bytes);
    bytes.put(LINE_END).put(content);
    BufferUtil.flipToFlush(bytes, start);
    return made;
  }

  /** It is being answered: what was read begins behind it now. */
  private void taken(PlainRequest asked) {
    RetainableByteBuffer read = input;
    if (read != null) {
      ByteBuffer left = read.getByteBuffer();
      left.position(asked.end() - left.arrayOffset());
    }
  }

  private void elsewhere(Work work) {
    try {
      getExecutor().execute(() -> {
        try {
          work.run();
        } catch (IOException | RuntimeException e) {
          fail(e);
        }
      });
    } catch (RejectedExecutionException stopped) {
      fail(stopped);
    }
  }

  /**
   * What was read and not answered goes to the full connection as if it came from the network now. Giving it as the rest of
   * another protocol (UpgradeTo) is not the same: Jetty 12.1.14 then drops the answer to a bad request where the client has
   * stopped sending.
   */
  private void handOver() {
    RetainableByteBuffer read = input;
    wire.unread(read == null ? new byte[0] : BufferUtil.toArray(read.getByteBuffer()));
    release();
    wire.upgrade(full.get());
    elsewhere(() -> wire.getFillInterest().fillable());
  }

  private void release() {
    RetainableByteBuffer read = input;
    input = null;
    if (read != null) {
      read.clear();
      read.release();
    }
  }

  private void fail(Throwable failure) {
    release();
    if (failure instanceof RuntimeException && !(failure instanceof RejectedExecutionException)) {
      LOG.warn("a request for a file could not be answered", failure);
    } else {
      LOG.debug("a connection for files broke off", failure);
    }
    wire.close();
  }
}
