package org.slipway.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Makes the tables of Quartz's JDBC job store from the script that its jar carries for this
 * database. Only the script is read; no class of Quartz is.
 */
final class QuartzTables implements JavaMigration {
  private static final String FOLDER = "/org/quartz/impl/jdbcjobstore/";
  private static final Pattern CREATE = Pattern.compile("(?is)CREATE\\s+TABLE\\s+(QRTZ_\\w+).*");

  private final boolean postgres;

  QuartzTables(boolean postgres) {
    this.postgres = postgres;
  }

  @Override
  public MigrationVersion getVersion() {
    return MigrationVersion.fromVersion("2");
  }

  @Override
  public String getDescription() {
    return "quartz";
  }

  /** None: another Quartz may word its comments otherwise. */
  @SuppressWarnings("NullAway") // Flyway's word for "no checksum" is null.
  @Override
  public Integer getChecksum() {
    return null;
  }

  @Override
  public boolean canExecuteInTransaction() {
    return true;
  }

  @Override
  public void migrate(Context context) throws IOException, SQLException {
    List<String> statements = statements();
    try (Statement statement = context.getConnection().createStatement()) {
      // H2 keeps what a killed migration had made; nothing can be in these tables before it is
      // done.
      for (String each : statements) {
        Matcher create = CREATE.matcher(each);
        if (create.matches()) {
          statement.execute("DROP TABLE IF EXISTS " + create.group(1) + " CASCADE");
        }
      }
      for (String each : statements) {
        statement.execute(each);
      }
      if (!postgres) {
        // Its script for H2 has primary keys only: taking the next trigger would read them all.
        statement.execute("CREATE INDEX idx_qrtz_t_nft_st"
            + " ON qrtz_triggers (sched_name, trigger_state, next_fire_time)");
      }
    }
  }

  private List<String> statements() throws IOException {
    String name = FOLDER + (postgres ? "tables_postgres.sql" : "tables_h2.sql");
    try (InputStream in = QuartzTables.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("Quartz's jar is not on the class path: no " + name);
      }
      String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Stream.of(script.replaceAll("(?m)--.*$", "").split(";"))
          .map(String::strip)
          .filter(each -> each.matches("(?is)(CREATE|ALTER)\\s.*"))
          .toList();
    }
  }
}
