package org.slipway.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.Target;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;

/**
 * Installs packages into a root that a build will use, as pkg would: scripts before, files, scripts
 * after, and each registered with the pkg that the framework asks there. All of it happens in the
 * jail: an archive's paths and scripts are a port's words. Each package is installed once.
 *
 * <p>On FreeBSD the base's own pkg does it, from the archive as a stream.
 */
final class Installing {
  /** What FreeBSD's framework takes as its pkg ({@code PKG_ORIGIN}). */
  private static final Set<String> PKG = Set.of("ports-mgmt/pkg", "ports-mgmt/pkg-devel");

  private final Jail jail;
  private final BuildRequest request;
  private final Steps steps;
  private final Path tars;
  private final BuildLog log;
  private final boolean ofFreeBsd;
  private final Map<String, BuildRequest.Install> byName = new HashMap<>();
  private final Map<String, PackageFile> archives = new HashMap<>();
  private final Set<String> present = new HashSet<>();
  private Phase phase = Phase.PKG_DEPENDS;
  private boolean waiting;

  /**
   * Prepares.
   *
   * @param request whose installs are what can be installed, in an order in which each comes after
   *     what it needs
   * @param tars a file of the farm's own to be written and written again
   */
  Installing(Jail jail, BuildRequest request, Steps steps, Path tars, BuildLog log) {
    this.jail = jail;
    this.request = request;
    this.steps = steps;
    this.tars = tars;
    this.log = log;
    this.ofFreeBsd = Rig.ofFreeBsd(request.target());
    request.installs().forEach(install -> byName.put(install.built().name().base(), install));
  }

  /** Whether a dependency is the pkg that a jail on such a base has anyway, see {@link Rig}. */
  static boolean isThere(Target target, Origin origin) {
    return PKG.contains(origin.toString()) && !Rig.ofFreeBsd(target);
  }

  /**
   * Makes packages present that a phase needs, with all that they need when they run. What is there
   * already stays as it is.
   *
   * @param wanted ports among the request's installs
   */
  void ensure(Collection<OriginSpec> wanted, Phase phase)
      throws IOException, InterruptedException, PhaseFailure {
    Set<String> closure = new HashSet<>();
    for (OriginSpec spec : wanted) {
      BuildRequest.Install install = install(spec);
      if (install == null && isThere(request.target(), spec.origin())) {
        log.say("The jail has a pkg of its own; " + spec + " is not built for a base that is not"
            + " FreeBSD's");
      } else if (install == null) {
        throw new IllegalArgumentException(
            request.port().spec() + " needs " + spec + ", which is not among its installs");
      } else {
        close(install, closure);
      }
    }
    this.phase = phase;
    install(request.installs().stream()
        .filter(install -> closure.contains(install.built().name().base()))
        .toList());
  }

  /** Installs these as they come, but for those that are there. */
  void install(List<BuildRequest.Install> installs)
      throws IOException, InterruptedException, PhaseFailure {
    waiting = false;
    Files.deleteIfExists(tars);
    for (BuildRequest.Install install : installs) {
      String name = install.built().name().toString();
      if (!present.add(install.built().name().base())) {
        continue;
      }
      log.say("Installing " + name);
      try {
        if (ofFreeBsd) {
          add(install);
        } else {
          put(archive(install), name);
        }
      } catch (PackageException e) {
        throw new PhaseFailure(
            FailureClass.DEPENDENCY, "cannot install " + name + ": " + e.getMessage());
      }
    }
    if (waiting) {
      unpack();
    }
  }

  private BuildRequest.@Nullable Install install(OriginSpec spec) {
    for (BuildRequest.Install install : request.installs()) {
      if (install.spec().equals(spec)) {
        return install;
      }
    }
    return null;
  }

  /** Adds a package and, by their manifests, all that it needs when it runs. */
  private void close(BuildRequest.Install first, Set<String> closure)
      throws IOException, PhaseFailure {
    List<BuildRequest.Install> left = new ArrayList<>(List.of(first));
    while (!left.isEmpty()) {
      BuildRequest.Install next = left.remove(left.size() - 1);
      String name = next.built().name().base();
      if (!closure.add(name)) {
        continue;
      }
      try {
        for (var dependency : archive(next).manifest().deps().entrySet()) {
          BuildRequest.Install needed = byName.get(dependency.getKey());
          if (needed != null) {
            left.add(needed);
          } else if (!isThere(request.target(), dependency.getValue().origin())) {
            throw new PhaseFailure(
                FailureClass.DEPENDENCY,
                next.built().name() + " needs " + dependency.getKey() + " from "
                    + dependency.getValue().origin() + ", which is not at hand");
          }
        }
      } catch (PackageException e) {
        throw new PhaseFailure(
            FailureClass.DEPENDENCY,
            "cannot install " + next.built().name() + ": " + e.getMessage());
      }
    }
  }

  private PackageFile archive(BuildRequest.Install install) throws IOException, PackageException {
    PackageFile known = archives.get(install.built().name().base());
    if (known == null) {
      known = PackageFile.open(install.file());
      archives.put(install.built().name().base(), known);
    }
    return known;
  }

  private void put(PackageFile archive, String name)
      throws IOException, InterruptedException, PhaseFailure, PackageException {
    Map<String, String> scripts = archive.scripts();
    // Packages without scripts are unpacked together: entering a jail costs more than a small
    // package.
    if (waiting && !scripts.isEmpty()) {
      unpack();
    }
    run(scripts, "pre-install", List.of(name), true);
    run(scripts, "install", List.of(name, "PRE-INSTALL"), true);
    SortedMap<String, byte[]> registry = PkgRegistry.files(archive);
    try (OutputStream out =
        Files.newOutputStream(tars, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      archive.writeTar(out, registry);
    }
    waiting = scripts.isEmpty();
    if (!waiting) {
      unpack();
    }
    run(scripts, "install", List.of(name, "POST-INSTALL"), false);
    run(scripts, "post-install", List.of(name), false);
  }

  private void unpack() throws IOException, InterruptedException, PhaseFailure {
    try (InputStream in = Files.newInputStream(tars)) {
      require(jail.run(steps.unpack(in), log));
    }
    Files.delete(tars);
  }

  /**
   * By FreeBSD's own pkg (pkg-add(8)), which takes an archive on its input. The first package is
   * pkg itself, which has to be there before it can register what is there.
   */
  private void add(BuildRequest.Install install)
      throws IOException, InterruptedException, PhaseFailure, PackageException {
    boolean pkg = PKG.contains(install.built().origin().toString());
    if (pkg) {
      try (OutputStream out = Files.newOutputStream(tars)) {
        archive(install).writeTar(out, Collections.emptySortedMap());
      }
      unpack();
    }
    try (InputStream in = Files.newInputStream(install.file())) {
      require(jail.run(steps.add(in, pkg), log));
    }
  }

  /** As pkg does: a script before the files may refuse, one after them only complains. */
  private void run(
      Map<String, String> scripts, String when, List<String> arguments, boolean mayRefuse)
      throws IOException, InterruptedException, PhaseFailure {
    String script = scripts.get(when);
    if (script == null) {
      return;
    }
    Exit exit = jail.run(steps.script(script, arguments), log);
    if (mayRefuse || !(exit instanceof Exit.Exited)) {
      require(exit);
    } else if (!exit.succeeded()) {
      log.say(arguments.get(0) + ": " + when + " script: " + exit.inWords());
    }
  }

  private void require(Exit exit) throws PhaseFailure {
    if (!exit.succeeded()) {
      throw PhaseFailure.of(phase, exit, log.notes());
    }
  }
}
