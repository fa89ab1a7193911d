package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.bench.BuildBench;
import org.slipway.bench.BuildReport;
import org.slipway.bench.Meanwhile;
import org.slipway.bench.Told;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.jail.Jails;
import org.slipway.packages.HostAbi;
import org.slipway.packages.Origin;
import org.slipway.tree.Checkout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a farm adds to the make calls of a build. */
@Command(
    name = "build",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Builds a port again and again, and beside each build runs the make calls of its phases"
          + " alone, in one run.",
      "Without --tree it is a port that does nothing, under the framework of the demo's fork."
    })
final class BenchBuildCommand implements Callable<Integer> {
  private static final String NOTHING = "misc/nothing";

  private static final String MAKEFILE = """
      PORTNAME=	nothing
      PORTVERSION=	1.0
      CATEGORIES=	misc
      MAINTAINER=	nobody@example.org
      COMMENT=	Nothing at all
      NO_ARCH=	yes
      DISTFILES=
      NO_BUILD=	yes
      PLIST_FILES=

      do-extract do-install:
      	@:

      .include <bsd.port.mk>
      """;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often; figures are medians (default: ${DEFAULT-VALUE})")
  private int rounds = 15;

  @Option(names = "--tree", paramLabel = "DIR", description = "a ports tree, with --port")
  private @Nullable Path tree;

  @Option(
      names = "--port",
      paramLabel = "ORIGIN",
      description = "a port of that tree that fetches nothing and needs no other")
  private @Nullable String port;

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
      description = "a make variable of the kit; may be repeated")
  private TreeMap<String, String> defines = new TreeMap<>();

  @Option(names = "--json", description = "the figures as one JSON object on one line")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    PrintStream out = Main.out();
    Told told = json ? Told.NOBODY : new Meanwhile(out, Main.terminal());
    if ((tree == null) != (port == null)) {
      throw wrong("--tree and --port belong together: give both, or neither", null);
    }
    try (Workspace workspace = Workspace.open(Workspace.usual());
        Jails jails = Jails.open(workspace.own("jails"), true)) {
      TargetWord word =
          new TargetWord(() -> HostAbi.detect(Path.of("/bin/sh")), workspace.shared("bases"));
      EvaluationRequest request = new EvaluationRequest(
          word.target(Optional.ofNullable(target), Optional.ofNullable(base)),
          List.of(Origin.parse(port == null ? NOTHING : port).toString()),
          List.of(),
          defines);
      Path folder = tree == null ? small(workspace.own("tree")) : tree;
      BuildReport report = new BuildBench(jails, workspace.own("bench"), rounds, told)
          .run(Checkout.ofFolder(folder), request);
      if (json) {
        out.println(report.json());
      } else {
        out.println();
        report.lines().forEach(out::println);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()), e);
    } finally {
      out.flush();
    }
  }

  /** The demo's framework with one port. */
  private static Path small(Path folder) throws IOException {
    Files.createDirectories(folder);
    DemoFiles.copy(Main.program().resolve("src/demo/ports"), folder);
    Path nothing = Files.createDirectories(folder.resolve(NOTHING));
    Files.writeString(nothing.resolve("Makefile"), MAKEFILE);
    Files.writeString(nothing.resolve("pkg-descr"), "Nothing at all.\n");
    return folder;
  }

  private CommandLine.ParameterException wrong(String sentence, @Nullable Throwable cause) {
    return new CommandLine.ParameterException(
        Objects.requireNonNull(spec).commandLine(), sentence, cause);
  }
}
