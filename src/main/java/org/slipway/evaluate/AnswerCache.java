package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What earlier evaluations came to: a {@link Ledger} for each setting, in a file of its own where
 * there is a folder for them.
 */
final class AnswerCache implements AutoCloseable {
  /** In one setting: a tree of 36,000 ports with its flavors, three times over. */
  private static final int REPLIES = 150_000;

  /** Settings whose files stay; a job's change makes another one. */
  private static final int FILES = 16;

  /** Settings whose replies are in memory, some 100 MB each for a large tree. */
  private static final int OPEN = 4;

  private static final String SUFFIX = ".mv";

  private final Optional<Path> folder;
  private final Map<String, Ledger> ledgers = new LinkedHashMap<>(16, 0.75f, true);

  /** @param folder HOME/evaluations; without one, nothing outlives this object */
  AnswerCache(Optional<Path> folder) {
    this.folder = folder;
  }

  /**
   * The ledger of a setting, claimed for one evaluation.
   *
   * @param setting a digest, which names the file
   */
  synchronized Ledger ledger(String setting) throws IOException {
    Ledger known = ledgers.get(setting);
    if (known == null) {
      known = folder.isPresent() ? open(folder.get(), setting) : Ledger.inMemory(REPLIES);
      known.claim();
      ledgers.put(setting, known);
      closeIdle();
    } else {
      known.claim();
    }
    return known;
  }

  private void closeIdle() {
    var eldest = ledgers.values().iterator();
    while (ledgers.size() > OPEN && eldest.hasNext()) {
      if (eldest.next().closeIfIdle()) {
        eldest.remove();
      }
    }
  }

  private Ledger open(Path in, String setting) throws IOException {
    Path file = in.resolve(setting + SUFFIX);
    Ledger opened = Ledger.open(file, REPLIES);
    if (Files.exists(file)) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(in)) {
      files =
          new ArrayList<>(all.filter(each -> each.toString().endsWith(SUFFIX)).toList());
    }
    files.sort(Comparator.comparing(AnswerCache::modified));
    for (Path old : files.subList(0, Math.max(0, files.size() - FILES))) {
      String name = String.valueOf(old.getFileName()).replace(SUFFIX, "");
      if (!ledgers.containsKey(name) && !name.equals(setting)) {
        Files.deleteIfExists(old);
      }
    }
    return opened;
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  @Override
  public synchronized void close() {
    ledgers.values().forEach(Ledger::close);
    ledgers.clear();
  }
}
