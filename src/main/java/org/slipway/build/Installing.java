package org.slipway.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;

/**
 * Installs packages into a root that a build will use, as pkg would: scripts before, files,
 * scripts after. All of it happens in the jail: an archive's paths and scripts are a port's words.
 */
final class Installing {
  private final Jail jail;
  private final Steps steps;
  private final Path tars;
  private final BuildLog log;

  /**
   * Prepares.
   *
   * @param tars a file of the farm's own to be written and written again
   */
  Installing(Jail jail, Steps steps, Path tars, BuildLog log) {
    this.jail = jail;
    this.steps = steps;
    this.tars = tars;
    this.log = log;
  }

  void install(List<BuildRequest.Install> installs)
      throws IOException, InterruptedException, PhaseFailure {
    boolean waiting = false;
    Files.deleteIfExists(tars);
    for (BuildRequest.Install install : installs) {
      String name = install.built().name().toString();
      log.say("Installing " + name);
      try {
        PackageFile archive = PackageFile.open(install.file());
        Map<String, String> scripts = archive.scripts();
        // Packages without scripts are unpacked together: entering a jail costs more than a small
        // package.
        if (waiting && !scripts.isEmpty()) {
          unpack();
        }
        run(scripts, "pre-install", List.of(name), true);
        run(scripts, "install", List.of(name, "PRE-INSTALL"), true);
        try (OutputStream out =
            Files.newOutputStream(tars, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
          archive.writeTar(out);
        }
        waiting = scripts.isEmpty();
        if (!waiting) {
          unpack();
        }
        run(scripts, "install", List.of(name, "POST-INSTALL"), false);
        run(scripts, "post-install", List.of(name), false);
      } catch (PackageException e) {
        throw new PhaseFailure(
            FailureClass.DEPENDENCY, "cannot install " + name + ": " + e.getMessage());
      }
    }
    if (waiting) {
      unpack();
    }
  }

  private void unpack() throws IOException, InterruptedException, PhaseFailure {
    try (InputStream in = Files.newInputStream(tars)) {
      require(jail.run(steps.unpack(in), log));
    }
    Files.delete(tars);
  }

  /** As pkg does: a script before the files may refuse, one after them only complains. */
  private void run(
      Map<String, String> scripts, String phase, List<String> arguments, boolean mayRefuse)
      throws IOException, InterruptedException, PhaseFailure {
    String script = scripts.get(phase);
    if (script == null) {
      return;
    }
    Exit exit = jail.run(steps.script(script, arguments), log);
    if (mayRefuse || !(exit instanceof Exit.Exited)) {
      require(exit);
    } else if (!exit.succeeded()) {
      log.say(arguments.get(0) + ": " + phase + " script: " + exit.inWords());
    }
  }

  private void require(Exit exit) throws PhaseFailure {
    if (!exit.succeeded()) {
      throw PhaseFailure.of(Phase.PKG_DEPENDS, exit, log.notes());
    }
  }
}
