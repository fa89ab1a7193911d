package org.slipway.bench;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.jail.Base;
import org.slipway.jail.Command;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import org.slipway.repository.RepositoryEntry;

/**
 * Measures how repositories of many small packages are made, beside {@code pkg repo}: from nothing,
 * and when a few packages changed; ours as the command {@code repo create}, with the start of its
 * Java in every figure, and inside a running farm as a snapshot.
 */
public final class PublishBench {
  private static final Abi ABI = Abi.parse("FreeBSD:14:amd64");
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final String FOLDER = "/wrkdirs";
  private static final String KIT = "/kit";

  /** Java takes what heap it may have before it looks for what is of no use any more. */
  private static final String FARM_HEAP = "-Xmx128m";

  private final Jails jails;
  private final Path scratch;
  private final Told told;

  /** @param scratch a folder for packages and programs, absolute; the caller removes it */
  public PublishBench(Jails jails, Path scratch, Told told) {
    this.jails = jails;
    this.scratch = scratch;
    this.told = told;
  }

  /**
   * What is measured.
   *
   * @param packages how many
   * @param changed of them before each second publish
   * @param pkg the program to compare with, where there is one
   * @param javaOptions of our command
   */
  public record Wish(
      int packages, int changed, int rounds, Optional<Path> pkg, List<String> javaOptions) {
    public Wish {
      javaOptions = List.copyOf(javaOptions);
      if (packages < 1 || changed < 1 || changed > packages || rounds < 1) {
        throw new IllegalArgumentException(
            "publish at least 1 package, of which 1 or more change, in 1 round or more");
      }
    }
  }

  /** Makes the packages once, then measures. */
  public PublishReport run(Wish wish) throws IOException, InterruptedException {
    Path kit = open(scratch.resolve("kit"));
    classPath(kit.resolve("lib"));
    if (wish.pkg().isPresent()) {
      Files.copy(wish.pkg().get(), kit.resolve("pkg"));
    }
    List<String> java = java(wish.javaOptions(), kit);
    List<Map<PublishReport.Step, Figures>> rounds = new ArrayList<>();
    for (int round = 1; round <= wish.rounds(); round++) {
      rounds.add(round(wish, java, kit, scratch.resolve("round-" + round)));
    }
    return new PublishReport(
        jails.containment().sentence(), wish.packages(), wish.changed(), rounds);
  }

  private Map<PublishReport.Step, Figures> round(
      Wish wish, List<String> java, Path kit, Path folder)
      throws IOException, InterruptedException {
    Map<PublishReport.Step, Figures> figures = new TreeMap<>();
    Path ours = open(folder.resolve("ours/All"));
    List<RepositoryEntry> entries = make(ours, wish.packages());
    Path theirs = open(folder.resolve("theirs/All"));
    for (RepositoryEntry entry : entries) {
      Files.copy(entry.file(), theirs.resolve(entry.built().fileName()));
    }
    List<String> command = command(java);
    List<String> repo =
        List.of(KIT + "/pkg", "-o", "ABI=" + ABI, "-o", "OSVERSION=1400097", "repo", "-q", FOLDER);
    Path snapshots = folder.resolve("snapshots");
    figures.put(
        PublishReport.Step.OURS_FULL,
        jailed("slipway, all", command, kit, ours.resolveSibling("")));
    if (wish.pkg().isPresent()) {
      figures.put(
          PublishReport.Step.PKG_FULL,
          jailed("pkg repo, all", repo, kit, theirs.resolveSibling("")));
    }
    figures.put(
        PublishReport.Step.FARM_FULL,
        own("in a farm, all", entries, snapshots, memory(entries, kit, folder)));
    for (int i = 0; i < wish.changed(); i++) {
      int place = (int) ((long) i * wish.packages() / wish.changed());
      Files.delete(entries.get(place).file());
      RepositoryEntry fresh = make(ours, place, "1.1");
      Files.delete(theirs.resolve(entries.get(place).built().fileName()));
      Files.copy(fresh.file(), theirs.resolve(fresh.built().fileName()));
      entries.set(place, fresh);
    }
    String some = wish.changed() + " changed";
    figures.put(
        PublishReport.Step.OURS_CHANGED,
        jailed("slipway, " + some, command, kit, ours.resolveSibling("")));
    if (wish.pkg().isPresent()) {
      figures.put(
          PublishReport.Step.PKG_CHANGED,
          jailed("pkg repo, " + some, repo, kit, theirs.resolveSibling("")));
    }
    figures.put(
        PublishReport.Step.FARM_CHANGED,
        own("in a farm, " + some, entries, snapshots, OptionalLong.empty()));
    return figures;
  }

