package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Reach;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Target;
import org.slipway.evaluate.Watch;
import org.slipway.jail.Jails;
import org.slipway.tree.Checkout;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;

/** A tree that somebody names on the command line, with all that evaluates it; no farm. */
final class TreeSurvey implements AutoCloseable {
  private final EvaluationOptions options;
  private final Workspace workspace;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final Jails jails;
  private final Evaluator evaluator;
  private final Target target;
  private Optional<PortsTree> repository = Optional.empty();

  private TreeSurvey(EvaluationOptions options, Workspace workspace) throws IOException {
    this.options = options;
    this.workspace = workspace;
    open.add(workspace);
    try {
      target = options.target(workspace.shared("bases"));
      jails = Jails.open(workspace.own("jails"), true);
      open.add(jails);
      // Other runs lay out the same kit; each folder is written aside and moved to its place.
      Path kits = workspace.shared("kits");
      evaluator = options.keeps()
          ? new Evaluator(jails, kits, workspace.shared("answers"), options.workers())
          : new Evaluator(jails, kits, options.workers());
      open.add(evaluator);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  static TreeSurvey open(EvaluationOptions options) throws IOException {
    return new TreeSurvey(options, Workspace.open(options.cache()));
  }

  Jails jails() {
    return jails;
  }

  Workspace workspace() {
    return workspace;
  }

  Target target() {
    return target;
  }

  /** What make is to see at /kit in a build, for what was asked last. */
  Path kit(Sources sources, List<String> words) throws IOException {
    return evaluator.kit(sources, request(words));
  }

  /** All that make is told beside the options of single ports, as lines. */
  String makeText(List<String> words) throws IOException {
    EvaluationRequest request = request(words);
    StringBuilder text = new StringBuilder(request.makeConf());
    request
        .defines()
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }

  private EvaluationRequest request(List<String> words) throws IOException {
    remarks.clear();
    return options.request(target, words, remarks);
  }

  /** What people should know of their settings. */
  List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** What {@code --tree} and {@code --ref} mean; it stays until the survey is closed. */
  Sources sources() throws IOException {
    return options.ref().isPresent() || isAddress(options.tree())
        ? sources(options.ref().orElse(options.branch()))
        : sources(keep(Checkout.ofFolder(Path.of(options.tree()))));
  }

  /** Another state of the same tree. */
  Sources sources(String ref) throws IOException {
    PortsTree tree = repository();
    return sources(keep(tree.checkout(tree.resolve(ref))));
  }

  private Sources sources(Checkout checkout) throws IOException {
    List<Sources.Overlay> overlays = new ArrayList<>();
    for (Path folder : options.overlays()) {
      Checkout overlay = keep(Checkout.ofFolder(folder));
      overlays.add(new Sources.Overlay(
          "%d-%s".formatted(overlays.size() + 1, word(overlay.directory())), overlay));
    }
    return new Sources(checkout, overlays);
  }

  private static String word(Path folder) {
    String name = String.valueOf(folder.getFileName()).replaceAll("[^A-Za-z0-9_.-]", "-");
    return name.length() > 48 ? name.substring(0, 48) : name;
  }

  private PortsTree repository() throws IOException {
    if (repository.isEmpty()) {
      PortsTree opened;
      if (isAddress(options.tree())) {
        Path folder = workspace.claim("mirrors", options.tree() + " " + options.branch());
        opened = PortsTree.open(
            options.tree(),
            options.branch(),
            folder.resolve("tree.git"),
            folder.resolve("checkouts"));
        open.add(opened);
        opened.fetch();
      } else {
        Path folder = Path.of(options.tree());
        if (!Files.isDirectory(folder)) {
          throw new IOException("there is no folder " + folder + "; check how it is spelled");
        }
        opened = PortsTree.inPlace(
            folder, workspace.claim("checkouts", folder.toRealPath().toString()));
        open.add(opened);
      }
      repository = Optional.of(opened);
    }
    return repository.get();
  }

  /**
   * When each of these folders was last changed by a commit, in the tree that {@link #sources()}
   * gives; none where that is a plain folder, or has no commit yet.
   */
  Map<String, Instant> lastChanges(Set<String> folders) throws IOException {
    boolean plain =
        repository.isEmpty() && !Files.exists(Path.of(options.tree()).resolve(".git"));
    if (plain) {
      return Map.of();
    }
    PortsTree tree = repository();
    Optional<CommitId> newest =
        options.ref().isPresent() ? Optional.of(tree.resolve(options.ref().get())) : tree.head();
    Path kept = options.keeps() ? workspace.shared("changes") : workspace.own("changes");
    return newest.isPresent() ? new KeptChanges(kept).of(tree, newest.get(), folders) : Map.of();
  }

  Evaluation evaluate(Sources sources, List<String> words, Reach reach, Watch watch)
      throws IOException, InterruptedException {
    EvaluationRequest request = request(words);
    try {
      return evaluator.evaluate(sources, request, reach, watch);
    } catch (IllegalArgumentException e) {
      throw options.wrong(String.valueOf(e.getMessage()));
    }
  }

  private Checkout keep(Checkout checkout) {
    open.add(checkout);
    return checkout;
  }

  /** What git fetches from, as against a folder: {@code https://...}, {@code host:path}. */
  static boolean isAddress(String text) {
    return text.matches("[a-z][a-z0-9+.-]*://.*") || text.matches("[\\w.-]+@[\\w.-]+:.*");
  }

  @Override
  public void close() throws IOException {
    Collections.reverse(open);
    IOException fault = null;
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        if (fault == null) {
          fault = e instanceof IOException io ? io : new IOException(e);
        } else {
          fault.addSuppressed(e);
        }
      }
    }
    open.clear();
    if (fault != null) {
      throw fault;
    }
  }
}
