package org.slipway.jail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the best back end that works here, by running a command in each, and sweeps what a killed farm left. */
final class Opening {
  private static final Logger LOG = LoggerFactory.getLogger(Jails.class);
  private static final List<String> SCRIPTS =
      List.of("wrap.sh", "keep.sh", "identity.sh", "stage.sh", "outside.sh", "proot.sh");

  private final Path scratch;
  private final boolean allowUncontained;
  private final Path scripts;
  private final String farm;
  private final Set<String> reasons = new LinkedHashSet<>();

  Opening(Path scratch, boolean allowUncontained) {
    this.scratch = scratch.toAbsolutePath().normalize();
    this.allowUncontained = allowUncontained;
    this.scripts = this.scratch.resolve("scripts");
    this.farm = farm(this.scratch);
  }

  Jails open(Set<Containment> among) throws IOException {
    String system = System.getProperty("os.name", "");
    if (system.equals("FreeBSD")) {
      Files.createDirectories(scratch);
      Path real = scratch.toRealPath();
      Fstab.check(real);
      FreeBsdHost host = new FreeBsdHost(HostProcess.PATH);
      return new Jails(real, farm, FreeBsdBackEnd.open(host, real, farm), ControlGroups.find(farm));
    }
    if (!system.equals("Linux")) {
      throw new JailException("jails can be made on Linux and FreeBSD, not on " + system);
    }
    Fstab.check(scratch);
    ControlGroups controlGroups = ControlGroups.find(farm);
    controlGroups.sweep();
    Files.createDirectories(scratch);
    Leftovers.end(scratch);
    Loops.detach(scratch);
    writeScripts();
    boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    try {
      return find(among, root, controlGroups);
    } catch (JailException e) {
      controlGroups.close();
      throw e;
    }
  }

  private Jails find(Set<Containment> among, boolean root, ControlGroups controlGroups)
      throws IOException {
    Optional<Jails> found = contained(among, root, controlGroups);
    if (found.isPresent()) {
      return found.get();
    }
    if (!among.contains(Containment.PROOT)) {
      throw new JailException(said());
    }
    if (!allowUncontained) {
      throw new JailException("this host gives no namespaces to contain builds in (" + said()
          + "); run the farm as root,"
          + " allow user namespaces, or accept builds that nothing contains, by proot, with"
          + " build: { allow-uncontained: true } in the job");
    }
    return uncontained(root, controlGroups);
  }

  private String said() {
    return reasons.isEmpty() ? "nothing to try" : String.join("; ", reasons);
  }

  private Optional<Jails> contained(
      Set<Containment> among, boolean root, ControlGroups controlGroups) throws IOException {
    for (IdMap ids : IdMap.candidates(root)) {
      Namespaces namespaces = new Namespaces(ids, scripts);
      String refusal = namespaces.probe();
      if (refusal != null) {
        reasons.add(refusal);
        continue;
      }
      for (Containment kind : order(ids)) {
        if (!among.contains(kind)) {
          continue;
        }
        for (boolean layered : new boolean[] {true, false}) {
          BackEnd backEnd = kind == Containment.UNSHARE
              ? new UnshareBackEnd(ids, layered, namespaces, scripts)
              : new OciBackEnd(kind, ids, layered, namespaces, controlGroups);
          Optional<Jails> jails = probe(backEnd, controlGroups);
          if (jails.isPresent()) {
            tell(kind, layered);
            tell(controlGroups);
            return Optional.of(jails.get().lookAhead());
          }
        }
      }
    }
    return Optional.empty();
  }

  /** With a single id crun comes first: it can give the build user another number than root's. */
  private static List<Containment> order(IdMap ids) {
    return ids == IdMap.SINGLE
        ? List.of(Containment.CRUN, Containment.RUNC, Containment.UNSHARE)
        : List.of(Containment.RUNC, Containment.CRUN, Containment.UNSHARE);
  }

