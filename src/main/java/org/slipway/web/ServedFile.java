package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;

/**
 * A file of a repository, ready to be sent: what its headers say, and where its bytes are. Those of a small file are
 * kept. Immutable, but for what is known of the disk's cache.
 */
final class ServedFile {
  /** What is kept in memory: a third of all packages of a tree, and the catalogue's small files. */
  static final int SMALL = 1 << 16;

  /** What was in the disk's cache so short a time ago is taken to be there still. */
  private static final long IN_MEMORY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final String FOREVER = "public, max-age=31536000, immutable";

  /** How long an answer holds. */
  enum Terms {
    /** A name that says its content: it can never mean other bytes. */
    IMMUTABLE,
    /** The catalogue, dated by the publication: the date only ever moves forward. */
    DATED,
    /** A name and version, whose bytes and their date may go back with the channel. */
    NAMED
  }

  private final Path file;
  private final long size;
  private final Instant lastModified;
  private final boolean forwardOnly;
  private final String date;
  private final String tag;
  private final HttpField type;
  private final List<HttpField> always;
  private final FileReply whole;
  private final FileReply unchanged;
  private final byte @Nullable [] bytes;

  /** In nanoseconds of the system's timer; from the beginning, too long ago. */
  private volatile long seenInMemory = System.nanoTime() - IN_MEMORY_NANOS;

  private ServedFile(
      Path file,
      BasicFileAttributes found,
      Instant lastModified,
      Terms terms,
      byte @Nullable [] bytes) {
    this.file = file;
    this.size = bytes == null ? found.size() : bytes.length;
    this.lastModified = lastModified;
    this.forwardOnly = terms != Terms.NAMED;
    this.date = Sender.httpDate(lastModified);
    this.tag = tag(file, found);
    this.bytes = bytes;
    this.always = List.of(
        new PreEncodedHttpField(HttpHeader.LAST_MODIFIED, date),
        new PreEncodedHttpField(HttpHeader.ETAG, tag),
        new PreEncodedHttpField(
            HttpHeader.CACHE_CONTROL, terms == Terms.IMMUTABLE ? FOREVER : "no-cache"),
        new PreEncodedHttpField(HttpHeader.ACCEPT_RANGES, "bytes"));
    this.type = type(file);
    this.whole = FileReply.whole(always, type, size);
    this.unchanged = FileReply.unchanged(always);
  }

  /**
   * Reads what is needed to send it.
   *
   * @param file a real path
   * @param since when the channel moved here: the date where the terms are {@link Terms#DATED}
   */
  static ServedFile read(Path file, Terms terms, Instant since) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
    Instant date = terms == Terms.DATED ? since : found.lastModifiedTime().toInstant();
    byte[] bytes = found.size() <= SMALL ? Files.readAllBytes(file) : null;
    return new ServedFile(file, found, date.truncatedTo(ChronoUnit.SECONDS), terms, bytes);
  }

  /**
   * The same file has the same tag in every snapshot that holds it, as all link to one in the package store; another file
   * under its name has another.
   */
  private static String tag(Path file, BasicFileAttributes found) {
    String text = found.fileKey() + " " + found.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " "
        + found.size() + (found.fileKey() == null ? " " + file : "");
    return '"' + Digest.of(text).hex().substring(0, 24) + '"';
  }

  private static HttpField type(Path file) {
    String name = String.valueOf(file.getFileName());
    return new PreEncodedHttpField(
        HttpHeader.CONTENT_TYPE,
        name.endsWith(".json") ? "application/json" : "application/octet-stream");
  }

  Path file() {
    return file;
  }

  /** In bytes. */
  long size() {
    return size;
  }

  /** Whole seconds. */
  Instant lastModified() {
    return lastModified;
  }

  /** {@link #lastModified} as HTTP writes it. */
  String date() {
    return date;
  }

  /** A strong entity tag, with its quotes. */
  String tag() {
    return tag;
  }

  /** Whether what lies under this address never has an earlier date than before. */
  boolean forwardOnly() {
    return forwardOnly;
  }

  /** The bytes of a part of it, where it is small. */
  @Nullable
  ByteBuffer content(ByteRange part) {
    return bytes == null ? null : ByteBuffer.wrap(bytes, (int) part.first(), (int) part.length());
  }

  /** All of it was found in the disk's cache just now. */
  void inMemory() {
    seenInMemory = System.nanoTime();
  }

  /** Whether it can be sent without waiting for a disk, as far as is known. */
  boolean wasInMemory() {
    return System.nanoTime() - seenInMemory < IN_MEMORY_NANOS;
  }

  /** In bytes of memory, about. */
  int weight() {
    return 4_096 + (bytes == null ? 0 : bytes.length);
  }

  /** The fields of every answer about it. */
  List<HttpField> always() {
    return always;
  }

  /** The content's type. */
  HttpField type() {
    return type;
  }

  /** The answer that gives all of it. */
  FileReply whole() {
    return whole;
  }

  /** The answer to who has it. */
  FileReply unchanged() {
    return unchanged;
  }
}
