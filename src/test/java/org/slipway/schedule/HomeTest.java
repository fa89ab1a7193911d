package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir
  Path folder;

  @Test
  void refusesAHomeThatAnotherFarmHas() throws Exception {
    try (Home first = Home.open(folder)) {
      assertThatThrownBy(() -> Home.open(folder))
          .isInstanceOf(FarmException.class)
          .hasMessageContaining(first.folder() + " is in use by another farm")
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--home");
    }
    Home.open(folder).close();
  }

  @Test
  void refusesAHomeThatCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Home.open(file.resolve("home")))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void removesWhatAKilledFarmHadHalfFetched() throws Exception {
    Files.createDirectories(folder.resolve("distfiles"));
    Files.writeString(folder.resolve("distfiles/.new-1"), "half");
    Files.writeString(folder.resolve("distfiles/whole-1.0.tar"), "whole");
    try (Home home = Home.open(folder)) {
      assertThat(home.distfiles().resolve(".new-1")).doesNotExist();
      assertThat(home.distfiles().resolve("whole-1.0.tar")).exists();
    }
  }

  @Test
  void emptiesTheSpoolOfAKilledFarm() throws Exception {
    Path half = folder.resolve("spool/x/half.pkg");
    Files.createDirectories(half.getParent());
    Files.writeString(half, "half");
    try (Home home = Home.open(folder)) {
      assertThat(home.spool()).isEmptyDirectory();
    }
  }
}
