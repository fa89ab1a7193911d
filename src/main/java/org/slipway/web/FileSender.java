package org.slipway.web;

import java.io.IOException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A repository's files over HTTP as pkg's fetch wants them: dates, 304, and the rest of a download
 * that broke off.
 */
final class FileSender {
  private static final int BUFFER = 1 << 16;

  void send(Answer.Download download, Request request, Response response, Callback callback)
      throws IOException {
    long size = Files.size(download.file());
    String date = Sender.httpDate(download.lastModified());
    response.getHeaders().put(HttpHeader.LAST_MODIFIED, date);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    if (unchanged(
        request.getHeaders().get(HttpHeader.IF_MODIFIED_SINCE), download.lastModified())) {
      response.setStatus(304);
      callback.succeeded();
      return;
    }
    response.getHeaders().put(HttpHeader.ACCEPT_RANGES, "bytes");
    Optional<ByteRange> range = range(request, date, size);
    if (range.isPresent() && !range.get().satisfiable()) {
      response.setStatus(416);
      response.getHeaders().put(HttpHeader.CONTENT_RANGE, "bytes */" + size);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
      callback.succeeded();
      return;
    }
    ByteRange part = range.orElse(new ByteRange(0, size));
    response.setStatus(range.isPresent() ? 206 : 200);
    if (range.isPresent()) {
      long last = part.first() + part.length() - 1;
      response
          .getHeaders()
          .put(HttpHeader.CONTENT_RANGE, "bytes " + part.first() + "-" + last + "/" + size);
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, part.length());
    if (request.getMethod().equals("HEAD") || part.length() == 0) {
      callback.succeeded();
      return;
    }
    ByteBufferPool.Sized buffers =
        new ByteBufferPool.Sized(request.getComponents().getByteBufferPool(), false, BUFFER);
    Content.copy(
        Content.Source.from(buffers, download.file(), part.first(), part.length()),
        response,
        callback);
  }

  private static Optional<ByteRange> range(Request request, String date, long size) {
    String header = request.getHeaders().get(HttpHeader.RANGE);
    String unless = request.getHeaders().get(HttpHeader.IF_RANGE);
    if (header == null
        || !request.getMethod().equals("GET")
        || (unless != null && !unless.equals(date))) {
      return Optional.empty();
    }
    return ByteRange.parse(header, size);
  }

  private static boolean unchanged(@Nullable String since, Instant lastModified) {
    if (since == null) {
      return false;
    }
    try {
      Instant known = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(since));
      return !lastModified.isAfter(known);
    } catch (DateTimeException notADate) {
      return false;
    }
  }
}
