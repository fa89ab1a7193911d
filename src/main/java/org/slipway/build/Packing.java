package org.slipway.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.Port;
import org.slipway.jail.Base;
import org.slipway.jail.Command;
import org.slipway.jail.Command.Network;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.packages.BaseLibraries;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.ForeignBinary;
import org.slipway.packages.Keywords;
import org.slipway.packages.LibraryRules;
import org.slipway.packages.Manifest;
import org.slipway.packages.MetadataReader;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.Plist;
import org.slipway.packages.StageLimits;
import org.slipway.packages.StageReader;

/**
 * Makes a package of what a build staged. The framework writes the manifest's words in the jail;
 * the rest is collected as streams, as the build user, and is hostile until the packages room has
 * read it.
 */
final class Packing {
  /** Manifest, texts, scripts and plist: the largest real plist has some 10 MiB. */
  private static final long METADATA_BYTES = 128L << 20;

  /** A tar of the largest stage that is taken, with a header for each entry. */
  private static final long STAGE_BYTES = StageLimits.DEFAULT.totalBytes() + (1L << 30);

  private static final int COMPRESSION = 9;

  private final Jail jail;
  private final BuildRequest request;
  private final Steps steps;
  private final Path folder;
  private final BuildLog log;

  /**
   * Prepares.
   *
   * @param folder of the farm's own, for what is collected
   */
  Packing(Jail jail, BuildRequest request, Steps steps, Path folder, BuildLog log) {
    this.jail = jail;
    this.request = request;
    this.steps = steps;
    this.folder = folder;
    this.log = log;
  }

  /** Writes the package, whose times are all {@code epochSeconds}. */
  BuiltPackage write(Path target, long epochSeconds)
      throws IOException, InterruptedException, PhaseFailure {
    require(jail.run(steps.make("create-manifest", Network.NONE, List.of()), log));
    Path described = collectMetadata();
    Path stage = collectStage();
    try (InputStream words = Files.newInputStream(described);
        InputStream tar = Files.newInputStream(stage)) {
      MetadataReader.Metadata metadata =
          MetadataReader.read(FramedFiles.read(words), request.target().abi());
      String list = Files.readString(folder.resolve("plist"), StandardCharsets.UTF_8);
      Plist plist = metadata.plist(list, keywords(), name -> Optional.empty());
      PackageContent content = StageReader.fromTar(
          tar,
          plist,
          Map.of(),
          Files.createDirectory(folder.resolve("content")),
          StageLimits.DEFAULT);
      BuiltPackage built = new PackageWriter(
              new PackageWriter.Settings(COMPRESSION, epochSeconds, libraries(), true))
          .write(manifest(metadata.manifest(plist)), content, target);
      for (String remark : plist.remarks()) {
        log.say(remark);
      }
      for (ForeignBinary foreign : built.foreign()) {
        log.say(foreign.sentence());
      }
      return built;
    } catch (PackageException e) {
      throw new PhaseFailure(FailureClass.PACKAGE, String.valueOf(e.getMessage()));
    }
  }

  /** What the base has, its clients have: a package need not ask for it. */
  private LibraryRules libraries() throws IOException {
    Path root = request.target().base() instanceof Base.Directory directory
        ? directory.root()
        : Path.of("/");
    return new LibraryRules(Optional.empty(), BaseLibraries.ofRoot(root), false);
  }

  /** The tree's own plist keywords, as it stood when the build began. */
  private Keywords keywords() throws IOException {
    Path folder = request.tree().resolve("Keywords");
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        ? Keywords.ofFolder(folder)
        : Keywords.NONE;
  }

  private Path collectMetadata() throws IOException, InterruptedException, PhaseFailure {
    Path described = folder.resolve("metadata");
    collect(steps.ask(FramedFiles.SCRIPT, List.of(inWork("METADIR"))), described);
    Path plist = folder.resolve("plist");
    collect(steps.read(inWork("TMPPLIST"), METADATA_BYTES), plist);
    require(described, METADATA_BYTES, "metadata");
    require(plist, METADATA_BYTES, "plist");
    return described;
  }

  private Path collectStage() throws IOException, InterruptedException, PhaseFailure {
    Path stage = folder.resolve("stage.tar");
    collect(steps.pack(inWork("STAGEDIR"), STAGE_BYTES), stage);
    require(stage, STAGE_BYTES, "stage");
    return stage;
  }

  private void collect(Command command, Path into)
      throws IOException, InterruptedException, PhaseFailure {
    try (OutputStream out = Files.newOutputStream(into)) {
      require(jail.run(command, out, log));
    }
  }

  private static void require(Path file, long limitBytes, String what)
      throws IOException, PhaseFailure {
    if (Files.size(file) >= limitBytes) {
      throw new PhaseFailure(
          FailureClass.PACKAGE, "the " + what + " is larger than " + (limitBytes >> 20) + " MiB");
    }
  }

  private void require(Exit exit) throws PhaseFailure {
    if (!exit.succeeded()) {
      throw PhaseFailure.of(Phase.PACKAGE, exit, log.notes());
    }
  }

  private String inWork(String variable) throws PhaseFailure {
    String path = request.port().variable(variable);
    if (!path.startsWith(Steps.WORK + "/") || path.contains("/../") || path.endsWith("/..")) {
      throw new PhaseFailure(
          FailureClass.PACKAGE, variable + " is \"" + path + "\"; it must lie in " + Steps.WORK);
    }
    return path;
  }

  /**
   * What the port says of itself with what the farm knows: the versions that it was built against.
   */
  private Manifest manifest(Manifest said) throws PhaseFailure {
    Port port = request.port();
    if (!said.name().equals(port.name()) || !said.origin().equals(port.spec().origin())) {
      throw new PhaseFailure(
          FailureClass.PACKAGE,
          "the manifest is of " + said.name() + " from " + said.origin() + ", but " + port.name()
              + " from " + port.spec().origin() + " was planned");
    }
    Map<String, String> annotations = new TreeMap<>(said.annotations());
    port.spec().flavor().ifPresent(flavor -> annotations.put("flavor", flavor.name()));
    return said.with(dependencies(port), annotations);
  }

  private Map<String, Manifest.Dependency> dependencies(Port port) {
    Map<OriginSpec, BuiltPackage> installed = new TreeMap<>();
    request.installs().forEach(install -> installed.put(install.spec(), install.built()));
    Map<String, Manifest.Dependency> dependencies = new TreeMap<>();
    for (Dependency dependency : port.dependencies()) {
      if (dependency.kind().atRunTime()) {
        BuiltPackage built = installed.get(dependency.on());
        if (built == null) {
          throw new IllegalArgumentException(
              port.spec() + " needs " + dependency.on() + ", which is not among its installs");
        }
        dependencies.put(
            built.name().base(),
            new Manifest.Dependency(built.origin(), built.name().version()));
      }
    }
    return dependencies;
  }
}
