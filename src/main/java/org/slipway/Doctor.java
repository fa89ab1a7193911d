package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slipway.jail.JailException;
import org.slipway.jail.Jails;

/** Says what this host offers a farm: each tool, and which jail really starts here. */
final class Doctor {
  private final PrintStream out;
  private final Path program;

  Doctor(PrintStream out, Path program) {
    this.out = out;
    this.program = program;
  }

  /** Gives 0 where a farm can build here, else 1. */
  int run() throws IOException {
    boolean whole = true;
    say("java", Runtime.version() + " in " + System.getProperty("java.home"));
    say("program", program.toString());
    for (String tool : HostTools.NEEDED) {
      Optional<Path> found = HostTools.find(tool);
      say(tool, found.map(Path::toString).orElse("MISSING; run ./slipway setup"));
      whole &= found.isPresent();
    }
    for (String tool : List.of("runc", "crun", "newuidmap", "proot")) {
      say(
          tool,
          HostTools.find(tool).map(Path::toString).orElse("not here; not every host needs it"));
    }
    Path scratch = Files.createTempDirectory("slipway-doctor");
    try (Jails jails = Jails.open(scratch.resolve("jails"), true)) {
      say("jails", jails.containment().sentence());
    } catch (JailException e) {
      say("jails", String.valueOf(e.getMessage()));
      whole = false;
    } finally {
      DemoFiles.delete(scratch);
    }
    return whole ? 0 : 1;
  }

  private void say(String what, String found) {
    out.printf("%-10s %s%n", what, found);
    out.flush();
  }
}
