package org.slipway.packages;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A checked stage: what the tar stream held, by absolute path, with the bytes in numbered spool
 * files.
 */
record Stage(SortedMap<String, Item> items) {
  Stage(Map<String, Item> items) {
    this(Collections.unmodifiableSortedMap(new TreeMap<>(items)));
  }

  /** One thing found in the stage. */
  sealed interface Item permits StagedFile, StagedLink, StagedDirectory {}

  /** A file; hard links share the same value, which is how they are known. */
  record StagedFile(int number, int mode, Path bytes, long sizeBytes, ContentSum sum)
      implements Item {}

  record StagedLink(int mode, String target) implements Item {}

  record StagedDirectory(int mode) implements Item {}
}
