package org.slipway.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Reach;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Target;
import org.slipway.evaluate.Unevaluable;
import org.slipway.jail.Base;
import org.slipway.jail.Jails;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

/**
 * Measures an evaluation from nothing beside the plain way of asking: one make a port, with all
 * presets and without those of the compiler, on the same ports, in the same jails, with as many
 * workers. Nobody reads what the plain ways answer, and their loop does nothing else.
 *
 * <p>A machine gets slower and faster within minutes, and who asks a port first reads its files
 * from the disk. So a plain way asks one half of a round's ports before ours, the other after it.
 */
public final class EvaluateBench {
  private final Jails jails;
  private final Path scratch;
  private final int workers;
  private final Told told;

  /** @param scratch a folder for kits, absolute; the caller removes it */
  public EvaluateBench(Jails jails, Path scratch, int workers, Told told) {
    if (workers < 1) {
      throw new IllegalArgumentException(workers + " workers cannot evaluate; give at least 1");
    }
    this.jails = jails;
    this.scratch = scratch;
    this.workers = workers;
    this.told = told;
  }

  /**
   * What is measured.
   *
   * @param sample how many of the tree's ports, chosen by the round's number, and no others; empty
   *     for all that the category makefiles list and what those need
   * @param flavors whether every flavor of each is asked, not its default alone
   * @param rounds each with another sample; ratios are the rounds' medians
   * @param verify whether every answer is compared with plain make's, outside the measured time
   */
  public record Wish(
      Target target,
      SortedMap<String, String> defines,
      Optional<Integer> sample,
      boolean flavors,
      int rounds,
      boolean verify) {
    public Wish {
      sample.ifPresent(size -> require(size, "ports cannot be a sample"));
      require(rounds, "rounds measure nothing");
      defines = Collections.unmodifiableSortedMap(new TreeMap<>(defines));
    }

    private static void require(int number, String what) {
      if (number < 1) {
        throw new IllegalArgumentException(number + " " + what + "; give at least 1");
      }
    }
  }

  /**
   * @throws IllegalArgumentException where a define is none
   * @throws IOException where the folder is no ports tree, or has no ports
   */
  public EvaluateReport run(Checkout checkout, Wish wish) throws IOException, InterruptedException {
    Optional<Duration> before = OwnUse.cpu();
    List<Round> rounds = new ArrayList<>();
    for (int round = 1; round <= wish.rounds(); round++) {
      rounds.add(round(checkout, wish, round));
    }
    return new EvaluateReport(
        wish.target(), jails.containment().sentence(), workers, before, hasCompiler(wish), rounds);
  }

  /** A stand-in for a base lists a compiler, but none that starts. */
  private static boolean hasCompiler(Wish wish) {
    return !(wish.target().base() instanceof Base.Directory base)
        || Files.isExecutable(base.root().resolve("usr/bin/cc"));
  }

  private Round round(Checkout checkout, Wish wish, int number)
      throws IOException, InterruptedException {
    List<String> origins =
        wish.sample().isPresent() ? sample(checkout, wish.sample().get(), number) : List.of("all");
    List<String> words =
        origins.stream().map(word -> word + (wish.flavors() ? "@all" : "")).toList();
    String which = wish.rounds() > 1 ? " (" + number + " of " + wish.rounds() + ")" : "";
    EvaluationRequest request =
        new EvaluationRequest(wish.target(), words, List.of(), wish.defines());
    List<PlainMake.Asked> known = ports(checkout, wish, request, origins, which);
    if (known.isEmpty()) {
      throw new IOException(checkout.directory()
          + " lists no ports in its category makefiles; give --sample to take them from its"
          + " folders");
    }
    try (Evaluator evaluator = new Evaluator(jails, scratch.resolve("kit"), workers)) {
      Path kit = evaluator.kit(request);
      PlainMake presets = new PlainMake(jails, wish.target(), checkout, kit, workers);
      Map<Way, PlainMake> plain = new EnumMap<>(Map.of(Way.PRESETS, presets));
      Optional<Path> bare = BareKit.of(kit, scratch.resolve("bare-" + number));
      if (bare.isPresent()) {
        plain.put(Way.BARE, new PlainMake(jails, wish.target(), checkout, bare.get(), workers));
      }
      Map<Way, Figures> figures = new EnumMap<>(Way.class);
      List<PlainMake.Asked> first = known.subList(0, known.size() / 2);
      List<PlainMake.Asked> second = known.subList(known.size() / 2, known.size());
      time(plain, List.of(Way.BARE, Way.PRESETS), first, which, figures);
      Ours ours = ours(evaluator, checkout, request, which);
      figures.put(Way.OURS, ours.figures());
      time(plain, List.of(Way.PRESETS, Way.BARE), second, which, figures);
      List<PlainMake.Asked> ports = asked(checkout, ours.evaluation());
      Optional<Verification> verification = wish.verify()
          ? Optional.of(verify(presets, ours.evaluation(), ports, which))
          : Optional.empty();
      return new Round(ours.evaluation().effort().asked(), known.size(), figures, verification);
    }
  }

