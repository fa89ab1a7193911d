package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jails by FreeBSD's own programs. The root's mounts live as long as the root; the jail, its network and its limits are made for
 * each run and end with it. Nothing of this has run on FreeBSD yet: the commands are held by golden files, and the script
 * and this class by programs that stand in for FreeBSD's.
 */
final class FreeBsdBackEnd implements BackEnd {
  private static final String SCRIPT = "freebsd.sh";

  /** Chooses what roots are made of, where the host's own offer shall not: zfs, tmpfs or nullfs. */
  static final String ROOTS = "slipway.jail.roots";

  private static final int OLDEST = 14;

  private static final Path NAMES = FreeBsdFindings.NAMES;

  private static final Logger LOG = LoggerFactory.getLogger(Jails.class);

  private final FreeBsdHost host;
  private final String farm;
  private final Path scripts;
  private final FreeBsdChoices choices;
  private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
  private final Map<String, List<FreeBsdCall>> undo = new ConcurrentHashMap<>();
  private final Set<Path> told = ConcurrentHashMap.newKeySet();

  FreeBsdBackEnd(FreeBsdHost host, String farm, Path scripts, FreeBsdChoices choices) {
    this.host = host;
    this.farm = farm;
    this.scripts = scripts;
    this.choices = choices;
  }

  /**
   * Looks at the host, makes the rules for devices, and removes what a killed farm left.
   *
   * @param scratch the farm's folder of jails, without links in its path: the kernel's table of mounts has none
   * @throws JailException where no jail can be made here; the message says what to change
   */
  static FreeBsdBackEnd open(FreeBsdHost host, Path scratch, String farm) throws IOException {
    if (!host.tell(FreeBsdManual.ID.call("-u")).strip().equals("0")) {
      throw new JailException("on FreeBSD only root may make jails; run the farm as root");
    }
    String release = host.tell(FreeBsdManual.UNAME.call("-r")).strip();
    if (!release.matches("[0-9]+\\..*")
        || Integer.parseInt(release.substring(0, release.indexOf('.'))) < OLDEST) {
      throw new JailException(
          "this host runs FreeBSD " + release + "; jails are made on " + OLDEST + " and newer");
    }
    if (!sysctl(host, "kern.features.vimage").equals("1")) {
      throw new JailException("this kernel has no vnet, which keeps builds from the network; use"
          + " the GENERIC kernel, or one with options VIMAGE");
    }
    FreeBsdChoices choices = choose(host, scratch);
    int ruleset = choices.ruleset();
    for (FreeBsdCall call :
        FreeBsdDevices.define(ruleset, host.ask(FreeBsdDevices.show(ruleset)).orElse(""))) {
      host.run(call);
    }
    Path scripts = Root.folder(scratch.resolve("scripts"), "rwx------");
    try (@Nullable InputStream in = FreeBsdBackEnd.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException(SCRIPT + " is not on the class path");
      }
      Files.copy(in, scripts.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
    }
    FreeBsdBackEnd backEnd = new FreeBsdBackEnd(host, farm, scripts, choices);
    backEnd.sweep(scratch);
    return backEnd;
  }

