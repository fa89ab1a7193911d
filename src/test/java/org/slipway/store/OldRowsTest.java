package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.FailureClass;
import org.slipway.build.Footprint;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.packages.OriginSpec;

/** Rows that an older farm wrote, before phases and failures had the names they have now. */
final class OldRowsTest {
  private static final OriginSpec SPEC = Sample.spec("devel/foo");

  @TempDir
  Path folder;

  @Test
  void areReadFromTheEmbeddedDatabase() throws Exception {
    check(DatabaseSettings.embedded(folder));
  }

  @Test
  void areReadFromPostgres() throws Exception {
    check(TestPostgres.database());
  }

  private static void check(DatabaseSettings database) throws Exception {
    BuildId build;
    try (FarmStore store = FarmStore.open(database, InstantSource.system())) {
      JobName job = Sample.job();
      store.recordCommits(job, List.of(Sample.commit(1)));
      build = store.begin(job, Sample.commitId(1));
      store.plan(build, Sample.plan(Sample.build(SPEC.toString())));
      int attempt = store.claim(build, SPEC, 1).orElseThrow();
      store.failed(build, SPEC, attempt, Sample.failed("no"));
    }
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      for (String column : List.of(
          "cpu_millis", "disk_bytes", "log_bytes", "quote_line", "quote", "tries", "retry_at")) {
        statement.execute("ALTER TABLE build_packages DROP COLUMN " + column);
      }
      statement.execute(
          "DELETE FROM \"flyway_schema_history\" WHERE \"version\" IN ('4', '5', '6')");
      statement.execute("UPDATE build_packages SET failure = 'DEPENDS', phase = 'DEPENDS',"
          + " phases = 'CHECK_SANITY 5 DEPENDS 120'");
    }
    try (FarmStore store = FarmStore.open(database, InstantSource.system())) {
      PackageRecord row = store.find(build, SPEC).orElseThrow();
      assertThat(row.failure()).contains(FailureClass.DEPENDENCY);
      assertThat(row.phase()).contains(Phase.PKG_DEPENDS);
      assertThat(row.phases())
          .extracting(PhaseTime::phase)
          .containsExactly(Phase.CHECK_SANITY, Phase.PKG_DEPENDS);
      assertThat(row.footprint()).isEqualTo(Footprint.NONE);
      assertThat(row.quote()).isEmpty();
    }
  }
}
