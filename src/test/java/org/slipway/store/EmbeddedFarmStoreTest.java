package org.slipway.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedFarmStoreTest extends SlotContract {
  @TempDir
  static Path folder;

  @Override
  DatabaseSettings database() {
    return DatabaseSettings.embedded(folder);
  }
}
