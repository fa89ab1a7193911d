package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FstabTest {
  @ParameterizedTest
  @CsvSource({
    "6.18.44-fc-v657, true",
    "6.1.0-39-amd64, true",
    "5.10.0, true",
    "5.10, true",
    "5.9.16, false",
    "4.18.0-553.el8_10.x86_64, false",
    "4.4.0, false",
    "'', false",
    "unknown, false"
  })
  void leavesOverlaysUnsyncedWhereTheKernelCan(String release, boolean can) {
    assertThat(Fstab.unsynced(release)).isEqualTo(can);
  }
}
