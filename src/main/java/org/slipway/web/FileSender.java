package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A repository's files over HTTP as pkg's fetch wants them: dates, tags, 304, and the rest of a download that broke off.
 * Bytes go out as they lie there, never encoded again.
 */
final class FileSender {
  private static final int BUFFER = 1 << 16;

  private final Downloads downloads;

  FileSender(Downloads downloads) {
    this.downloads = downloads;
  }

  /** Sends without waiting for anything but a small file's socket; a large file is opened in another thread. */
  void send(ServedFile file, Request request, Response response, Callback callback) {
    boolean get = request.getMethod().equals("GET");
    FileReply reply = FileReply.to(file, get, request.getHeaders());
    response.setStatus(reply.status());
    for (HttpField each : reply.fields()) {
      response.getHeaders().add(each);
    }
    ByteRange part = reply.body();
    if (!get || part.length() == 0) {
      callback.succeeded();
      return;
    }
    ByteBuffer content = file.content(part);
    if (content != null) {
      response.write(true, content, callback);
    } else {
      request
          .getComponents()
          .getExecutor()
          .execute(() -> transfer(file, part, request, response, callback));
    }
  }

  private void transfer(
      ServedFile file, ByteRange part, Request request, Response response, Callback callback) {
    Transfer transfer;
    try {
      transfer = Transfer.open(file, part, downloads);
    } catch (IOException | RuntimeException gone) {
      response.reset();
      Front.precautions(response.getHeaders());
      Sender.bare(404, "The repository has no such file.", response, callback);
      return;
    }
    Callback done = Callback.from(callback, transfer::over);
    try {
      if (transfer.fitsMapping()
          && request.getConnectionMetaData().getConnection().getEndPoint()
              instanceof FileEndPoint direct
          && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
        direct(direct, transfer, response, done);
      } else {
        ByteBufferPool.Sized buffers =
            new ByteBufferPool.Sized(request.getComponents().getByteBufferPool(), true, BUFFER);
        Content.copy(
            Content.Source.from(buffers, transfer.file(), part.first(), part.length()),
            response,
            done);
      }
    } catch (IOException | RuntimeException e) {
      done.failed(e);
    }
  }

  private static void direct(
      FileEndPoint direct, Transfer transfer, Response response, Callback done) throws IOException {
    Transfer.Announced next = transfer.announce(direct);
    response.write(
        true,
        next.buffer(),
        Callback.from(
            next.type(),
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
