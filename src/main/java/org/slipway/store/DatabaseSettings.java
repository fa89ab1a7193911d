package org.slipway.store;

import java.nio.file.Path;

/**
 * Where the database is.
 *
 * @param url a JDBC address: {@code jdbc:h2:...} or {@code jdbc:postgresql:...}
 */
public record DatabaseSettings(String url, String user, String password) {
  /**
   * The embedded database in a folder, HOME/db; a commit is in the file before it returns, so a
   * kill loses none.
   *
   * @throws IllegalArgumentException where the folder's name has a semicolon, which ends a path in
   *     H2's addresses
   */
  public static DatabaseSettings embedded(Path folder) {
    Path file = folder.toAbsolutePath().resolve("farm");
    if (file.toString().indexOf(';') >= 0) {
      throw new IllegalArgumentException("the folder \"" + folder
          + "\" cannot hold the embedded database; choose a name without a semicolon");
    }
    // async: with H2's usual file access an interrupted thread closes the file under all others.
    // WRITE_DELAY: a commit is in the file before it returns, so a kill takes none back.
    // DB_CLOSE_ON_EXIT: the farm closes it itself, after the last writer.
    // TRACE_LEVEL_FILE: faults reach the caller; H2 would also print them on the terminal.
    return new DatabaseSettings(
        "jdbc:h2:async:" + file
            + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=30000;TRACE_LEVEL_FILE=0",
        "farm",
        "");
  }

  /** Without the password, which logs must not show. */
  @Override
  public String toString() {
    return "DatabaseSettings[" + place() + ", " + user + "]";
  }

  boolean postgres() {
    return url.startsWith("jdbc:postgresql:");
  }

  /** For a person: the embedded database's file, or the server's address without its parameters. */
  String place() {
    String bare = url.replaceAll("[?;].*", "").replaceAll("//[^/@]*@", "//");
    return bare.startsWith("jdbc:h2:")
        ? bare.replaceFirst("^jdbc:h2:((async|nio|file|retry):)*", "") + ".mv.db"
        : bare.replaceFirst("^jdbc:", "");
  }
}
