package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is told whose database cannot be used. */
final class EmbeddedDatabaseTest {
  @TempDir
  Path folder;

  @Test
  void saysThatTheFileIsDamagedWhereItIsGarbage() throws IOException {
    Files.write(file(), "no database at all\n".repeat(4_000).getBytes(StandardCharsets.UTF_8));
    byte[] before = Files.readAllBytes(file());
    assertRefused(this::open, "is damaged; restore a backup, or move the file away");
    assertThat(file()).hasBinaryContent(before);
  }

  @Test
  void saysThatTheFileIsDamagedWhereItsBytesWereOverwritten() throws IOException {
    FarmStore store = open();
    JobName job = Sample.job();
    for (int number = 1; number <= 200; number++) {
      store.recordCommits(job, java.util.List.of(Sample.commit(number)));
    }
    store.close();
    byte[] bytes = Files.readAllBytes(file());
    Arrays.fill(bytes, 0, bytes.length, (byte) 'x');
    Files.write(file(), bytes);
    assertRefused(this::open, "is damaged; restore a backup, or move the file away");
  }

  @Test
  void saysThatAnotherSlipwayHasTheDatabaseOpen() throws Exception {
    open().close();
    try (WriterProcess other = WriterProcess.start(folder)) {
      assertThat(other.line()).isEqualTo("open");
      assertRefused(this::open, "is in use by another Slipway; stop that one");
    }
  }

  @Test
  void refusesTablesOfANewerSlipway() throws Exception {
    open().close();
    execute("INSERT INTO \"flyway_schema_history\" (\"installed_rank\", \"version\","
        + " \"description\", \"type\", \"script\", \"installed_by\", \"execution_time\","
        + " \"success\") VALUES (99, '99', 'future', 'SQL', 'V99__future.sql', 'farm', 1, TRUE)");
    assertRefused(this::open, "was written by a newer Slipway (its tables are of version 99");
  }

  @Test
  void refusesAFolderThatCannotBeMade() throws IOException {
    Files.writeString(folder.resolve("plain"), "a file");
    assertRefused(
        () -> open(DatabaseSettings.embedded(folder.resolve("plain"))),
        "plain/farm.mv.db cannot be read or written; check that its folder is there");
  }

  @Test
  void refusesAFolderNameThatWouldEndThePath() {
    assertThatThrownBy(() -> DatabaseSettings.embedded(folder.resolve("a;INIT=x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("choose a name without a semicolon");
  }

  @Test
  void refusesAnotherUsersPassword() throws Exception {
    open().close();
    DatabaseSettings right = DatabaseSettings.embedded(folder);
    assertRefused(
        () -> open(new DatabaseSettings(right.url(), "farm", "guess")),
        "refuses the user \"farm\"; check name and password");
  }

  @Test
  void refusesAnAddressOfNoKnownKind() {
    assertRefused(
        () -> open(new DatabaseSettings("jdbc:mysql://db/farm?password=secret", "farm", "")),
        "is of no kind that Slipway knows; write jdbc:postgresql://HOST/NAME");
    assertRefused(
        () -> open(new DatabaseSettings("jdbc:postgresql://[:::/farm", "farm", "")),
        "is not well formed; write jdbc:postgresql://HOST/NAME");
  }

  @Test
  void saysThatPostgresCannotBeReached() {
    assertRefused(
        () -> open(new DatabaseSettings("jdbc:postgresql://127.0.0.1:1/farm", "farm", "")),
        "postgresql://127.0.0.1:1/farm cannot be reached: ",
        "check that PostgreSQL runs there");
  }

  @Test
  void saysThatPostgresHasNoSuchDatabaseOrUser() {
    String server = "jdbc:postgresql://localhost:" + TestPostgres.port() + "/";
    assertRefused(
        () -> open(new DatabaseSettings(server + "nothing", "postgres", "postgres")),
        "there is no such database as postgresql://localhost:");
    assertRefused(
        () -> open(new DatabaseSettings(server + "postgres", "nobody", "")),
        "refuses the user \"nobody\"");
  }

  @Test
  void keepsWhatWasWrittenWhenItIsOpenedAgain() throws Exception {
    JobName job = Sample.job();
    FarmStore first = open();
    first.recordCommits(job, java.util.List.of(Sample.commit(1)));
    BuildId build = first.begin(job, Sample.commitId(1));
    first.close();
    try (FarmStore second = open()) {
      assertThat(second.unfinished()).extracting(BuildRecord::id).containsExactly(build);
    }
  }

  /** As a kill between a table and the next leaves it: H2 takes no table back. */
  @Test
  void finishesAMigrationThatAKillCutShort() throws Exception {
    open().close();
    execute(
        "DELETE FROM \"flyway_schema_history\"",
        "DROP TABLE qrtz_locks",
        "DROP TABLE build_packages");
    open().close();
    try (FarmStore store = open()) {
      assertThat(store.builds(java.util.Optional.empty(), 1)).isEmpty();
    }
    execute("SELECT * FROM qrtz_locks", "SELECT * FROM build_packages");
  }

  private Path file() {
    return folder.resolve("farm.mv.db");
  }

  private FarmStore open() throws StoreException {
    return open(DatabaseSettings.embedded(folder));
  }

  private static FarmStore open(DatabaseSettings settings) throws StoreException {
    return FarmStore.open(settings, InstantSource.system());
  }

  private void execute(String... statements) throws SQLException {
    DatabaseSettings settings = DatabaseSettings.embedded(folder);
    try (Connection connection = DriverManager.getConnection(settings.url(), "farm", "");
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private static void assertRefused(ThrowingCallable open, String... words) {
    assertThatThrownBy(open)
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll(words)
        .message()
        .hasLineCount(1)
        .doesNotContain("secret", "Exception");
  }
}
