package org.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.tree.CommitId;
import org.slipway.tree.Fork;
import org.slipway.tree.PortsTree;

/** A real repository of a few generated ports under the sample fork's framework. */
final class SmallFork implements AutoCloseable {
  static final Target TARGET = target("FreeBSD:14:amd64");
  static final SortedMap<String, String> NO_DEFINES = Collections.emptySortedMap();

  private static final Path SAMPLE =
      Path.of(System.getProperty("slipway.dir", "."), "src/demo/ports");

  private final Path folder;
  private final Fork fork;
  private final SortedMap<String, StringBuilder> categories = new TreeMap<>();

  SmallFork(Path folder) throws IOException {
    this.folder = folder;
    fork = new Fork(folder.resolve("fork.git"));
    for (String part : List.of("Mk", "Templates", "GIDs", "UIDs")) {
      try (Stream<Path> files = Files.walk(SAMPLE.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = SAMPLE.relativize(file).toString();
          if (Files.isExecutable(file)) {
            fork.program(name, Files.readString(file));
          } else {
            fork.file(name, Files.readString(file));
          }
        }
      }
    }
  }

  /** On this host's own system, whose tools run. */
  static Target target(String abi) {
    return new Target(Abi.parse(abi), new Base.Host(), abi);
  }

  /** A port of its own or another text for it; {@code lines} come before its end. */
  SmallFork port(String category, String name, String version, String... lines) {
    StringBuilder listed = categories.computeIfAbsent(category, c -> new StringBuilder());
    String line = "SUBDIR += " + name + "\n";
    if (listed.indexOf(line) < 0) {
      listed.append(line);
    }
    fork.file(
        category + "/" + name + "/Makefile",
        "PORTNAME=\t" + name + "\nPORTVERSION=\t" + version + "\nCATEGORIES=\t" + category
            + "\nMAINTAINER=\tada@example.org\nCOMMENT=\tA port for tests\nDISTFILES=\n"
            + String.join("\n", lines) + "\n\n.include <bsd.port.mk>\n");
    return file(category + "/" + name + "/pkg-descr", "A port for tests.\n");
  }

  SmallFork file(String path, String content) {
    fork.file(path, content);
    return this;
  }

  /** A dozen ports: flavors, dependencies, a library, a port that ends make with an error. */
  SmallFork dozen() {
    for (int i = 0; i < 8; i++) {
      port("misc", "leaf" + i, "1." + i, "LIB_DEPENDS=\tliba.so:devel/liba");
    }
    return port("devel", "liba", "2.0", "BUILD_DEPENDS=\tt:devel/tool@small")
        .port(
            "devel",
            "tool",
            "3.0",
            "FLAVORS=\tlarge small",
            "small_PKGNAMESUFFIX=\t-small",
            "LICENSE_COMB=\tsingle")
        .port("devel", "broken", "1.0", ".error this port is not finished")
        .port("devel", "odd", "1.0", "PATCHFILES=\ta:b  c$$d", "CONFIGURE_ARGS=\t--x='y z'");
  }

  CommitId commit(String message) throws IOException {
    StringBuilder top = new StringBuilder();
    categories.forEach((category, ports) -> {
      top.append("SUBDIR += ").append(category).append('\n');
      fork.file(category + "/Makefile", ports.toString());
    });
    fork.file("Makefile", top.toString());
    return fork.commit(message);
  }

  PortsTree open() throws IOException {
    return PortsTree.inPlace(fork.folder(), folder.resolve("checkouts"));
  }

  Path folder() {
    return folder;
  }

  static EvaluationRequest everything() {
    return new EvaluationRequest(TARGET, List.of("all"), List.of(), NO_DEFINES);
  }

  @Override
  public void close() {
    fork.close();
  }
}
