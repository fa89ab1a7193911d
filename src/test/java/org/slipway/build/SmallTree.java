package org.slipway.build;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Limits;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * A tree of a few ports made for one test, under the sample fork's framework, with a make kit for
 * this host.
 */
final class SmallTree {
  static final Target TARGET =
      new Target(Abi.parse("Linux:3.2:x86_64"), new Base.Host(), "this host");
  static final Limits LIMITS =
      new Limits(Duration.ofMinutes(5), Duration.ofMinutes(5), 8L << 20, 0, 512);

  private static final Path PROJECT = Path.of(System.getProperty("slipway.dir", "."));

  private final Path tree;
  private final Path kit;

  SmallTree(Path folder) throws IOException {
    tree = folder.resolve("tree");
    kit = folder.resolve("kit");
    copy(PROJECT.resolve("src/demo/ports/Mk"), tree.resolve("Mk"));
    copy(PROJECT.resolve("src/demo/ports/Templates"), tree.resolve("Templates"));
    copy(PROJECT.resolve("src/main/resources/org/slipway/evaluate/kit"), kit);
    Files.writeString(
        kit.resolve("presets.mk"),
        "OPSYS=Linux\nARCH=x86_64\nOSREL=3.2\nOSVERSION=320\nUID=0\nGID=0\n_SMP_CPUS=1\n");
    open(folder);
  }

  /** The build user is another one: what it is to see, all may read. */
  private static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Writes a port whose Makefile has these lines between its usual beginning and end. */
  Draft port(String origin, String makefile) throws IOException {
    OriginSpec spec = OriginSpec.parse(origin);
    Path folder = tree.resolve(spec.origin().toString());
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("Makefile"),
        "PORTNAME=" + spec.origin().name() + "\nPORTVERSION?=1.0\nCATEGORIES="
            + spec.origin().category()
            + "\nMAINTAINER=porter@example.org\nCOMMENT=Something small\nNO_ARCH=yes\n"
            + makefile + "\n.include <bsd.port.mk>\n");
    Files.writeString(folder.resolve("pkg-descr"), "Something small.\n");
    return new Draft(spec, folder);
  }

  BuildRequest request(Port port, BuildRequest.Install... installs) {
    return new BuildRequest(
        port, TARGET, tree, kit, List.of(installs), Optional.empty(), LIMITS, 1);
  }

  static BuildRequest from(BuildRequest request, URI mirror) {
    return new BuildRequest(
        request.port(),
        request.target(),
        request.tree(),
        request.kit(),
        request.installs(),
        Optional.of(mirror),
        request.limits(),
        request.jobs());
  }

  static BuildRequest within(BuildRequest request, Limits limits) {
    return new BuildRequest(
        request.port(),
        request.target(),
        request.tree(),
        request.kit(),
        request.installs(),
        request.mirror(),
        limits,
        request.jobs());
  }

  static BuildRequest wishing(BuildRequest request, BuildRequest.Wishes wishes) {
    return new BuildRequest(
        request.port(),
        request.target(),
        request.tree(),
        request.kit(),
        request.installs(),
        request.mirror(),
        request.limits(),
        request.jobs(),
        wishes);
  }

  /** In test mode. */
  static BuildRequest tested(BuildRequest request) {
    return wishing(request, wishes(BuildRequest.Mode.TEST));
  }

  static BuildRequest.Wishes wishes(BuildRequest.Mode mode) {
    return new BuildRequest.Wishes(
        mode,
        List.of(),
        Optional.empty(),
        0,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** A port being written, and its answers as an evaluation would give them. */
  static final class Draft {
    private final OriginSpec spec;
    private final Path folder;
    private final List<Dependency> dependencies = new ArrayList<>();
    private final List<String> distfiles = new ArrayList<>();
    private final Map<String, String> variables = new TreeMap<>();

    private Draft(OriginSpec spec, Path folder) {
      this.spec = spec;
      this.folder = folder;
      String work = "/wrkdirs/xports/" + spec.origin() + "/work"
          + spec.flavor().map(flavor -> "-" + flavor).orElse("");
      variables.put("WRKDIR", work);
      variables.put("STAGEDIR", work + "/stage");
      variables.put("METADIR", work + "/.metadir");
      variables.put("TMPPLIST", work + "/.PLIST.mktmp");
      variables.put("DISTINFO_FILE", "/xports/" + spec.origin() + "/distinfo");
    }

    Draft file(String name, String text) throws IOException {
      Files.createDirectories(folder.resolve(name).resolveSibling("."));
      Files.writeString(folder.resolve(name), text);
      return this;
    }

    Draft needs(DependencyKind kind, String origin) {
      dependencies.add(new Dependency(kind, "key", OriginSpec.parse(origin)));
      return this;
    }

    Draft distfile(String name, byte[] content) throws IOException {
      return distfile(name, Digest.of(content), content.length);
    }

    Draft distfile(String name, Digest sum, int size) throws IOException {
      distfiles.add(name);
      return file(
          "distinfo",
          "TIMESTAMP = 1600000000\nSHA256 (" + name + ") = " + sum + "\nSIZE (" + name + ") = "
              + size + "\n");
    }

    Draft variable(String name, String value) {
      variables.put(name, value);
      return this;
    }

    Port port() {
      return new Port(
          spec,
          new PackageName(spec.origin().name(), "1.0"),
          spec.flavor().map(List::of).orElse(List.of()),
          dependencies,
          Optional.empty(),
          Map.of(),
          distfiles,
          variables,
          Digest.of("sources"),
          List.of(spec.origin().toString()),
          List.of());
    }
  }
}
