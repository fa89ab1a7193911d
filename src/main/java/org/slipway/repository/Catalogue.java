package org.slipway.repository;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;
import org.slipway.sign.Signing;

/**
 * The two texts in which a repository lists its packages: {@code packagesite.yaml}, one JSON object
 * a line, for pkg up to 1.20, and {@code data}, the same objects in one line, for 1.21 and later.
 * Lines come in one after the other; each text is signed and compressed on a thread of its own,
 * behind a short queue, so that memory does not grow with the catalogue.
 */
final class Catalogue implements AutoCloseable {
  private static final int BLOCK_BYTES = 1 << 17;
  private static final int QUEUED_BLOCKS = 8;

  private final ExecutorService dataThread = Executors.newSingleThreadExecutor();
  private final ExecutorService siteThread = Executors.newSingleThreadExecutor();
  private final Queue<Future<?>> pending = new ArrayDeque<>();
  private final SignedArchive data;
  private final SignedArchive site;
  private final @Nullable MessageDigest digest;
  private byte[] block = new byte[BLOCK_BYTES];
  private int filled;
  private boolean first = true;

  /**
   * @param head what the data text has before its packages: {@code "groups":[...]} and
   *     {@code "expired_packages":[...]}
   */
  Catalogue(Signing signing, CatalogueHead head) throws IOException {
    this(signing, head, false);
  }

  /** @param digested whether the data text's digest is wanted, which takes as long as its packing */
  Catalogue(Signing signing, CatalogueHead head, boolean digested) throws IOException {
    digest = digested ? Digest.sha256() : null;
    data = new SignedArchive("data", signing);
    site = new SignedArchive("packagesite.yaml", signing);
    data(utf8("{" + head.json() + ",\"packages\":["));
  }

  /**
   * Both archives.
   *
   * @param digest of the data member, where it is wanted
   */
  record Written(
      @SuppressWarnings("ArrayRecordComponent") byte[] data,
      @SuppressWarnings("ArrayRecordComponent") byte[] packagesite,
      Optional<Digest> digest) {}

  /** The next line, without its end. */
  void add(byte[] line) throws IOException {
    if (filled + line.length + 1 > block.length) {
      flush();
      if (line.length + 1 > block.length) {
        block = new byte[line.length + 1];
      }
    }
    System.arraycopy(line, 0, block, filled, line.length);
    filled += line.length;
    block[filled++] = '\n';
  }

  /** Signs; to be called once, after the last line. */
  Written finish() throws IOException {
    flush();
    while (!pending.isEmpty()) {
      get(pending.remove());
    }
    Future<byte[]> packagesite = siteThread.submit(site::finish);
    Future<byte[]> whole = dataThread.submit(() -> {
      data(utf8("]}\n"));
      return data.finish();
    });
    byte[] archive = get(whole);
    Optional<Digest> sum = Optional.ofNullable(digest)
        .map(each -> new Digest(HexFormat.of().formatHex(each.digest())));
    return new Written(archive, get(packagesite), sum);
  }

  private void flush() throws IOException {
    if (filled == 0) {
      return;
    }
    byte[] lines = block;
    int length = filled;
    boolean begins = first;
    first = false;
    block = new byte[BLOCK_BYTES];
    filled = 0;
    hand(siteThread, () -> site.write(lines, length));
    hand(dataThread, () -> data(objects(lines, length, begins)));
  }

  private interface Work {
    void run() throws IOException;
  }

  /** What fails there comes out of the next call here. */
  private void hand(ExecutorService thread, Work work) throws IOException {
    pending.add(thread.submit(() -> {
      work.run();
      return null;
    }));
    while (pending.size() > 2 * QUEUED_BLOCKS) {
      get(pending.remove());
    }
  }

  /** Lines as members of a list: a comma before each but the first. */
  private static byte[] objects(byte[] lines, int length, boolean begins) {
    byte[] objects = new byte[begins ? length - 1 : length];
    int at = 0;
    if (!begins) {
      objects[at++] = ',';
    }
    for (int i = 0; i < length - 1; i++) {
      objects[at++] = lines[i] == '\n' ? (byte) ',' : lines[i];
    }
    return objects;
  }

  private void data(byte[] bytes) throws IOException {
    if (digest != null) {
      digest.update(bytes);
    }
    data.write(bytes, bytes.length);
  }

  /** What a thread of ours made, or its fault. */
  static <T> T get(Future<T> result) throws IOException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing a repository", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    InOrder.end(dataThread);
    InOrder.end(siteThread);
  }
}
