package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slipway.jail.Jails;
import org.slipway.jail.Mount;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

/** Asks ports for their metadata by running make in a jail. Safe for several threads. */
public final class Evaluator implements AutoCloseable {
  /**
   * Where the tree is seen in a jail. Answers hold such paths, so a build must see it at the same
   * place.
   */
  public static final String TREE = "/xports";

  /** Where the kit is seen in a jail. */
  public static final String KIT = "/kit";

  private static final Map<String, String> OUTSIDE = Map.of(
      "PATH",
      "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin",
      "HOME",
      "/nonexistent",
      "LC_ALL",
      "C",
      "MAKE_OBJDIR_CHECK_WRITABLE",
      "no");

  /** A port takes some 20 ms; a machine under load may take a hundred times that. */
  private static final Duration PORT_LIMIT = Duration.ofSeconds(60);

  /** Laying out brief makefiles costs as much as asking some twenty ports, and saves 1/14 of each. */
  private static final int BRIEF_FROM = 300;

  private final Jails jails;
  private final Kit kit;
  private final BriefMakefiles brief;
  private final int briefFrom;
  private final int workers;
  private final Duration portLimit;
  private final AnswerCache cache;
  private volatile Includes includes = new Includes("", List.of());

  /**
   * Keeps answers for as long as it lives.
   *
   * @param kits HOME/kit: where the make kit is laid out, a folder for each content
   * @param workers evaluations at once
   */
  public Evaluator(Jails jails, Path kits, int workers) {
    this(jails, kits, Optional.empty(), workers, PORT_LIMIT, BRIEF_FROM);
  }

  /** @param answers HOME/evaluations: where answers are kept from one start to the next */
  public Evaluator(Jails jails, Path kits, Path answers, int workers) {
    this(jails, kits, Optional.of(answers), workers, PORT_LIMIT, BRIEF_FROM);
  }

  Evaluator(Jails jails, Path kits, Optional<Path> answers, int workers, Duration portLimit) {
    this(jails, kits, answers, workers, portLimit, BRIEF_FROM);
  }

  /**
   * @param portLimit the longest time for one port, whole seconds
   * @param briefFrom how many ports must be asked for brief makefiles to be worth their while
   */
  Evaluator(
      Jails jails,
      Path kits,
      Optional<Path> answers,
      int workers,
      Duration portLimit,
      int briefFrom) {
    if (workers < 1) {
      throw new IllegalArgumentException(workers + " workers cannot evaluate; give at least 1");
    }
    this.jails = jails;
    this.kit = new Kit(kits.toAbsolutePath().normalize());
    this.brief = new BriefMakefiles(kits.toAbsolutePath().normalize());
    this.briefFrom = briefFrom;
    this.workers = workers;
    this.portLimit = portLimit;
    this.cache = new AnswerCache(answers.map(path -> path.toAbsolutePath().normalize()));
  }

  /**
   * All of the environment in which make is asked, and must build: kit files of the tree's own count
   * before the program's.
   *
   * @param tree the folder of a checkout
   */
  public static Map<String, String> environment(Path tree) {
    return environment(tree, List.of());
  }

  /**
   * The same under overlays, whose kit files count before the tree's.
   *
   * @param overlays folders that lie over it, each seen under its path's last name, first wins
   */
  public static Map<String, String> environment(Path tree, List<Path> overlays) {
    List<String> kits = new ArrayList<>();
    for (Path overlay : overlays) {
      if (Files.isDirectory(overlay.resolve(TreeFiles.OWN_KIT))) {
        kits.add(TreeFiles.OVERLAYS + overlay.getFileName() + "/" + TreeFiles.OWN_KIT);
      }
    }
    if (Files.isDirectory(tree.resolve(TreeFiles.OWN_KIT))) {
      kits.add(TREE + "/" + TreeFiles.OWN_KIT);
    }
    return environment(kits);
  }

  /**
   * All of the environment in which make is asked. MAKESYSPATH and not {@code -m}: a make that a
   * makefile starts must find the kit too.
   *
   * @param kitFolders kit folders of the sources, which count before the program's
   */
  static Map<String, String> environment(List<String> kitFolders) {
    Map<String, String> environment = new TreeMap<>(OUTSIDE);
    List<String> folders = new ArrayList<>(kitFolders);
    folders.add(KIT);
    environment.put("MAKESYSPATH", String.join(":", folders));
    return environment;
  }

