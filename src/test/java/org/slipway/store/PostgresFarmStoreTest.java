package org.slipway.store;

final class PostgresFarmStoreTest extends SlotContract {
  private final DatabaseSettings database = TestPostgres.database();

  @Override
  DatabaseSettings database() {
    return database;
  }
}
