package org.slipway.web;

import java.nio.file.Files;
import org.slipway.build.Phase;
import org.slipway.jail.Containment;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;

/**
 * Serves the sample farm, for looking at it: {@code SampleMain PORT [CONTAINMENT]}. One package
 * goes from phase to phase.
 */
final class SampleMain {
  private SampleMain() {}

  public static void main(String[] arguments) throws Exception {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8088;
    Containment containment =
        arguments.length > 1 ? Containment.valueOf(arguments[1]) : Containment.RUNC;
    try (SampleSite sample = SampleSite.open(Files.createTempDirectory("slipway-sample"));
        StatusServer server = StatusServer.start(sample.site(containment), "127.0.0.1", port)) {
      sample.clock.letGo();
      System.out.println(server.address());
      // Something to see on a page that stays open.
      for (int turn = 0; ; turn++) {
        Thread.sleep(2_000);
        Phase[] phases = Phase.values();
        sample.store.phase(
            new BuildId(4),
            OriginSpec.parse("security/vault-agent"),
            1,
            phases[turn % phases.length]);
      }
    }
  }
}
