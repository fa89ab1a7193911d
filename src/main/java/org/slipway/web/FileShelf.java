package org.slipway.web;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The repository files that were asked for last, by the very address they were asked by. What a channel's address gave
 * counts only while the channel stands where it stood. Safe for several threads.
 */
final class FileShelf {
  private static final long MOST_BYTES = 32L << 20;

  private record Entry(Answer.Download download) {
    boolean holds() throws IOException {
      Optional<Standing> standing = download.standing();
      return standing.isEmpty() || standing.get().holds();
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>(256, 0.75f, true);
  private long bytes;

  /** Nothing where it is not there, or no longer true. */
  @Nullable
  ServedFile find(String address) throws IOException {
    Entry entry;
    synchronized (this) {
      entry = entries.get(address);
    }
    if (entry == null) {
      return null;
    }
    if (entry.holds()) {
      return entry.download().file();
    }
    forget(address);
    return null;
  }

  synchronized void put(String address, Answer.Download download) {
    forget(address);
    entries.put(address, new Entry(download));
    bytes += weight(address, download.file());
    Iterator<Map.Entry<String, Entry>> oldest = entries.entrySet().iterator();
    while (bytes > MOST_BYTES && oldest.hasNext()) {
      Map.Entry<String, Entry> each = oldest.next();
      bytes -= weight(each.getKey(), each.getValue().download().file());
      oldest.remove();
    }
  }

  synchronized void forget(String address) {
    Entry gone = entries.remove(address);
    if (gone != null) {
      bytes -= weight(address, gone.download().file());
    }
  }

  private static long weight(String address, ServedFile file) {
    return 2L * address.length() + file.weight();
  }
}
