package org.slipway.store;

final class EmbeddedNeighboursTest extends NeighboursContract {
  @Override
  DatabaseSettings database() {
    return DatabaseSettings.embedded(folder);
  }
}