  private static List<String> command(List<String> java) {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of(
        "org.slipway.Main", "repo", "create", FOLDER, "--unsigned", "--abi", ABI.toString()));
    return command;
  }

  /** How the launcher starts Java, with the classes that Java keeps, where all of ours are in jars. */
  private List<String> java(List<String> options, Path kit)
      throws IOException, InterruptedException {
    Path lib = kit.resolve("lib");
    String program = System.getProperty("java.home") + "/bin/java";
    List<String> java = new ArrayList<>(List.of(program));
    java.addAll(options);
    if (Files.exists(lib.resolve("classes"))) {
      java.addAll(List.of("-cp", KIT + "/lib/classes:" + KIT + "/lib/*"));
      return java;
    }
    java.addAll(shortPath(lib));
    Path folder = open(scratch.resolve("rehearsal"));
    List<String> rehearsal = new ArrayList<>(java);
    rehearsal.add(1, "-XX:ArchiveClassesAtExit=" + FOLDER + "/classes.jsa");
    rehearsal.add("org.slipway.Rehearsal");
    rehearsal.add(FOLDER);
    jailed("keeping classes", rehearsal, kit, folder);
    try (Stream<Path> kept = Files.list(folder)) {
      for (Path each : kept.filter(Files::isRegularFile).toList()) {
        Files.move(each, kit.resolve(each.getFileName().toString()));
      }
    }
    java.addAll(
        1,
        List.of(
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-XX:SharedArchiveFile=" + KIT + "/classes.jsa",
            "-Djava.library.path=" + KIT));
    return java;
  }

  /** Where classes are, as the launcher's {@code short-path} has it. */
  private static List<String> shortPath(Path lib) throws IOException {
    try (Stream<Path> all = Files.list(lib)) {
      Map<Boolean, List<String>> jars = all.map(each -> KIT + "/lib/" + each.getFileName())
          .sorted(Comparator.comparing((String each) -> !each.contains("/slipway-"))
              .thenComparing(Comparator.naturalOrder()))
          .collect(Collectors.partitioningBy(each -> each.contains("/picocli-")));
      return List.of(
          "-Xbootclasspath/a:" + String.join(":", jars.getOrDefault(true, List.of())),
          "-cp",
          String.join(":", jars.getOrDefault(false, List.of())));
    }
  }

  private Figures own(
      String what, List<RepositoryEntry> entries, Path snapshots, OptionalLong memory)
      throws IOException {
    told.begins(what, 1);
    Optional<Duration> before = OwnUse.cpu();
    long start = System.nanoTime();
    FarmPublish.publish(entries, ABI, snapshots);
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    Optional<Duration> cpu = before.flatMap(then -> OwnUse.cpu().map(now -> now.minus(then)));
    told.step();
    told.ends();
    return new Figures(wall, cpu, memory, Optional.empty());
  }

  /** The most that a Java which must make do with little has resident when it publishes all. */
  private OptionalLong memory(List<RepositoryEntry> entries, Path kit, Path folder)
      throws IOException, InterruptedException {
    FarmPublish.list(folder, entries);
    List<String> farm = List.of(
        System.getProperty("java.home") + "/bin/java",
        FARM_HEAP,
        "-cp",
        KIT + "/lib/classes:" + KIT + "/lib/*",
        "org.slipway.bench.FarmPublish",
        FOLDER,
        ABI.toString());
    // A farm links files that are its own.
    jailed("in a farm, memory", farm, kit, folder, Command.User.ROOT);
    return FarmPublish.told(folder);
  }

  private Figures jailed(String what, List<String> argv, Path kit, Path folder)
      throws IOException, InterruptedException {
    return jailed(what, argv, kit, folder, Command.User.BUILDER);
  }

  private Figures jailed(String what, List<String> argv, Path kit, Path folder, Command.User user)
      throws IOException, InterruptedException {
    told.begins(what, 1);
    Command command = new Command(
        argv,
        Map.of("PATH", "/usr/bin:/bin", "HOME", "/", "LANG", "C.UTF-8"),
        "/",
        user,
        Command.Network.NONE,
        new Limits(LIMIT, LIMIT, 1L << 20, 0, 4096),
        Optional.empty());
    List<Mount> mounts =
        new ArrayList<>(List.of(new Mount(kit, KIT, false), new Mount(folder, FOLDER, true)));
    javaSettings().ifPresent(mounts::add);
    JailSpec spec = new JailSpec("publish", new Base.Host(), mounts);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (Jail jail = jails.create(spec)) {
      Exit exit = jail.run(command, said);
      if (exit instanceof Exit.Exited ended && ended.status() == 0) {
        told.step();
        told.ends();
        Exit.Usage usage = ended.usage();
        return new Figures(usage.wall(), usage.cpu(), usage.peakMemoryBytes(), Optional.empty());
      }
      throw new IOException(what + ": " + exit.inWords() + ": "
          + Text.cut(said.toString(StandardCharsets.UTF_8), 300));
    }
  }

  /** Where Java's settings are links into /etc, of which a jail sees little, as on Debian. */
  private static Optional<Mount> javaSettings() throws IOException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    Path settings = home.resolve("conf/security/java.security");
    if (!Files.exists(settings) || settings.toRealPath().startsWith(home)) {
      return Optional.empty();
    }
    Path folder = settings.toRealPath().resolveSibling("").resolveSibling("");
    return Optional.of(new Mount(folder, folder.toString(), false));
  }

  /** All that this program runs from, in one folder that a jail can see. */
  private static void classPath(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path entry = Path.of(each).toAbsolutePath();
      if (Files.isRegularFile(entry)) {
        Files.copy(entry, folder.resolve(entry.getFileName().toString()));
      } else if (Files.isDirectory(entry.resolve("org/slipway"), LinkOption.NOFOLLOW_LINKS)) {
        copy(entry, folder.resolve("classes"));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }

  private List<RepositoryEntry> make(Path folder, int count) throws IOException {
    told.begins("making packages", count);
    List<RepositoryEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(make(folder, i, "1.0"));
      told.step();
    }
    told.ends();
    return entries;
  }

  /** Like small ports: a description, some dependencies, nothing installed. */
  private static RepositoryEntry make(Path folder, int number, String version) throws IOException {
    Map<String, Manifest.Dependency> needs = new TreeMap<>();
    for (int step = 1; step <= 4 && number >= step * 7; step++) {
      String other = name(number - step * 7);
      needs.put(other, new Manifest.Dependency(new Origin("misc", other), "1.0"));
    }
    Manifest manifest = Manifest.of(
            new PackageName(name(number), version),
            new Origin("misc", name(number)),
            "Sample number " + number + " with word " + Integer.toHexString(number * 7919),
            ABI)
        .with(needs, Map.of("note", "n" + number));
    Path file = folder.resolve(name(number) + "-" + version + ".pkg");
    BuiltPackage built = new PackageWriter(new PackageWriter.Settings(1, 0))
        .write(manifest, new PackageContent(List.of(), List.of(), List.of(), Map.of()), file);
    return new RepositoryEntry(built, file);
  }

  private static String name(int number) {
    return "sample-" + number;
  }

  /** Jails look into it as another user. */
  private static Path open(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }
}
