package org.slipway.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines that a folder's catalogue had last time, each with what its file looked like: size,
 * modification time and identity. A file that looks the same is not read again. Kept in
 * {@code .slipway/lines}, where {@code pkg repo} does not look: {@code MTIME KEY<tab>LINE}, and behind
 * a tab its {@link FileList} where that was wanted, in the catalogue's order, as zstd. Losing it costs one reading of all files.
 */
final class FolderLines implements Closeable {
  private static final int LEVEL = 1;

  private final @Nullable Ahead<Kept> old;
  private @Nullable Kept current;

  private FolderLines(@Nullable Ahead<Kept> old) {
    this.old = old;
  }

  /** A line and, where it is known, what files the package has. */
  record Known(CatalogueLine line, @Nullable FileList files) {}

  private record Kept(String look, String order, Known known) {
    ManifestFacts facts() {
      return known.line().facts();
    }
  }

  /** The lines of last time; none where there is no such file. */
  static FolderLines read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return new FolderLines(null);
    }
    return new FolderLines(new Ahead<>(new Lines(new LineReader(
        new ZstdInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))))));
  }

  /** The line of this file, where it looks as it did; to be asked in the catalogue's order. */
  Optional<Known> find(FoundPackage found) throws IOException {
    String order = found.order();
    while (old != null) {
      Kept kept = current == null ? old.next() : current;
      current = kept;
      if (kept == null || kept.order().compareTo(order) > 0) {
        break;
      }
      current = null;
      ManifestFacts facts = kept.facts();
      if (facts.path().equals(found.path())) {
        return facts.sizeBytes() == found.sizeBytes() && kept.look().equals(look(found))
            ? Optional.of(kept.known())
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Lines with what they say; they end where one is damaged. */
  private record Lines(LineReader reader) implements Ahead.Source<Kept> {
    @Override
    public @Nullable Kept next() throws IOException {
      try {
        byte[] bytes = reader.next();
        return bytes == null ? null : kept(bytes);
      } catch (ZstdIOException | JsonProcessingException damaged) {
        return null;
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /** Null where it is not as it was written. */
  private static @Nullable Kept kept(byte[] bytes) throws IOException {
    int tab = tab(bytes, 0);
    int end = tab(bytes, Math.min(tab + 1, bytes.length));
    if (tab == bytes.length) {
      return null;
    }
    byte[] json = Arrays.copyOfRange(bytes, tab + 1, end);
    CatalogueLine line =
        new CatalogueLine(json, ManifestFacts.ofText(new String(json, StandardCharsets.UTF_8)));
    if (!line.isOurs()) {
      return null;
    }
    FileList files = end == bytes.length
        ? null
        : new FileList(
            new String(bytes, end + 1, bytes.length - end - 1, StandardCharsets.ISO_8859_1));
    return new Kept(
        new String(bytes, 0, tab, StandardCharsets.UTF_8),
        FoundPackage.orderOf(line.facts().path()),
        new Known(line, files));
  }

  private static int tab(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != '\t') {
      at++;
    }
    return at;
  }

  /** What a file looks like. */
  private static String look(FoundPackage found) {
    return found.mtimeNanos() + " " + found.key();
  }

  @Override
  public void close() throws IOException {
    if (old != null) {
      old.close();
    }
  }

  /** The lines for next time, packed on a thread of their own. */
  static final class Writer implements Closeable {
    /**
     * A file that is written again at once may look the same: clocks of file systems tick, some in
     * seconds.
     */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long COARSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int BLOCK_BYTES = 1 << 17;
    private static final int QUEUED_BLOCKS = 8;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Queue<Future<?>> pending = new ArrayDeque<>();
    private final OutputStream out;
    private final long nowNanos;
    private ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK_BYTES);

    /** @param nowNanos when the files were looked at, since 1970 */
    Writer(Path file, long nowNanos) throws IOException {
      ZstdOutputStream zstd = new ZstdOutputStream(Files.newOutputStream(file), LEVEL);
      zstd.setChecksum(true);
      out = zstd;
      this.nowNanos = nowNanos;
    }

    /** Keeps a line, unless its file is so new that a change could not be seen. */
    void add(FoundPackage found, CatalogueLine line, @Nullable FileList files) throws IOException {
      boolean coarse = found.mtimeNanos() % TimeUnit.SECONDS.toNanos(1) == 0;
      if (nowNanos - found.mtimeNanos() > (coarse ? COARSE_NANOS : TICK_NANOS)) {
        block.writeBytes((look(found) + "\t").getBytes(StandardCharsets.UTF_8));
        block.writeBytes(line.bytes());
        if (files != null) {
          block.writeBytes(("\t" + files.text()).getBytes(StandardCharsets.ISO_8859_1));
        }
        block.write('\n');
        if (block.size() >= BLOCK_BYTES) {
          hand();
        }
      }
    }

    /** What fails there comes out of a later call here. */
    private void hand() throws IOException {
      ByteArrayOutputStream full = block;
      block = new ByteArrayOutputStream(BLOCK_BYTES);
      pending.add(thread.submit(() -> {
        full.writeTo(out);
        return null;
      }));
      while (pending.size() > QUEUED_BLOCKS) {
        Catalogue.get(pending.remove());
      }
    }

    /** Writes what is left; the file is whole when this returns. */
    void finish() throws IOException {
      hand();
      while (!pending.isEmpty()) {
        Catalogue.get(pending.remove());
      }
      out.close();
    }

    @Override
    public void close() throws IOException {
      InOrder.end(thread);
      out.close();
    }
  }
}
