package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.jail.Base;
import org.slipway.jail.Jails;
import org.slipway.packages.Abi;
import org.slipway.packages.Origin;
import org.slipway.tree.Checkout;
import org.slipway.tree.Fork;
import org.slipway.tree.PortsTree;

/** A fork in a temporary folder with all that evaluates it: real git, real make, real jails. */
final class Bench implements AutoCloseable {
  static final Target LINUX =
      new Target(Abi.parse("Linux:3.2:x86_64"), new Base.Host(), "the host's system");

  static final Path SAMPLE = Path.of(System.getProperty("slipway.dir", "."), "src/demo/ports");

  final Fork fork;
  private final Jails jails;
  private final Path folder;
  private final PortsTree tree;

  Bench(Path folder, Jails jails) throws IOException {
    this.folder = folder;
    this.jails = jails;
    fork = new Fork(folder.resolve("fork.git"));
    tree = PortsTree.open(
        fork.folder().toString(),
        "main",
        folder.resolve("trees/p.git"),
        folder.resolve("checkouts"));
  }

  /** Takes a folder's files into the fork. */
  Bench copy(Path from) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = from.relativize(file).toString();
        if (Files.isExecutable(file)) {
          fork.program(name, Files.readString(file));
        } else {
          fork.file(name, Files.readString(file));
        }
      }
    }
    return this;
  }

  /** The sample fork's framework, without its ports. */
  Bench framework() throws IOException {
    copy(SAMPLE);
    for (String category : List.of(
        "archivers", "devel", "lang", "misc", "net", "private", "sysutils", "textproc", "www")) {
      fork.without(category);
    }
    fork.without("MOVED").without("Makefile");
    return this;
  }

  /** A file of the tree. */
  Bench file(String name, String text) {
    fork.file(name, text);
    return this;
  }

  /** An ordinary small port, with lines of its own. */
  Bench port(String origin, String... lines) {
    Origin parsed = Origin.parse(origin);
    fork.file(origin + "/pkg-descr", "A port for tests.\n");
    fork.file(
        origin + "/Makefile",
        "PORTNAME=\t" + parsed.name() + "\nPORTVERSION=\t1.0\nCATEGORIES=\t" + parsed.category()
            + "\nMAINTAINER=\tada@example.org\nCOMMENT=\tA port for tests\nDISTFILES=\n"
            + String.join("\n", lines) + "\n\n.include <bsd.port.mk>\n");
    return this;
  }

  /** An ordinary small port whose makefile runs a shell script while it is read. */
  Bench running(String origin, String script) {
    return port(origin, "X!=\t" + script.replace("$", "$$").replace("#", "\\#"));
  }

  Checkout checkout() throws IOException {
    fork.commit("Next");
    return tree.checkout(tree.fetch());
  }

  Evaluation evaluate(EvaluationRequest request) throws IOException, InterruptedException {
    return evaluate(request, Duration.ofSeconds(60));
  }

  Evaluation evaluate(String... ports) throws IOException, InterruptedException {
    return evaluate(request(List.of(ports), Map.of(), ""));
  }

  Evaluation evaluate(EvaluationRequest request, Duration portLimit)
      throws IOException, InterruptedException {
    try (Checkout checkout = checkout()) {
      return evaluate(checkout, request, portLimit);
    }
  }

  /** For trees that no commit can hold: the test may change the checkout's files first. */
  Evaluation evaluate(Checkout checkout, EvaluationRequest request, Duration portLimit)
      throws IOException, InterruptedException {
    return new Evaluator(jails, kits(), Optional.empty(), 2, portLimit).evaluate(checkout, request);
  }

  Path kits() {
    return folder.resolve("kit");
  }

  static EvaluationRequest request(
      List<String> ports, Map<Origin, Map<String, Boolean>> options, String makeConf) {
    return new EvaluationRequest(LINUX, ports, options, makeConf);
  }

  @Override
  public void close() {
    tree.close();
    fork.close();
  }
}
