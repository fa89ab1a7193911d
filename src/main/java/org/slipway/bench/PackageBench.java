package org.slipway.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
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
import org.slipway.packages.LibraryRules;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.Plist;
import org.slipway.packages.StageFolder;

/**
 * Measures writing one large package beside {@code bsdtar --zstd} on the same files at the same
 * level, with one thread as it comes and with as many as this host has processors. Ours reads every
 * file twice and the package once, and has it on the disk when it is done; bsdtar writes a tar and
 * nothing else.
 */
public final class PackageBench {
  private static final String STAGE = "/stage";
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final long MEMORY_BYTES = 4L << 30;
  private static final int PROCESSES = 64;

  /** FreeBSD's tar is bsdtar; $1 are zstd's options. The size is the last line. */
  private static final String TAR = """
      tar=$(command -v bsdtar || command -v tar) || exit 69
      "$tar" --zstd --options "$1" -cf /tmp/bench.tar -C /stage . || exit 1
      wc -c < /tmp/bench.tar
      """;

  private final Jails jails;
  private final Path scratch;
  private final Told told;

  /** @param scratch a folder for content and packages, absolute; the caller removes it */
  public PackageBench(Jails jails, Path scratch, Told told) {
    this.jails = jails;
    this.scratch = scratch;
    this.told = told;
  }

  /**
   * What is measured.
   *
   * @param level zstd's, 1 to 19
   * @param rounds ratios are the rounds' medians
   */
  public record Wish(int sizeMebibytes, int level, int rounds) {
    public Wish {
      if (sizeMebibytes < 1 || sizeMebibytes > 4096 || rounds < 1 || level < 1 || level > 19) {
        throw new IllegalArgumentException(
            "the size is 1 to 4096 MiB, the level 1 to 19, and there is at least 1 round");
      }
    }
  }

  /**
   * Makes the content and runs the rounds.
   *
   * @throws IOException where bsdtar is not installed or does not know zstd, too
   */
  public PackageReport run(Wish wish) throws IOException, InterruptedException {
    Path stage = scratch.resolve("stage");
    told.begins("making " + wish.sizeMebibytes() + " MiB of files", 0);
    SampleContent content = SampleContent.write(stage, (long) wish.sizeMebibytes() << 20);
    told.ends();
    int processors = Runtime.getRuntime().availableProcessors();
    List<PackageReport.Round> rounds = new ArrayList<>();
    for (int round = 1; round <= wish.rounds(); round++) {
      told.begins("round " + round + " of " + wish.rounds(), 3);
      Map<PackageReport.Way, PackageReport.Measured> measured = new TreeMap<>();
      measured.put(PackageReport.Way.OURS, ours(stage, content, wish.level()));
      told.step();
      measured.put(PackageReport.Way.TAR, tar(stage, "zstd:compression-level=" + wish.level()));
      told.step();
      measured.put(
          PackageReport.Way.TAR_THREADS,
          tar(stage, "zstd:compression-level=" + wish.level() + ",zstd:threads=" + processors));
      told.step();
      told.ends();
      rounds.add(new PackageReport.Round(measured));
    }
    return new PackageReport(
        content.bytes(), content.paths().size(), wish.level(), processors, rounds);
  }

  private PackageReport.Measured ours(Path stage, SampleContent content, int level)
      throws IOException {
    Path target = scratch.resolve("bench-1.0.pkg");
    Abi abi = Abi.parse("FreeBSD:14:amd64");
    Manifest manifest = Manifest.of(
        PackageName.parse("bench-1.0"), Origin.parse("misc/bench"), "Measured content", abi);
    PackageWriter.Settings settings =
        new PackageWriter.Settings(level, 1, LibraryRules.DEFAULT, false);
    Optional<Duration> before = OwnUse.cpu();
    long start = System.nanoTime();
    BuiltPackage built;
    try {
      Plist plist = Plist.parse(String.join("\n", content.paths()), "/");
      PackageContent picked = StageFolder.read(stage, plist);
      built = new PackageWriter(settings).write(manifest, picked, target);
    } catch (PackageException e) {
      throw new IOException("the bench's own content cannot be packed: " + e.getMessage(), e);
    }
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    Optional<Duration> cpu = before.flatMap(then -> OwnUse.cpu().map(later -> later.minus(then)));
    Files.delete(target);
    return new PackageReport.Measured(
        new Figures(wall, cpu, OwnUse.peakMemoryBytes(), Optional.empty()), built.sizeBytes());
  }

  private PackageReport.Measured tar(Path stage, String options)
      throws IOException, InterruptedException {
    Command command = new Command(
        List.of("/bin/sh", "-c", TAR, "tar", options),
        Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LC_ALL", "C"),
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        new Limits(LIMIT, LIMIT, 1 << 16, MEMORY_BYTES, PROCESSES),
        Optional.empty());
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    boolean linux = System.getProperty("os.name").equals("Linux");
    Base base = linux ? new Base.Host() : new Base.Directory(Path.of("/"));
    JailSpec spec = new JailSpec("tar", base, List.of(new Mount(stage, STAGE, false)));
    try (Jail jail = jails.create(spec)) {
      long start = System.nanoTime();
      Exit exit = jail.run(command, output, errors);
      Duration wall = Duration.ofNanos(System.nanoTime() - start);
      String said = Text.cut(errors.toString(StandardCharsets.UTF_8).strip(), 200);
      if (exit instanceof Exit.Exited ended && ended.status() == 0) {
        String size = output.toString(StandardCharsets.US_ASCII).strip();
        Optional<Duration> cpu = ended.usage().cpu();
        OptionalLong peak = ended.usage().peakMemoryBytes();
        return new PackageReport.Measured(
            new Figures(wall, cpu, peak, Optional.empty()), Long.parseLong(size));
      }
      throw new IOException("bsdtar --zstd --options " + options + " does not work here ("
          + exit.inWords() + (said.isEmpty() ? "" : ": " + said)
          + "); install libarchive's tools, on Debian libarchive-tools");
    }
  }
}