  private static FreeBsdChoices choose(FreeBsdHost host, Path scratch) throws IOException {
    Optional<String> dataset = datasetAt(host, scratch);
    long memory =
        Long.parseLong(host.tell(FreeBsdManual.SYSCTL.call("-n", "hw.physmem")).strip());
    String wish = System.getProperty(ROOTS, dataset.isPresent() ? "zfs" : "nullfs");
    FreeBsdChoices.Roots roots;
    try {
      roots = FreeBsdChoices.Roots.valueOf(wish.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new JailException(
          "-D" + ROOTS + "=" + wish + " is none of zfs, tmpfs and nullfs; correct it");
    }
    if (roots == FreeBsdChoices.Roots.ZFS && dataset.isEmpty()) {
      throw new JailException("-D" + ROOTS + "=zfs needs a dataset at " + scratch
          + "; make it with: zfs create -o mountpoint=" + scratch + " POOL/slipway");
    }
    return new FreeBsdChoices(
        roots,
        dataset,
        memory / 2,
        sysctl(host, "kern.racct.enable").equals("1"),
        FreeBsdDevices.RULESET);
  }

  private static String sysctl(FreeBsdHost host, String name) throws IOException {
    return host.ask(FreeBsdManual.SYSCTL.call("-n", name)).orElse("").strip();
  }

  /** A host without ZFS has none. */
  private static String datasets(FreeBsdHost host) throws IOException {
    return host.ask(FreeBsdState.DATASETS).orElse("");
  }

  private static Optional<String> datasetAt(FreeBsdHost host, Path folder) throws IOException {
    return FreeBsdState.parse("", "", datasets(host), "")
        .datasetAt(folder)
        .map(FreeBsdState.Dataset::name);
  }

  /** What the host says now. Rules are only asked for where the kernel has them. */
  private FreeBsdState look() throws IOException {
    return FreeBsdState.parse(
        host.tell(FreeBsdState.JAILS),
        host.tell(FreeBsdState.MOUNTS),
        datasets(host),
        choices.accounting() ? host.ask(FreeBsdState.RULES).orElse("") : "");
  }

  private void sweep(Path scratch) throws IOException {
    List<Path> left = new ArrayList<>();
    try (var folders = Files.newDirectoryStream(scratch, Files::isDirectory)) {
      folders.forEach(folder -> {
        if (!folder.equals(scripts) && !Files.isSymbolicLink(folder)) {
          left.add(folder);
        }
      });
    }
    carryOut(FreeBsdSweep.roots(look(), farm, left), "sweep");
    carryOut(FreeBsdSweep.rest(look(), farm), "sweep");
  }

  private void carryOut(List<FreeBsdSweep.Step> steps, String name) throws IOException {
    if (!steps.isEmpty()) {
      String said = HostProcess.run(calls(FreeBsdLists.write(scripts.resolve(name), steps)), 3600);
      if (said != null) {
        throw new JailException("what an earlier farm left could not be removed (" + said
            + "); see docs/jails.md for how to do it by hand");
      }
    }
  }

  private List<String> calls(Path list) {
    return host.script(scripts.resolve(SCRIPT), List.of("calls", list.toString()));
  }

  @Override
  public Containment containment() {
    return Containment.JAIL;
  }

  @Override
  public IdMap ids() {
    return IdMap.REAL;
  }

  @Override
  public boolean layered() {
    return true;
  }

  @Override
  public Optional<String> refusal(JailSpec spec) {
    if (!(spec.base() instanceof Base.Directory directory)) {
      return Optional.of("jail " + spec.name() + ": \"base: host\" is for Linux; on FreeBSD make a"
          + " base with ./slipway base create, and name it in the job");
    }
    try {
      Path folder = scripts.resolveSibling(spec.name());
      Root root = new Root(farm + "-0", spec, folder, folder, true);
      FreeBsdRoots.plan(root, FreeBsdBase.largest(directory.root()), Set.of(), choices);
      return Optional.empty();
    } catch (JailException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Optional<String> lacksOutside() throws IOException {
    if (FreeBsdAddresses.now().isEmpty()) {
      return Optional.of("the host has no address but those of its loopback");
    }
    return NameServers.of(NAMES).onlyOnLoopback()
        ? Optional.of("the host's name server listens on its loopback (" + NAMES + ")")
        : Optional.empty();
  }

  @Override
  public Optional<Keeper> prepare(Root root) throws IOException {
    if (!(root.spec().base() instanceof Base.Directory directory)) {
      throw new JailException(refusal(root.spec()).orElseThrow());
    }
    Path folder = directory.root().toRealPath();
    FreeBsdBase base = FreeBsdBase.read(folder, snapshot(folder));
    for (String name : FreeBsdRoots.written(root.spec())) {
      if (FreeBsdBase.passesLink(folder, name)) {
        throw new JailException("jail " + root.spec().name() + ": in the base " + folder + " a link"
            + " leads to /" + name + ", where the jail has something of its own");
      }
    }
    Set<Path> files = root.spec().mounts().stream()
        .map(Mount::source)
        .filter(Files::isRegularFile)
        .collect(Collectors.toSet());
    FreeBsdRoots.Plan plan = FreeBsdRoots.plan(root, base, files, choicesFor(base));
    Path settings = Root.folder(FreeBsdRoots.settings(root), "rwx------");
    Root.folder(root.run(), "rwx------");
    Root.file(settings.resolve("hosts"), "127.0.0.1 localhost builder\n::1 localhost\n");
    Root.file(
        settings.resolve("resolv.conf"), Files.isReadable(NAMES) ? Files.readString(NAMES) : "");
    for (Path path : root.handedOut()) {
      Root.own(path);
    }
    for (FreeBsdCall call : plan.make()) {
      host.run(call);
    }
    undo.put(root.id(), plan.undo());
    return Optional.empty();
  }

  private Optional<String> snapshot(Path folder) throws IOException {
    if (choices.roots() != FreeBsdChoices.Roots.ZFS) {
      return Optional.empty();
    }
    Optional<String> name =
        datasetAt(host, folder).map(dataset -> dataset + "@" + FreeBsdBase.SNAPSHOT);
    return name.isPresent() && host.ask(FreeBsdState.snapshot(name.get())).isPresent()
        ? name
        : Optional.empty();
  }

  /** A base that cannot be cloned is shared read-only, unless the admin wants clones by name. */
  private FreeBsdChoices choicesFor(FreeBsdBase base) {
    if (choices.roots() != FreeBsdChoices.Roots.ZFS
        || base.snapshot().isPresent()
        || System.getProperty(ROOTS) != null) {
      return choices;
    }
    if (told.add(base.root())) {
      LOG.warn(
          "The base {} is no dataset with a snapshot {}: its roots lie in memory, not in clones",
          base.root(),
          FreeBsdBase.SNAPSHOT);
    }
    return choices.with(FreeBsdChoices.Roots.NULLFS);
  }

  @Override
  public Launch launch(
      Root root, Optional<Keeper> keeper, Command command, Path input, Optional<ControlGroup> group)
      throws IOException {
    int number = runs.computeIfAbsent(root.id(), id -> new AtomicInteger()).incrementAndGet();
    FreeBsdRuns run = new FreeBsdRuns(root, number, choices);
    Path done = root.run().resolve("done");
    List<FreeBsdSweep.Step> before = new ArrayList<>();
    if (number > 1 && !Files.exists(done)) {
      // Its script was killed before it came to an end.
      new FreeBsdRuns(root, number - 1, choices)
          .end()
          .forEach(call -> before.add(new FreeBsdSweep.Step(call, false)));
    }
    FreeBsdAddresses addresses = command.network() == Command.Network.OUTSIDE
        ? FreeBsdAddresses.now()
        : FreeBsdAddresses.NONE;
    run.begin(command, addresses).forEach(call -> before.add(new FreeBsdSweep.Step(call, true)));
    Files.deleteIfExists(done);
    FreeBsdLists.write(root.run().resolve("before"), before);
    FreeBsdLists.may(root.run().resolve("after"), run.end());
    FreeBsdLists.must(root.run().resolve("gone"), undo.getOrDefault(root.id(), List.of()));
    List<String> words = new ArrayList<>(List.of("run", root.run().toString(), input.toString()));
    words.addAll(List.of(root.status().toString(), root.times().toString()));
    words.add(Long.toString(ProcessHandle.current().pid()));
    words.addAll(run.enter(command).argv());
    return new Launch(host.script(scripts.resolve(SCRIPT), words), Map.of());
  }

  @Override
  public boolean mountsOnHost() {
    return true;
  }

  @Override
  public List<String> removal(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      String name = String.valueOf(folder.getFileName());
      String id = farm + name.substring(Math.max(0, name.lastIndexOf('-')));
      runs.remove(id);
      undo.remove(id);
    }
    Path list = Files.createTempFile(scripts, "remove", "");
    return calls(FreeBsdLists.write(list, FreeBsdSweep.roots(look(), farm, folders)));
  }

  /** The farm is root, which owns whatever it likes. */
  @Override
  public Optional<List<String>> reclaim(List<Path> folders) {
    return Optional.empty();
  }
}
