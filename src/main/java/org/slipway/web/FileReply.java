package org.slipway.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What is answered about a file, whichever way it goes out: status, fields, and the part of the file that is the body.
 * Immutable.
 */
final class FileReply {
  private static final ByteRange NOTHING = new ByteRange(0, 0);

  /** More than all fields of any reply need. */
  private static final int HEAD_BYTES = 2_048;

  private final int status;
  private final List<HttpField> fields;
  private final ByteRange body;
  private final byte[] head;

  private FileReply(int status, List<HttpField> fields, ByteRange body) {
    this.status = status;
    this.fields = List.copyOf(fields);
    this.body = body;
    this.head = encoded();
  }

  /**
   * Those that a file is mostly answered with, made once for it.
   *
   * @param size of the file in bytes
   */
  static FileReply whole(List<HttpField> always, HttpField type, long size) {
    return with(200, always, new ByteRange(0, size), type, length(size));
  }

  /** 304. */
  static FileReply unchanged(List<HttpField> always) {
    return with(304, always, NOTHING);
  }

  /**
   * Decides what a request is answered with.
   *
   * @param get whether it is a GET, and no HEAD
   * @param asked the request's fields
   */
  static FileReply to(ServedFile file, boolean get, HttpFields asked) {
    return switch (Conditions.judge(asked, file)) {
      case UNCHANGED -> file.unchanged();
      case FAILED -> with(412, file.always(), NOTHING, length(0));
      case SEND -> {
        Optional<ByteRange> part = get ? range(asked, file) : Optional.empty();
        yield part.isEmpty() ? file.whole() : part(part.get(), file);
      }
    };
  }

  private static Optional<ByteRange> range(HttpFields asked, ServedFile file) {
    String header = asked.get(HttpHeader.RANGE);
    return header != null && Conditions.sameAs(asked.get(HttpHeader.IF_RANGE), file)
        ? ByteRange.parse(header, file.size())
        : Optional.empty();
  }

  private static FileReply part(ByteRange part, ServedFile file) {
    if (!part.satisfiable()) {
      HttpField range = new HttpField(HttpHeader.CONTENT_RANGE, "bytes */" + file.size());
      return with(416, file.always(), NOTHING, range, length(0));
    }
    long last = part.first() + part.length() - 1;
    HttpField range = new HttpField(
        HttpHeader.CONTENT_RANGE, "bytes " + part.first() + "-" + last + "/" + file.size());
    return with(206, file.always(), part, file.type(), range, length(part.length()));
  }

  private static FileReply with(
      int status, List<HttpField> always, ByteRange body, HttpField... more) {
    List<HttpField> fields = new ArrayList<>(always);
    fields.addAll(List.of(more));
    return new FileReply(status, fields, body);
  }

  private static HttpField length(long bytes) {
    return new HttpField(HttpHeader.CONTENT_LENGTH, Long.toString(bytes));
  }

  /** From the status line to the last field, without the date and the empty line. */
  private byte[] encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES);
    String line = "HTTP/1.1 " + status + " " + HttpStatus.getMessage(status) + "\r\n";
    bytes.put(line.getBytes(StandardCharsets.US_ASCII));
    for (HttpField each : Front.PRECAUTIONS) {
      HttpGenerator.putTo(each, bytes);
    }
    for (HttpField each : fields) {
      HttpGenerator.putTo(each, bytes);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  int status() {
    return status;
  }

  /** All but the date, and what is said with every answer. */
  List<HttpField> fields() {
    return fields;
  }

  /** What GET is given, with a length of 0 where that is nothing; HEAD is never given any. */
  ByteRange body() {
    return body;
  }

  /** In bytes. */
  int headSize() {
    return head.length;
  }

  /** Appends its status line and all its fields but the date, as HTTP/1.1 has them. */
  void putHead(ByteBuffer to) {
    to.put(head);
  }
}
