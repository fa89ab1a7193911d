package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.jail.Jails;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

/** Asks ports for their metadata by running make in a jail. Safe for several threads. */
public final class Evaluator {
  /**
   * Where the tree is seen in a jail. Answers hold such paths, so a build must see it at the same
   * place.
   */
  public static final String TREE = "/xports";

  /** Where the kit is seen in a jail. */
  public static final String KIT = "/kit";

  /**
   * All of the environment in which make is asked. MAKESYSPATH and not {@code -m}: a make that a
   * makefile starts must find the kit too.
   */
  public static final Map<String, String> ENVIRONMENT = Map.of(
      "PATH", "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin",
      "HOME", "/nonexistent",
      "LC_ALL", "C",
      "MAKESYSPATH", KIT,
      "MAKE_OBJDIR_CHECK_WRITABLE", "no");

  /** A port takes some 20 ms; a machine under load may take a hundred times that. */
  private static final Duration PORT_LIMIT = Duration.ofSeconds(60);

  private final Jails jails;
  private final Kit kit;
  private final int workers;
  private final Duration portLimit;

  /**
   * @param kits HOME/kit: where the make kit is laid out, a folder for each content
   * @param workers evaluations at once
   */
  public Evaluator(Jails jails, Path kits, int workers) {
    this(jails, kits, workers, PORT_LIMIT);
  }

  /** @param portLimit the longest time for one port */
  Evaluator(Jails jails, Path kits, int workers, Duration portLimit) {
    if (workers < 1) {
      throw new IllegalArgumentException(workers + " workers cannot evaluate; give at least 1");
    }
    this.jails = jails;
    this.kit = new Kit(kits.toAbsolutePath().normalize());
    this.workers = workers;
    this.portLimit = portLimit;
  }

  /**
   * The wanted ports and, transitively, all that they depend on for anything but tests. The
   * dependencies of an ignored port are neither followed nor given.
   *
   * @throws IllegalArgumentException where a word of the request names no port in any tree
   */
  public Evaluation evaluate(Checkout checkout, EvaluationRequest request)
      throws IOException, InterruptedException {
    TreeFiles tree = new TreeFiles(checkout.directory());
    List<Finding> findings = new ArrayList<>();
    checkout
        .omitted()
        .forEach((path, reason) ->
            findings.add(new Finding(Optional.empty(), MakeMessage.clean(path) + " " + reason)));
    Set<WantedWord> wanted = wanted(tree, request.ports(), findings);
    Survey survey = new Survey(tree, Moves.read(tree), interview(checkout, request));
    survey.run(wanted);
    PortAssembly assembly = new PortAssembly(tree, survey);
    assembly.run(wanted);
    findings.addAll(assembly.findings());
    findings.addAll(OptionFindings.of(request.options(), assembly.ports().values(), tree));
    Set<OriginSpec> specs = new LinkedHashSet<>();
    wanted.forEach(word -> specs.addAll(survey.specs(word)));
    return new Evaluation(
        checkout.commit(),
        request.target(),
        List.copyOf(specs),
        assembly.ports(),
        assembly.unevaluable(),
        findings);
  }

  /**
   * The folder to bind at /kit for make in a jail: the kit, its presets for the target and the
   * make.conf of the request.
   */
  public Path kit(EvaluationRequest request) throws IOException {
    return kit.folder(request);
  }

  private Interview interview(Checkout checkout, EvaluationRequest request) throws IOException {
    return new Interview(
        jails, request.target(), checkout.directory(), kit(request), workers, portLimit);
  }

  private static Set<WantedWord> wanted(TreeFiles tree, List<String> words, List<Finding> findings)
      throws IOException {
    Set<WantedWord> wanted = new LinkedHashSet<>();
    for (String word : words) {
      if (word.equals("all")) {
        Categories categories = new Categories(tree);
        for (Origin origin : categories.origins()) {
          wanted.add(WantedWord.of(origin));
        }
        findings.addAll(categories.findings());
      } else {
        wanted.add(WantedWord.parse(word));
      }
    }
    return wanted;
  }
}