  /** What the plain ways ask: they must know it before ours has found it out. */
  private List<PlainMake.Asked> ports(
      Checkout checkout, Wish wish, EvaluationRequest request, List<String> origins, String which)
      throws IOException, InterruptedException {
    if (wish.flavors()) {
      try (Evaluator evaluator = new Evaluator(jails, scratch.resolve("kit"), workers)) {
        told.begins("finding flavors, not measured" + which, 0);
        Evaluation evaluation =
            evaluator.evaluate(Sources.of(checkout), request, Reach.ASKED, new ToldWatch(told));
        told.ends();
        return asked(checkout, evaluation);
      }
    }
    List<Origin> all = wish.sample().isPresent()
        ? origins.stream().map(Origin::parse).toList()
        : List.copyOf(Evaluator.listed(Sources.of(checkout)));
    return all.stream()
        .map(origin -> new PlainMake.Asked(OriginSpec.of(origin), Optional.empty()))
        .toList();
  }

  /** Ways one after the other on some of the ports. */
  private void time(
      Map<Way, PlainMake> plain,
      List<Way> ways,
      List<PlainMake.Asked> ports,
      String which,
      Map<Way, Figures> figures)
      throws IOException, InterruptedException {
    for (Way way : ways) {
      PlainMake make = plain.get(way);
      if (make != null && !ports.isEmpty()) {
        figures.merge(way, time(make, way, ports, which), Figures::plus);
      }
    }
  }

  private record Ours(Evaluation evaluation, Figures figures) {}

  private Ours ours(Evaluator evaluator, Checkout checkout, EvaluationRequest request, String which)
      throws IOException, InterruptedException {
    Optional<Duration> own = OwnUse.cpu();
    Optional<Duration> started = OwnUse.cpuOfChildren();
    long start = System.nanoTime();
    told.begins(Way.OURS.words() + which, 0);
    Evaluation evaluation =
        evaluator.evaluate(Sources.of(checkout), request, Reach.ASKED, new ToldWatch(told));
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    told.ends();
    Optional<Duration> jailed = since(started, OwnUse.cpuOfChildren());
    Figures.Program program =
        new Figures.Program(since(own, OwnUse.cpu()), OwnUse.peakMemoryBytes());
    Optional<Duration> cpu = jailed.flatMap(used -> program.cpu().map(used::plus));
    OptionalLong jail = evaluation.effort().peakMemoryBytes();
    OptionalLong peak = jail.isPresent() && program.peakMemoryBytes().isPresent()
        ? OptionalLong.of(jail.getAsLong() * workers + program.peakMemoryBytes().getAsLong())
        : OptionalLong.empty();
    return new Ours(evaluation, new Figures(wall, cpu, peak, Optional.of(program)));
  }

  private static Optional<Duration> since(Optional<Duration> before, Optional<Duration> now) {
    return before.flatMap(then -> now.map(later -> later.minus(then)));
  }

  private Figures time(PlainMake plain, Way way, List<PlainMake.Asked> ports, String which)
      throws IOException, InterruptedException {
    told.begins(way.words() + which, ports.size());
    Optional<Duration> started = OwnUse.cpuOfChildren();
    Figures figures = plain.time(ports, told);
    Optional<Duration> jailed = since(started, OwnUse.cpuOfChildren());
    told.ends();
    return jailed.isEmpty() ? figures : figures.withCpu(jailed);
  }

  private Verification verify(
      PlainMake plain, Evaluation evaluation, List<PlainMake.Asked> ports, String which)
      throws IOException, InterruptedException {
    told.begins("comparing" + which, ports.size());
    AnswerCheck check = new AnswerCheck(evaluation, told);
    plain.read(ports, check);
    told.ends();
    return check.result();
  }

  /** All that ours has an answer for or a refusal, as far as there is something to ask. */
  static List<PlainMake.Asked> asked(Checkout checkout, Evaluation evaluation) {
    TreeSet<OriginSpec> specs = new TreeSet<>(evaluation.ports().keySet());
    evaluation.unevaluable().stream().map(Unevaluable::spec).forEach(specs::add);
    specs.removeIf(spec -> !isPort(checkout.directory().resolve(spec.origin().toString())));
    return specs.stream()
        .map(spec -> {
          boolean isDefault = evaluation
              .port(spec)
              .map(Port::flavors)
              .filter(flavors -> !flavors.isEmpty())
              .map(flavors -> spec.flavor().equals(Optional.of(flavors.get(0))))
              .orElse(false);
          return new PlainMake.Asked(spec, isDefault ? Optional.empty() : spec.flavor());
        })
        .toList();
  }

  /** Some of the tree's port folders; two runs on one tree take the same. */
  static List<String> sample(Checkout checkout, int size, int seed) throws IOException {
    List<String> origins = new ArrayList<>();
    for (Path category : folders(checkout.directory())) {
      for (Path port : folders(category)) {
        String origin = category.getFileName() + "/" + port.getFileName();
        if (isPort(port) && isOrigin(origin)) {
          origins.add(origin);
        }
      }
    }
    Collections.sort(origins);
    Collections.shuffle(origins, new Random(seed));
    return origins.subList(0, Math.min(size, origins.size()));
  }

  private static List<Path> folders(Path in) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(
        in, entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
      entries.forEach(folders::add);
    }
    return folders;
  }

  private static boolean isPort(Path folder) {
    return Files.isRegularFile(folder.resolve("Makefile"), LinkOption.NOFOLLOW_LINKS);
  }

  /** Mk, Tools, Templates and the like are no categories; those are in lower case. */
  private static boolean isOrigin(String text) {
    try {
      return Character.isLowerCase(Origin.parse(text).category().charAt(0));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
