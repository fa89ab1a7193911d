package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kept replies on disk. They can be had again by asking, so whatever is wrong with the file ends
 * with an empty one, and a file that another process holds is left to it.
 */
final class KeptFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptFile.class);
  private static final int READ_CACHE_MEBIBYTES = 4;
  private static final int COMPACTION_MILLIS = 200;

  private final MVStore store;
  private final MVMap<String, byte[]> map;

  private KeptFile(MVStore store) {
    this.store = store;
    this.map = store.openMap(
        "replies",
        new MVMap.Builder<String, byte[]>()
            .keyType(StringDataType.INSTANCE)
            .valueType(ByteArrayDataType.INSTANCE));
  }

  /** Empty where another process has it open. */
  static Optional<KeptFile> open(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try {
      return Optional.of(new KeptFile(store(file)));
    } catch (MVStoreException e) {
      if (e.getErrorCode() == org.h2.mvstore.DataUtils.ERROR_FILE_LOCKED) {
        LOG.warn("{} is in use by another process; its answers are not used", file);
        return Optional.empty();
      }
      LOG.warn("{} is damaged and begun anew: {}", file, e.getMessage());
      Files.deleteIfExists(file);
      return Optional.of(new KeptFile(store(file)));
    }
  }

  private static MVStore store(Path file) {
    // async: with other file access an interrupted thread would close the file for all.
    return new MVStore.Builder()
        .fileName("async:" + file)
        .cacheSize(READ_CACHE_MEBIBYTES)
        .autoCommitDisabled()
        .open();
  }

  /** Every entry; what cannot be read any more ends it, and is dropped. */
  void forEach(BiConsumer<String, byte[]> action) {
    try {
      for (Map.Entry<String, byte[]> entry : map.entrySet()) {
        action.accept(entry.getKey(), entry.getValue());
      }
    } catch (MVStoreException | IllegalStateException e) {
      LOG.warn("kept answers are damaged and dropped: {}", e.getMessage());
      map.clear();
    }
  }

  void put(String key, byte[] value) {
    map.put(key, value);
  }

  void remove(String key) {
    map.remove(key);
  }

  void commit() {
    store.commit();
  }

  /** Gives back what replaced entries took, for a moment at the most. */
  void compact() {
    store.compactFile(COMPACTION_MILLIS);
  }

  @Override
  public void close() {
    store.close();
  }
}
