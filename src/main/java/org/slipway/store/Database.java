package org.slipway.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** Opens the database, brings its tables up to date, and says in a sentence why it could not. */
final class Database {
  /** Threads beyond wait for a connection; Quartz's are among them. */
  private static final int CONNECTIONS = 16;

  private static final long CONNECT_TIMEOUT_MILLIS = 10_000;

  // H2's error codes, org.h2.api.ErrorCode.
  private static final int H2_IN_USE = 90020;
  private static final int H2_FILE_DAMAGED = 90030;
  private static final int H2_UNSUPPORTED_FORMAT = 90048;
  private static final int H2_GENERAL = 50000;

  private Database() {}

  static HikariDataSource open(DatabaseSettings settings) throws StoreException {
    requireKnownKind(settings);
    // One connection first, in plain sight: the pool would put a stack trace into the log when it
    // cannot get any.
    try (Connection first =
        DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
      HikariDataSource pool = new HikariDataSource(config(settings));
      try {
        migrate(settings, pool);
        return pool;
      } catch (StoreException | RuntimeException e) {
        pool.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new StoreException(sentence(settings, e), e);
    }
  }

  private static void requireKnownKind(DatabaseSettings settings) throws StoreException {
    if (!settings.postgres() && !settings.url().startsWith("jdbc:h2:")) {
      throw new StoreException("the database address \"" + settings.place()
          + "\" is of no kind that Slipway knows; write jdbc:postgresql://HOST/NAME, or leave it"
          + " out for the embedded database");
    }
    try {
      DriverManager.getDriver(settings.url());
    } catch (SQLException e) {
      throw new StoreException(
          "the database address \"" + settings.place() + "\" is not well formed; write"
              + " jdbc:postgresql://HOST/NAME",
          e);
    }
  }

  private static HikariConfig config(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("store");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
    return config;
  }

  private static void migrate(DatabaseSettings settings, DataSource pool) throws StoreException {
    try {
      QuartzTables quartz = new QuartzTables(settings.postgres());
      Flyway flyway = Flyway.configure(Database.class.getClassLoader())
          .dataSource(pool)
          .locations("classpath:org/slipway/store/migration")
          .javaMigrations(quartz)
          .load();
      MigrationInfoService info = flyway.info();
      MigrationInfo current = info.current();
      MigrationVersion newest = newest(info);
      if (current != null && current.getVersion().compareTo(newest) > 0) {
        throw new StoreException("the database " + settings.place()
            + " was written by a newer Slipway (its tables are of version " + current.getVersion()
            + ", this one knows " + newest + "); start that one, or restore an older backup");
      }
      flyway.migrate();
    } catch (FlywayException e) {
      SQLException cause = cause(e);
      throw new StoreException(
          cause != null && damaged(cause)
              ? sentence(settings, cause)
              : "the tables of the database " + settings.place()
                  + " cannot be brought up to date: " + firstLine(e.getMessage())
                  + "; restore a backup, or use an empty database",
          e);
    }
  }

  /** The newest that this program brings. */
  private static MigrationVersion newest(MigrationInfoService info) {
    MigrationVersion newest = MigrationVersion.EMPTY;
    for (MigrationInfo each : info.all()) {
      if (each.getState().isResolved() && each.getVersion().compareTo(newest) > 0) {
        newest = each.getVersion();
      }
    }
    return newest;
  }

  private static String sentence(DatabaseSettings settings, SQLException cause) {
    String place = settings.place();
    String state = String.valueOf(cause.getSQLState());
    if (state.startsWith("28")) {
      return "the database " + place + " refuses the user \"" + settings.user()
          + "\"; check name and password in the farm's settings";
    }
    if (settings.postgres()) {
      return state.startsWith("3D")
          ? "there is no such database as " + place + "; make it with createdb, or correct its name"
          : "the database " + place + " cannot be reached: " + firstLine(cause.getMessage())
              + "; check that PostgreSQL runs there and the address in the farm's settings";
    }
    if (cause.getErrorCode() == H2_IN_USE) {
      return "the database " + place
          + " is in use by another Slipway; stop that one, or choose another home";
    }
    return damaged(cause)
        ? "the database " + place + " is damaged; restore a backup, or move the file away to start"
            + " with an empty one: packages and logs stay where they are"
        : "the database " + place + " cannot be read or written; check that its folder is there,"
            + " whose it is, and that its disk is not full";
  }

  private static boolean damaged(SQLException cause) {
    int code = cause.getErrorCode();
    return code == H2_FILE_DAMAGED || code == H2_UNSUPPORTED_FORMAT || code == H2_GENERAL;
  }

  private static @Nullable SQLException cause(Throwable fault) {
    for (Throwable each = fault; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).strip().lines().findFirst().orElse("").replaceAll("[.:;]$", "");
  }

  /**
   * A deadlock, or a row that another transaction put in first: done again, it meets what that one
   * left.
   */
  static boolean passing(Throwable fault) {
    for (Throwable each = fault; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        String state = String.valueOf(sql.getSQLState());
        return state.equals("23505") || state.equals("40001") || state.equals("40P01");
      }
    }
    return false;
  }
}
