package org.slipway.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slipway.packages.OriginSpec;
import org.slipway.store.StoredLog;

/** Sends a log as text: cleaned and by lines, or as the build wrote it and by bytes. */
final class LogSender {
  private static final int BUFFER = 1 << 16;

  private LogSender() {}

  /** Sends, and closes the log. */
  static void send(
      StoredLog stored, Answer.Log log, Request request, Response response, Callback callback)
      throws IOException {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    InputStream text;
    try {
      text = log.raw() ? raw(stored, log.spec(), request, response) : lines(stored, log);
    } catch (IOException | RuntimeException e) {
      stored.close();
      throw e;
    }
    if (request.getMethod().equals("HEAD") || response.getStatus() == 416) {
      stored.close();
      callback.succeeded();
      return;
    }
    // The log is read in this server's threads, but no thread waits for a slow reader.
    ByteBufferPool.Sized buffers =
        new ByteBufferPool.Sized(request.getComponents().getByteBufferPool(), false, BUFFER);
    Content.copy(Content.Source.from(buffers, text), response, callback);
  }

  private static InputStream lines(StoredLog stored, Answer.Log log) throws IOException {
    long first = Math.max(1, log.from());
    long count = log.count() == 0 ? Long.MAX_VALUE : log.count();
    return stored.text(first, count, log.times());
  }

  /** With its escape sequences, to be kept and not to be shown. */
  private static InputStream raw(
      StoredLog stored, OriginSpec spec, Request request, Response response) throws IOException {
    long size = stored.index().bytes();
    response
        .getHeaders()
        .put(
            HttpHeader.CONTENT_DISPOSITION,
            "attachment; filename=\"" + spec.toString().replaceAll("[^A-Za-z0-9._@+-]", "-")
                + ".log\"");
    response.getHeaders().put(HttpHeader.ACCEPT_RANGES, "bytes");
    Optional<ByteRange> range = Optional.ofNullable(request.getHeaders().get(HttpHeader.RANGE))
        .flatMap(header -> ByteRange.parse(header, size));
    if (range.isPresent() && !range.get().satisfiable()) {
      response.setStatus(416);
      response.getHeaders().put(HttpHeader.CONTENT_RANGE, "bytes */" + size);
      return InputStream.nullInputStream();
    }
    ByteRange part = range.orElse(new ByteRange(0, size));
    if (range.isPresent()) {
      response.setStatus(206);
      long last = part.first() + part.length() - 1;
      response
          .getHeaders()
          .put(HttpHeader.CONTENT_RANGE, "bytes " + part.first() + "-" + last + "/" + size);
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, part.length());
    // A log that is written meanwhile has more than was promised.
    return new Bounded(stored.fromByte(part.first()), part.length());
  }

  /** So many bytes of a stream. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0 && length > 0) {
        return -1;
      }
      int read = in.read(buffer, offset, (int) Math.min(left, length));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
