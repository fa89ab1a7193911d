package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

class TrialProgressTest {
  private static final OriginSpec MARL = OriginSpec.parse("devel/libmarl");
  private static final OriginSpec TABLE = OriginSpec.parse("devel/mktable");
  private static final OriginSpec PORT = OriginSpec.parse("www/esker");
  private static final BuildResult BAD =
      new BuildResult.Failed(FailureClass.COMPILE, Phase.BUILD, "no", List.of());

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What stands in the living line at the end. */
  private String living() {
    String said = said();
    int begin = Math.max(said.lastIndexOf('\r'), said.lastIndexOf('\n'));
    return said.substring(begin + 1).replace("\u001b[K", "");
  }

  @Test
  void drawsWhatIsBuiltSideBySideInOneLine() {
    try (TrialProgress progress =
        new TrialProgress(new PrintStream(out, true, StandardCharsets.UTF_8), true, false, false)) {
      progress.building(MARL, PackageName.parse("libmarl-2.1.0"), true);
      progress.phase(MARL, Phase.CONFIGURE);
      assertThat(living()).matches(" +libmarl-2.1.0 +configure +[0-9.]+ s");
      progress.building(TABLE, PackageName.parse("mktable-1.3"), true);
      progress.phase(TABLE, Phase.FETCH);
      assertThat(living())
          .matches("  2 at once: libmarl configure [0-9.]+ s, mktable fetch [0-9.]+ s");
      progress.ended(MARL, BAD);
      assertThat(said()).containsPattern("  libmarl-2.1.0 +failed in configure, [0-9.]+ s\n");
      assertThat(living()).matches(" +mktable-1.3 +fetch +[0-9.]+ s");
      progress.ended(TABLE, BAD);
      assertThat(living()).isEmpty();
      progress.building(PORT, PackageName.parse("esker-1.0"), false);
      progress.phase(PORT, Phase.BUILD);
      assertThat(living()).matches("  build +[0-9.]+ s");
      progress.ended(PORT, BAD);
      assertThat(said()).containsPattern("\n[^\n]*  build +[0-9.]+ s  failed\n");
    }
  }

  @Test
  void saysLinesAloneWhereNobodySeesALivingOne() {
    try (TrialProgress progress = new TrialProgress(
        new PrintStream(out, true, StandardCharsets.UTF_8), false, false, false)) {
      progress.building(MARL, PackageName.parse("libmarl-2.1.0"), true);
      progress.phase(MARL, Phase.CONFIGURE);
      progress.building(TABLE, PackageName.parse("mktable-1.3"), true);
      progress.phase(TABLE, Phase.BUILD);
      progress.ended(TABLE, BAD);
    }
    assertThat(said()).matches("  mktable-1.3 +failed in build, [0-9.]+ s\n");
  }
}
