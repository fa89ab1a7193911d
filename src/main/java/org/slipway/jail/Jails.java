package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes roots on this host. Opening it sweeps what a killed farm left in the same folder: processes, mounts, folders. Two farms
 * must not share a folder.
 */
public final class Jails implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path scratch;
  private final String farm;
  private final BackEnd backEnd;
  private final ControlGroups controlGroups;
  private final Set<Jail> open = ConcurrentHashMap.newKeySet();

  Jails(Path scratch, String farm, BackEnd backEnd, ControlGroups controlGroups) {
    this.scratch = scratch;
    this.farm = farm;
    this.backEnd = backEnd;
    this.controlGroups = controlGroups;
  }

  /**
   * Finds the best back end that works here, by running a command in each.
   *
   * @param scratch HOME/jails, absolute
   * @param allowUncontained whether proot may be used where the kernel gives no namespaces
   * @throws JailException where nothing that is allowed works here; the message says what to install or allow
   */
  public static Jails open(Path scratch, boolean allowUncontained) throws IOException {
    return new Opening(scratch, allowUncontained).open(Set.of(Containment.values()));
  }

  /** What was found to work here. */
  public Containment containment() {
    return backEnd.containment();
  }

  BackEnd backEnd() {
    return backEnd;
  }

  /** A fresh root. */
  public Jail create(JailSpec spec) throws IOException {
    check(spec);
    byte[] unique = new byte[6];
    RANDOM.nextBytes(unique);
    String mark = HexFormat.of().formatHex(unique);
    Path folder = Root.folder(scratch.resolve(spec.name() + "-" + mark), "rwxr-xr-x");
    Root root = new Root(farm + "-" + mark, spec, folder, backEnd.layered());
    Jail[] made = new Jail[1];
    Jail jail = new Jail(backEnd, controlGroups, root, () -> open.remove(made[0]));
    made[0] = jail;
    open.add(jail);
    try {
      backEnd.prepare(root);
      return jail;
    } catch (IOException | RuntimeException e) {
      try {
        jail.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private void check(JailSpec spec) throws IOException {
    for (Mount mount : spec.mounts()) {
      if (!Files.exists(mount.source())) {
        throw new JailException("jail " + spec.name() + ": " + mount.source()
            + ", to be mounted at " + mount.target() + ", does not exist");
      }
    }
    if (spec.base() instanceof Base.Directory base) {
      if (!backEnd.layered()) {
        throw new JailException(
            "jail " + spec.name() + ": " + base.root() + " cannot be a base, because overlay mounts"
                + " do not work below " + scratch + " (" + containment().sentence() + ");"
                + " use \"base: host\" or another file system");
      }
      Fstab.check(base.root());
      if (!Files.isExecutable(base.root().resolve("bin/sh"))
          && !Files.isSymbolicLink(base.root().resolve("bin/sh"))) {
        throw new JailException(base.root() + " is no base system: it has no bin/sh");
      }
    } else if (scratch.startsWith("/usr") && !scratch.startsWith("/usr/local")) {
      throw new JailException(
          scratch + " is below /usr, which builds on \"base: host\" see; choose another home");
    }
  }

  /** Removes the jails that are still open. */
  @Override
  public void close() throws IOException {
    IOException fault = null;
    for (Jail jail : new ArrayList<>(open)) {
      try {
        jail.close();
      } catch (IOException e) {
        if (fault == null) {
          fault = e;
        } else {
          fault.addSuppressed(e);
        }
      }
    }
    if (fault != null) {
      throw fault;
    }
    controlGroups.close();
  }
}
