package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

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
  private final Entrances entrances;
  private final Lowers lowers;
  private final Set<Jail> open = ConcurrentHashMap.newKeySet();
  private final Map<Path, BaseUse> used = new HashMap<>();

  Jails(Path scratch, String farm, BackEnd backEnd, ControlGroups controlGroups) {
    this.scratch = scratch;
    this.farm = farm;
    this.backEnd = backEnd;
    this.controlGroups = controlGroups;
    this.entrances = new Entrances(farm, backEnd, controlGroups);
    this.lowers = new Lowers(scratch.resolve("scripts"));
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

  /**
   * The same with no back end but these, for comparisons.
   *
   * @throws JailException where none of them works here
   */
  public static Jails open(Path scratch, Set<Containment> among) throws IOException {
    return new Opening(scratch, among.contains(Containment.PROOT)).open(among);
  }

  /** What was found to work here. */
  public Containment containment() {
    return backEnd.containment();
  }

  BackEnd backEnd() {
    return backEnd;
  }

  /** From here on something of the next run may be made before it is asked for. */
  Jails lookAhead() {
    entrances.lookAhead();
    return this;
  }

  /** A fresh root. */
  public Jail create(JailSpec spec) throws IOException {
    check(spec);
    use(spec.base());
    controlGroups.expect();
    byte[] unique = new byte[6];
    RANDOM.nextBytes(unique);
    String mark = HexFormat.of().formatHex(unique);
    Path folder = Root.folder(scratch.resolve(spec.name() + "-" + mark), "rwxr-xr-x");
    boolean layered = backEnd.layered();
    Path own = folder.resolve("lower");
    Path lower = layered ? lowers.of(spec).orElse(own) : own;
    Root root = new Root(farm + "-" + mark, spec, folder, lower, layered);
    Optional<Keeper> keeper = Optional.empty();
    try {
      keeper = backEnd.prepare(root);
      return opened(root, keeper);
    } catch (IOException | RuntimeException e) {
      try {
        opened(root, keeper).close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private Jail opened(Root root, Optional<Keeper> keeper) {
    Jail[] made = new Jail[1];
    Jail jail =
        new Jail(backEnd, controlGroups, entrances, root, keeper, () -> open.remove(made[0]));
    made[0] = jail;
    open.add(jail);
    return jail;
  }

  /**
   * Why a root like this cannot be made here, in one sentence that names the field and what would have to apply it; empty where
   * it can. Whether {@link JailSpec#diskBytes} can be limited is asked this way.
   */
  public Optional<String> refusal(JailSpec spec) {
    for (Tmpfs part : spec.tmpfs()) {
      boolean hides = Stream.concat(
              spec.mounts().stream().map(Mount::target),
              spec.tmpfs().stream().filter(other -> !other.equals(part)).map(Tmpfs::target))
          .anyMatch(target -> (target + "/").startsWith(part.target() + "/"));
      if (hides || part.target().matches("/|/(proc|dev|farm)(/.*)?")) {
        return Optional.of("jail " + spec.name() + ": tmpfs at " + part.target()
            + " would hide what belongs there; choose another folder");
      }
    }
    return backEnd.refusal(spec);
  }

  /**
   * Why no command can have {@link Command.Network#OUTSIDE} here, in words that go on a sentence; empty where it can. A command
   * that asks for it all the same is refused.
   */
  public Optional<String> lacksOutside() throws IOException {
    return backEnd.lacksOutside();
  }

  /** A kept base that a jail was made of is not deleted as long as another may be. */
  private void use(Base base) throws IOException {
    if (base instanceof Base.Directory directory) {
      synchronized (used) {
        if (!used.containsKey(directory.root())) {
          Optional<BaseUse> begun = BaseUse.begin(directory.root());
          begun.ifPresent(use -> used.put(directory.root(), use));
        }
      }
    }
  }

  private void check(JailSpec spec) throws IOException {
    Optional<String> refusal = refusal(spec);
    if (refusal.isPresent()) {
      throw new JailException(refusal.get());
    }
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
    synchronized (used) {
      for (BaseUse use : used.values()) {
        use.close();
      }
      used.clear();
    }
    entrances.close();
    if (fault != null) {
      throw fault;
    }
    controlGroups.close();
    Lowers.sweep(scratch.resolve("scripts"));
  }
}