  /**
   * What every port is asked: by the name of the answer, what {@code make -V} is given; in the order
   * of the asking. Answers are in {@link Port#variables} by that name.
   */
  public static Map<String, String> questions() {
    Map<String, String> questions = new LinkedHashMap<>();
    for (String name : Variables.ALL) {
      if (!Variables.INTERNAL.contains(name)) {
        questions.put(name, Variables.word(name));
      }
    }
    return questions;
  }

  /**
   * The ports that the word {@code all} stands for: those that the category makefiles list and that
   * are there. No make is run.
   */
  public static SortedSet<Origin> listed(Sources sources) throws IOException {
    TreeFiles files = new TreeFiles(sources);
    requireFramework(files);
    return new Categories(files).origins();
  }

  /** The wanted ports and all that they need, without overlays. */
  public Evaluation evaluate(Checkout checkout, EvaluationRequest request)
      throws IOException, InterruptedException {
    return evaluate(Sources.of(checkout), request, Reach.NEEDED, Watch.NONE);
  }

  /**
   * The wanted ports and, where the reach says so, all that they depend on for anything but tests.
   * The dependencies of an ignored port are neither followed nor given.
   *
   * @throws IllegalArgumentException where a word of the request is none
   */
  public Evaluation evaluate(Sources sources, EvaluationRequest request, Reach reach, Watch watch)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    TreeFiles files = new TreeFiles(sources);
    requireFramework(files);
    List<String> includes = silentIncludes(files);
    Ledger ledger = cache.ledger(setting(request, files, includes));
    TreeFiles tree = ledger.begin(sources);
    try {
      ledger.lookWith(new Sight(tree, request, state(sources)));
      Interview interview = new Interview(
          jails,
          request.target(),
          tree,
          kit.folder(request, tree.overlays()),
          questions -> brief(tree, questions),
          includes,
          workers,
          portLimit,
          question -> watch.answered(question.toString()));
      List<Finding> findings = omissions(sources);
      Moves moves = Moves.read(tree);
      moves.remarks().forEach(remark -> findings.add(new Finding(Optional.empty(), remark)));
      Set<WantedWord> wanted = new Wishes(tree, moves, findings).read(request.ports());
      Asked asked = new Asked(tree, ledger, interview, watch);
      Survey survey = new Survey(tree, moves, asked, reach);
      survey.run(wanted);
      PortAssembly assembly = new PortAssembly(
          tree,
          survey,
          request,
          reach == Reach.NEEDED ? ledger::sources : folders -> Digest.of(""));
      assembly.run(wanted);
      findings.addAll(assembly.findings());
      findings.addAll(OptionFindings.of(request.layers(), assembly.ports().values(), tree));
      Set<OriginSpec> specs = new LinkedHashSet<>();
      wanted.forEach(word -> specs.addAll(survey.specs(word)));
      return new Evaluation(
          sources.tree().commit(),
          request.target(),
          List.copyOf(specs),
          assembly.ports(),
          assembly.unevaluable(),
          findings,
          new Effort(
              asked.asked,
              asked.kept,
              Duration.ofNanos(System.nanoTime() - start),
              interview.use().cpu(),
              interview.use().peakMemoryBytes()));
    } finally {
      ledger.end();
    }
  }

  private Optional<Mount> brief(TreeFiles tree, int questions) throws IOException {
    if (questions < briefFrom) {
      return Optional.empty();
    }
    return brief
        .of(tree.find(TREE + "/Mk"), tree.folderId(TREE + "/Mk"))
        .map(folder -> new Mount(folder, TREE + "/Mk", false));
  }

  /** What of a commit is not on disk. */
  private static List<Finding> omissions(Sources sources) {
    List<Finding> findings = new ArrayList<>();
    sources
        .tree()
        .omitted()
        .forEach((path, reason) ->
            findings.add(new Finding(Optional.empty(), MakeMessage.clean(path) + " " + reason)));
    return findings;
  }

  /** They are read from all of the framework's files, and change as seldom as these. */
  private List<String> silentIncludes(TreeFiles tree) throws IOException {
    StringBuilder frameworks = new StringBuilder();
    for (TreeFiles.Root root : tree.roots()) {
      Optional<String> id = root.checkout().folderId("Mk");
      if (id.isEmpty() && tree.find(root.seen() + "/Mk").isPresent()) {
        return SilentIncludes.of(tree);
      }
      frameworks.append(root.seen()).append(' ').append(id.orElse("")).append('\n');
    }
    Includes known = includes;
    if (!known.frameworks().equals(frameworks.toString())) {
      known = new Includes(frameworks.toString(), SilentIncludes.of(tree));
      includes = known;
    }
    return known.expressions();
  }

  /** Those of the framework that was read last. */
  private record Includes(String frameworks, List<String> expressions) {}

  /** The cache first, then make; what make says is kept. */
  private static final class Asked implements Survey.Asking {
    private final TreeFiles tree;
    private final Ledger ledger;
    private final Interview interview;
    private final Watch watch;
    private int asked;
    private int kept;

    Asked(TreeFiles tree, Ledger ledger, Interview interview, Watch watch) {
      this.tree = tree;
      this.ledger = ledger;
      this.interview = interview;
      this.watch = watch;
    }

    @Override
    public Map<Question, Outcome> ask(Set<Question> wave) throws IOException, InterruptedException {
      Map<Question, Outcome> outcomes = new LinkedHashMap<>();
      Set<Question> unknown = new LinkedHashSet<>();
      for (Question question : wave) {
        ledger
            .find(question)
            .ifPresentOrElse(
                outcome -> outcomes.put(question, outcome), () -> unknown.add(question));
      }
      kept += outcomes.size();
      asked += unknown.size();
      watch.wanted(unknown.size(), outcomes.size());
      if (unknown.isEmpty()) {
        return outcomes;
      }
      Map<Question, Outcome> answered = new ConcurrentHashMap<>();
      Interview.Taker taker =
          (question, reply) -> answered.put(question, understand(question, reply));
      for (Map.Entry<Question, Reply> each : interview.ask(unknown, taker).entrySet()) {
        if (!(each.getValue() instanceof Reply.Taken)) {
          taker.take(each.getKey(), each.getValue());
        }
      }
      outcomes.putAll(answered);
      return outcomes;
    }

    /** While others are still asked: there is a core that waits for them, or will be. */
    private Outcome understand(Question question, Reply reply) throws IOException {
      Outcome outcome = Outcome.of(question, reply);
      Optional<Set<String>> needs = Needs.of(tree, question, reply);
      if (needs.isPresent()) {
        ledger.keep(question, reply, outcome, needs.get());
      }
      return outcome;
    }
  }

  /**
   * The folder to bind at /kit for make in a jail: the kit, its presets for the target and the
   * make.conf of the request.
   */
  public Path kit(EvaluationRequest request) throws IOException {
    return kit.folder(request, List.of());
  }

  /** The same for sources with overlays. */
  public Path kit(Sources sources, EvaluationRequest request) throws IOException {
    return kit.folder(request, new TreeFiles(sources).overlays());
  }

  /**
   * Names all that answers hang on beside the sources: replies are kept for each such setting
   * apart. Options of single ports are no part of it, they are looked at port by port.
   */
  private String setting(EvaluationRequest request, TreeFiles tree, List<String> includes)
      throws IOException {
    StringBuilder setting = new StringBuilder("replies 2\n");
    setting.append(Kit.digest(Kit.shared(request, tree.overlays()))).append('\n');
    setting.append(request.target().abi()).append('\n');
    setting.append(request.target().baseName()).append('\n');
    setting.append(environment(tree.kitFolders())).append('\n');
    Variables.ALL.forEach(name -> setting.append(Variables.expression(name)).append('\n'));
    includes.forEach(include -> setting.append(include).append('\n'));
    return Digest.of(setting.toString()).hex().substring(0, 32);
  }

  /** Another word for each state of the sources; a folder as it stands has none that lasts. */
  private static String state(Sources sources) {
    StringBuilder state = new StringBuilder(commit(sources.tree()));
    sources.overlays().forEach(overlay -> state.append(' ').append(commit(overlay.checkout())));
    return state.toString();
  }

  private static String commit(Checkout checkout) {
    return checkout
        .commit()
        .map(Object::toString)
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  private static void requireFramework(TreeFiles tree) throws IOException {
    for (String entry : List.of("bsd.port.mk", "bsd.mport.mk")) {
      if (tree.find(TREE + "/Mk/" + entry).isPresent()) {
        return;
      }
    }
    if (tree.kitFolders().isEmpty()) {
      Checkout checkout = tree.roots().get(tree.roots().size() - 1).checkout();
      throw new IOException(checkout
              .commit()
              .map(commit -> "commit " + commit.abbreviated())
              .orElseGet(() -> checkout.directory().toString())
          + " is no ports tree: it has no Mk/bsd.port.mk; give the top folder of a tree");
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
