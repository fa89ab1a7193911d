package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.bench.EvaluateBench;
import org.slipway.bench.EvaluateReport;
import org.slipway.bench.Meanwhile;
import org.slipway.bench.ReplayBench;
import org.slipway.bench.ReplayReport;
import org.slipway.bench.Told;
import org.slipway.evaluate.Target;
import org.slipway.jail.Jails;
import org.slipway.packages.HostAbi;
import org.slipway.tree.Checkout;
import org.slipway.tree.PortsTree;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Benchmarks, each beside its peer in one run. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures what Slipway does beside its peers, in one run.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchCommand.Evaluate.class,
      BenchCommand.Replay.class,
      BenchJailCommand.class,
      BenchBuildCommand.class,
      BenchPackageCommand.class,
      BenchPublishCommand.class,
      BenchServeCommand.class
    })
final class BenchCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "which? evaluate, replay, jail, build, package, publish or serve");
  }

  /** What both are told. */
  static final class Asked {
    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandLine.Model.@Nullable CommandSpec spec;

    @Option(names = "--tree", paramLabel = "DIR", required = true, description = "a ports tree")
    private Path tree = Path.of("");

    @Option(
        names = "--target",
        paramLabel = "OS:VERSION:ARCH",
        description = "such as FreeBSD:14.2:amd64 (default: this host)")
    private @Nullable String target;

    @Option(
        names = "--base",
        paramLabel = "BASE",
        description = "the target's base, as in evaluate (default: what is known of the target)")
    private @Nullable String base;

    @Option(
        names = "--define",
        paramLabel = "N=V",
        mapFallbackValue = "",
        description = "a make variable of the kit, such as OPSYS=MidnightBSD; may be repeated")
    private TreeMap<String, String> defines = new TreeMap<>();

    @Option(
        names = "--workers",
        paramLabel = "N",
        description = "evaluations at once (default: the processors of this host)")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "the figures as one JSON object on one line")
    private boolean json;

    private Target target(Workspace workspace) throws IOException {
      return new TargetWord(() -> HostAbi.detect(Path.of("/bin/sh")), workspace.shared("bases"))
          .target(Optional.ofNullable(target), Optional.ofNullable(base));
    }

    private Told told(PrintStream out) {
      return json ? Told.NOBODY : new Meanwhile(out, Main.terminal());
    }

    private CommandLine line() {
      return Objects.requireNonNull(spec).commandLine();
    }
  }

  private interface Work {
    int run(Jails jails, Workspace workspace, PrintStream out) throws Exception;
  }

  /** Runs with jails and files that are gone afterwards. */
  private static int within(Asked asked, Work work) throws Exception {
    PrintStream out = Main.out();
    try (Workspace workspace = Workspace.open(Workspace.usual());
        Jails jails = Jails.open(workspace.own("jails"), true)) {
      return work.run(jails, workspace, out);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(asked.line(), String.valueOf(e.getMessage()), e);
    } finally {
      out.flush();
    }
  }

  private static void print(PrintStream out, List<String> lines) {
    out.println();
    lines.forEach(out::println);
  }

  @Command(
      name = "evaluate",
      mixinStandardHelpOptions = true,
      description = {
        "Evaluates a tree from nothing, then asks the same ports in the plain way, one make a port:"
            + " with all presets, and without those of the compiler.",
        "Exit status 1 where --verify finds a difference."
      })
  static final class Evaluate implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Option(
        names = "--ref",
        paramLabel = "REF",
        description = "a commit of the tree's repository (default: the folder as it stands)")
    private @Nullable String ref;

    @Option(
        names = "--sample",
        paramLabel = "N",
        description = "only so many ports (default: the whole tree)")
    private @Nullable Integer sample;

    @Option(
        names = "--rounds",
        paramLabel = "N",
        description =
            "how often, each with another sample; ratios are medians (default: ${DEFAULT-VALUE})")
    private int rounds = 1;

    @Option(names = "--flavors", description = "every flavor of each port, not its default alone")
    private boolean flavors;

    @Option(names = "--verify", description = "compare every answer with plain make's")
    private boolean verify;

    @Override
    public Integer call() throws Exception {
      return within(asked, (jails, workspace, out) -> {
        EvaluateBench.Wish wish = new EvaluateBench.Wish(
            asked.target(workspace),
            asked.defines,
            Optional.ofNullable(sample),
            flavors,
            rounds,
            verify);
        EvaluateBench bench =
            new EvaluateBench(jails, workspace.own("bench"), asked.workers, asked.told(out));
        EvaluateReport report;
        if (ref == null) {
          report = bench.run(Checkout.ofFolder(asked.tree), wish);
        } else {
          try (PortsTree tree = PortsTree.inPlace(asked.tree, workspace.own("checkouts"));
              Checkout checkout = tree.checkout(tree.resolve(ref))) {
            report = bench.run(checkout, wish);
          }
        }
        if (asked.json) {
          out.println(report.json());
        } else {
          print(out, report.lines());
        }
        return report
                .verification()
                .filter(each -> !each.differences().isEmpty())
                .isPresent()
            ? 1
            : 0;
      });
    }
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = {
        "Walks through a tree's history, commit by commit, with what earlier commits left in the"
            + " cache, and compares with an evaluation from nothing.",
        "Exit status 1 where there is a difference."
      })
  static final class Replay implements Callable<Integer> {
    @Mixin
    private Asked asked = new Asked();

    @Option(
        names = "--ref",
        paramLabel = "REF",
        description = "where the walk ends (default: ${DEFAULT-VALUE})")
    private String ref = "HEAD";

    @Option(
        names = "--commits",
        paramLabel = "N",
        required = true,
        description = "how many steps, each from a commit's first parent")
    private int commits;

    @Option(
        names = "--check-every",
        paramLabel = "K",
        description = "compare after every K commits too, not only at the last")
    private @Nullable Integer checkEvery;

    @Option(
        names = "--from-cache",
        paramLabel = "DIR",
        description = "keep the cache there, and start with what is in it")
    private @Nullable Path cache;

    @Override
    public Integer call() throws Exception {
      return within(asked, (jails, workspace, out) -> {
        Path answers = cache == null ? workspace.own("answers") : cache.toAbsolutePath();
        try (PortsTree tree = PortsTree.inPlace(asked.tree, workspace.own("checkouts"))) {
          ReplayBench.Wish wish = new ReplayBench.Wish(
              asked.target(workspace),
              asked.defines,
              tree.resolve(ref),
              commits,
              Optional.ofNullable(checkEvery),
              answers);
          ReplayReport report = new ReplayBench(
                  jails, workspace.own("bench"), asked.workers, asked.told(out))
              .run(tree, wish);
          if (asked.json) {
            out.println(report.json());
          } else {
            print(out, report.lines());
          }
          return report.differences().isEmpty() ? 0 : 1;
        }
      });
    }
  }
}
