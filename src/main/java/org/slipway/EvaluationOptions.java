package org.slipway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Layer;
import org.slipway.evaluate.PoudriereConf;
import org.slipway.evaluate.Target;
import org.slipway.jail.Bases;
import org.slipway.packages.HostAbi;
import org.slipway.packages.Origin;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What every command is told that evaluates a tree without a farm. */
final class EvaluationOptions {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--tree",
      paramLabel = "TREE",
      required = true,
      description = {
        "a ports tree: a folder, with or without git; where nothing is built, also an address that"
            + " git fetches from"
      })
  private String tree = "";

  @Option(
      names = "--ref",
      paramLabel = "REF",
      description =
          "a commit, branch or tag of it (default: a folder as it stands, a branch's head)")
  private @Nullable String ref;

  @Option(
      names = "--branch",
      paramLabel = "NAME",
      description = "the branch to fetch from a URL (default: ${DEFAULT-VALUE})")
  private String branch = "main";

  @Option(
      names = "--overlay",
      paramLabel = "DIR",
      description = "a tree whose ports count before the tree's; several in order")
  private List<Path> overlays = new ArrayList<>();

  @Option(
      names = "--target",
      paramLabel = "OS:VERSION:ARCH",
      description = "such as FreeBSD:14.2:amd64 (default: this host)")
  private @Nullable String target;

  @Option(
      names = "--base",
      paramLabel = "BASE",
      description = {
        "which files the target's base has: a folder with a base system, a file that lists its"
            + " paths, the word host, or a kept base's name (default: what is known of the target)"
      })
  private @Nullable String base;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "a farm's folder, whose kept bases --base may name")
  private @Nullable Path home;

  @Option(
      names = "--define",
      paramLabel = "NAME=VALUE",
      mapFallbackValue = "",
      description = "a make variable of the kit, such as OSVERSION=1402000; several")
  private TreeMap<String, String> defines = new TreeMap<>();

  @Option(names = "--make-conf", paramLabel = "FILE", description = "lines for make.conf")
  private @Nullable Path makeConf;

  @Option(
      names = "--poudriere",
      paramLabel = "DIR",
      description = "settings of a folder such as /usr/local/etc/poudriere.d")
  private @Nullable Path poudriere;

  @Option(names = "--jail", paramLabel = "NAME", description = "the jail in that folder's names")
  private @Nullable String jail;

  @Option(names = "--ports", paramLabel = "NAME", description = "the tree in that folder's names")
  private @Nullable String ports;

  @Option(names = "--set", paramLabel = "NAME", description = "the set in that folder's names")
  private @Nullable String set;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "evaluations at once (default: the processors of this host)")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "where answers and mirrors are kept for the next run (default: the user's)")
  private @Nullable Path cache;

  @Option(names = "--no-cache", description = "ask every port anew, and keep nothing")
  private boolean noCache;

  /** What a command has read of the ports' options and of make lines by words of its own. */
  private Map<Origin, Map<String, Boolean>> portOptions = Map.of();

  private String makeLines = "";

  String tree() {
    return tree;
  }

  /** Adds to what is asked: options by port, and lines for make.conf after those of the file. */
  void add(Map<Origin, Map<String, Boolean>> morePortOptions, String moreMakeLines) {
    portOptions = Map.copyOf(morePortOptions);
    makeLines = moreMakeLines;
  }

  Optional<String> ref() {
    return Optional.ofNullable(ref);
  }

  String branch() {
    return branch;
  }

  List<Path> overlays() {
    return List.copyOf(overlays);
  }

  int workers() {
    if (workers < 1) {
      throw wrong("--workers " + workers + " evaluates nothing; give at least 1");
    }
    return workers;
  }

  boolean keeps() {
    return !noCache;
  }

  Path cache() {
    return cache == null ? Workspace.usual() : cache;
  }

  /** @param bases where stand-ins for bases are laid out */
  Target target(Path bases) throws IOException {
    try {
      Optional<Bases> kept =
          Optional.ofNullable(home).map(farm -> new Bases(farm.resolve("bases")));
      return new TargetWord(() -> HostAbi.detect(Path.of("/bin/sh")), bases, kept)
          .target(Optional.ofNullable(target), Optional.ofNullable(base));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** @param remarks to which is added what people should know of their settings */
  EvaluationRequest request(Target asked, List<String> words, List<String> remarks)
      throws IOException {
    try {
      List<Layer> layers = new ArrayList<>();
      if (poudriere != null) {
        PoudriereConf conf = PoudriereConf.read(
            poudriere,
            Optional.ofNullable(jail),
            Optional.ofNullable(ports),
            Optional.ofNullable(set));
        layers.addAll(conf.layers());
        remarks.addAll(conf.remarks());
      } else if (jail != null || ports != null || set != null) {
        throw wrong("--jail, --ports and --set name files of a folder; add --poudriere DIR");
      }
      String lines = makeConf == null ? "" : Files.readString(makeConf, StandardCharsets.UTF_8);
      String between = lines.isEmpty() || makeLines.isEmpty() ? "" : "\n";
      layers.add(Layer.ofJob(portOptions, lines + between + makeLines));
      return new EvaluationRequest(asked, words, layers, defines);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } catch (java.nio.file.NoSuchFileException e) {
      throw new IOException("there is no file " + e.getFile() + "; check how it is spelled", e);
    }
  }

  /** A person's mistake on the command line: its sentence, and exit status 2. */
  CommandLine.ParameterException wrong(String sentence) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
  }
}