  private static void tell(Containment kind, boolean layered) {
    if (kind == Containment.UNSHARE) {
      LOG.warn("Builds run without a system call filter, by {}; install runc", kind.sentence());
    }
    if (!layered) {
      LOG.warn("Overlay mounts do not work here: only \"base: host\" can be used");
    }
  }

  private static void tell(ControlGroups controlGroups) throws IOException {
    Limits limits = new Limits(Duration.ZERO, Duration.ZERO, 0, 1L << 30, 1, 0, 100);
    Optional<ControlGroup> group = controlGroups.create("probe", limits);
    try (ControlGroup made = group.orElse(ControlGroup.NONE)) {
      if (made.memory().isEmpty() || made.pids().isEmpty()) {
        LOG.warn(
            "The farm can make no control group for {}: the limits on them are looked at every {} ms"
                + " and can be overstepped in between",
            made.memory().isPresent() ? "processes" : "memory and processes",
            Census.EVERY_NANOS / 1_000_000);
      }
      if (!made.limitsCpu()) {
        LOG.warn(
            "The farm can make no control group that limits processors: asking for that fails");
      }
    }
  }

  private Jails uncontained(boolean root, ControlGroups controlGroups) throws IOException {
    for (boolean stepsDown : root ? new boolean[] {true, false} : new boolean[] {false}) {
      Optional<Jails> jails = probe(new ProotBackEnd(scripts, stepsDown), controlGroups);
      if (jails.isPresent()) {
        LOG.warn("Builds run by {}", Containment.PROOT.sentence());
        if (root && !stepsDown) {
          LOG.warn("They run as root, because other users cannot reach {}", scratch);
        }
        return jails.get();
      }
    }
    throw new JailException("no jail can be made on this host: " + said());
  }

  private Optional<Jails> probe(BackEnd backEnd, ControlGroups controlGroups) throws IOException {
    String program = switch (backEnd.containment()) {
      case RUNC -> "runc";
      case CRUN -> "crun";
      case UNSHARE -> "unshare";
      case JAIL -> "jail";
      case PROOT -> "proot";
    };
    if (!HostProcess.installed(program)) {
      reasons.add(program + " is not installed");
      return Optional.empty();
    }
    Jails jails = new Jails(scratch, farm, backEnd, controlGroups);
    sweepFolders(backEnd);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Jail jail = jails.create(new JailSpec("probe", new Base.Host(), List.of()))) {
      Command command = new Command(
          List.of("/bin/true"),
          Map.of(),
          "/wrkdirs",
          Command.User.BUILDER,
          Command.Network.NONE,
          Limits.of(Duration.ofSeconds(20)),
          Optional.empty());
      Exit exit = jail.run(command, output);
      if (exit.succeeded()) {
        return Optional.of(jails);
      }
      reasons.add(program + ": " + exit.inWords());
    } catch (IOException e) {
      // A host that refuses a step of this one may take another's.
      reasons.add(program + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while jails were tried", e);
    }
    LOG.debug("{} {} layered={}: {}", program, backEnd.ids(), backEnd.layered(), said());
    return Optional.empty();
  }

  /** Removes what is in the scratch folder but the scripts. */
  private void sweepFolders(BackEnd backEnd) throws IOException {
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(scratch)) {
      for (Path folder : folders) {
        if (!folder.equals(scripts) && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          left.add(folder);
        }
      }
    }
    if (!left.isEmpty()) {
      String said = HostProcess.run(backEnd.removal(left), 3600);
      if (said != null) {
        LOG.warn("Folders of a killed farm could not be removed below {}: {}", scratch, said);
      }
    }
  }

  private void writeScripts() throws IOException {
    Root.folder(scripts, "rwxr-xr-x");
    Lowers.sweep(scripts);
    for (String name : SCRIPTS) {
      try (@Nullable InputStream in = Opening.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException(name + " is not on the class path");
        }
        Files.copy(in, scripts.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** A name for what a farm leaves outside of its folder; two folders on a host do not share it. */
  static String farm(Path scratch) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256")
          .digest(scratch.toString().getBytes(StandardCharsets.UTF_8));
      return "slipway-" + new BigInteger(1, digest).toString(36).substring(0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
