package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.FailureClass;
import org.slipway.packages.OriginSpec;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

class PackageSizeTest {
  private static final OriginSpec TOOL = OriginSpec.parse("devel/mktable");

  @TempDir
  Path folder;

  @Test
  void isLimitedAsTheJobSays() throws Exception {
    Path fork = TestFarm.fork(folder);
    TestFarm.add(fork, "devel/mktable", """
        post-install:
        	@cd ${STAGEDIR}${PREFIX}/bin && chmod 755 mktable && truncate -s 2M mktable
        """);
    TestFarm.commit(fork, "devel/mktable: be large");
    Job.Room room = new Job.Room(0, 0, 4096, 0, OptionalLong.empty(), 1 << 20);
    Job job =
        TestFarm.job(fork, List.of("devel/mktable"), 1, room, Retries.USUAL, Optional.empty());
    try (TestFarm farm =
        new TestFarm(folder.resolve("home"), job, InstantSource.system()).started()) {
      farm.ended(1);
      PackageRecord row = farm.row(1, TOOL);
      assertThat(row.state()).isEqualTo(PackageState.FAILED);
      assertThat(row.failure()).hasValue(FailureClass.PACKAGE);
      assertThat(row.message())
          .hasValue("the stage is larger than 1 MiB, the limit on packages, which package-size"
              + " raises");
      assertThat(row.tries().failed()).isEmpty();
    }
  }
}
