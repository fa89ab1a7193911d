package org.slipway.store;

final class PostgresNeighboursTest extends NeighboursContract {
  private final DatabaseSettings database = TestPostgres.database();

  @Override
  DatabaseSettings database() {
    return database;
  }
}
