package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * A repository's files over HTTP as pkg's fetch wants them: dates, tags, 304, and the rest of a download that broke off.
 * Bytes go out as they lie there, never encoded again.
 */
final class FileSender {
  private static final int BUFFER = 1 << 16;

  /** Asking of more than this whether it is in memory takes longer than it saves. */
  private static final long LOOKED_AT = 64L << 20;

  private final Downloads downloads;

  FileSender(Downloads downloads) {
    this.downloads = downloads;
  }

  /** Sends without waiting for anything but a small file's socket; a large file is opened in another thread. */
  void send(ServedFile file, Request request, Response response, Callback callback) {
    HttpFields asked = request.getHeaders();
    HttpFields.Mutable headers = response.getHeaders();
    file.describe(headers);
    Conditions.Verdict verdict = Conditions.judge(asked, file);
    if (verdict != Conditions.Verdict.SEND) {
      response.setStatus(verdict == Conditions.Verdict.UNCHANGED ? 304 : 412);
      if (verdict == Conditions.Verdict.FAILED) {
        headers.put(HttpHeader.CONTENT_LENGTH, 0);
      }
      callback.succeeded();
      return;
    }
    Optional<ByteRange> range = range(request, file);
    if (range.isEmpty()) {
      file.describeWhole(headers);
      body(file, new ByteRange(0, file.size()), request, response, callback);
    } else if (range.get().satisfiable()) {
      ByteRange part = range.get();
      long last = part.first() + part.length() - 1;
      response.setStatus(206);
      headers.add(file.type());
      headers.put(
          HttpHeader.CONTENT_RANGE, "bytes " + part.first() + "-" + last + "/" + file.size());
      headers.put(HttpHeader.CONTENT_LENGTH, part.length());
      body(file, part, request, response, callback);
    } else {
      response.setStatus(416);
      headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + file.size());
      headers.put(HttpHeader.CONTENT_LENGTH, 0);
      callback.succeeded();
    }
  }

  private static Optional<ByteRange> range(Request request, ServedFile file) {
    String header = request.getHeaders().get(HttpHeader.RANGE);
    return header != null
            && request.getMethod().equals("GET")
            && Conditions.sameAs(request.getHeaders().get(HttpHeader.IF_RANGE), file)
        ? ByteRange.parse(header, file.size())
        : Optional.empty();
  }

  private void body(
      ServedFile file, ByteRange part, Request request, Response response, Callback callback) {
    if (request.getMethod().equals("HEAD") || part.length() == 0) {
      callback.succeeded();
      return;
    }
    ByteBuffer content = file.content();
    if (content != null) {
      content.position((int) part.first()).limit((int) (part.first() + part.length()));
      response.write(true, content, callback);
    } else {
      request
          .getComponents()
          .getExecutor()
          .execute(() -> transfer(file, part, request, response, callback));
    }
  }

  /** From a file that stays open, so that it is one file to its end, whatever happens to its name meanwhile. */
  private void transfer(
      ServedFile file, ByteRange part, Request request, Response response, Callback callback) {
    FileChannel open;
    try {
      open = FileChannel.open(file.file(), StandardOpenOption.READ);
    } catch (IOException | RuntimeException gone) {
      // A snapshot can be removed between the look at its file and now.
      response.reset();
      Front.precautions(response.getHeaders());
      Sender.bare(404, "The repository has no such file.", response, callback);
      return;
    }
    downloads.begins();
    Callback done = Callback.from(callback, () -> {
      IO.close(open);
      downloads.ends();
    });
    try {
      if (part.length() <= Integer.MAX_VALUE
          && request.getConnectionMetaData().getConnection().getEndPoint()
              instanceof FileEndPoint direct
          && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
        direct(direct, open, part, response, done);
      } else {
        ByteBufferPool.Sized buffers =
            new ByteBufferPool.Sized(request.getComponents().getByteBufferPool(), true, BUFFER);
        Content.copy(
            Content.Source.from(buffers, open, part.first(), part.length()), response, done);
      }
    } catch (IOException | RuntimeException e) {
      done.failed(e);
    }
  }

  private static void direct(
      FileEndPoint direct, FileChannel file, ByteRange part, Response response, Callback done)
      throws IOException {
    MappedByteBuffer mapping = file.map(FileChannel.MapMode.READ_ONLY, part.first(), part.length());
    direct.announce(mapping, file, part.first());
    // What is in memory goes on in the thread that finds room on the connection; what comes from a
    // disk would keep that
    // thread from all other connections, so it is left to one that may wait.
    Invocable.InvocationType type = part.length() <= LOOKED_AT && mapping.isLoaded()
        ? Invocable.InvocationType.NON_BLOCKING
        : Invocable.InvocationType.BLOCKING;
    response.write(
        true,
        mapping,
        Callback.from(
            type,
            () -> {
              direct.over();
              done.succeeded();
            },
            failure -> {
              direct.over();
              done.failed(failure);
            }));
  }
}
