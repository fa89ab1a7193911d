package org.slipway.build;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.ForeignBase;
import org.slipway.evaluate.Port;
import org.slipway.jail.Base;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.packages.BaseLibraries;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.ForeignBinary;
import org.slipway.packages.Keywords;
import org.slipway.packages.LibraryRules;
import org.slipway.packages.Manifest;
import org.slipway.packages.MetadataReader;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.Plist;
import org.slipway.packages.PlistException;
import org.slipway.packages.StageLimits;
import org.slipway.packages.StageReader;
import org.slipway.packages.TakenPackage;

/**
 * Makes a package of what a build staged. The framework's own target runs in the jail and asks the
 * pkg there to create the package, which leaves a request; what that names is collected as streams,
 * as the build user, and is hostile until the packages room has read it.
 */
final class Packing {
  /** Request, manifest, texts, scripts and plist: the largest real plist has some 10 MiB. */
  private static final long METADATA_BYTES = 64L << 20;

  /**
   * Runs the framework's target, whose output goes to the log, and then says what it left on an output of its own: entering a
   * jail once more for that costs more than the rest of a small package. What of the port still runs meanwhile can falsify no
   * more than what it left. Its arguments are the file that is left, where a stage may lie, how many bytes it may hold, and make
   * with its words.
   */
  private static final String MAKE = """
      umask 022
      left=$1 work=$2 most=$3
      shift 3
      "$@" >&2 || exit
      set -- "$left"
      """;

  /** Behind {@link FramedFiles#SCRIPT}: the stage as a tar, unless the farm is going to refuse it. */
  private static final String STAGE = """
      echo
      case $stage in
      "$work"/*) ;;
      *) exit 0 ;;
      esac
      [ "$size" -le "$most" ] || exit 0
      exec %s -C "$stage" .
      """;

  /** A file's bytes; through a link or from a device would be something else's. */
  private static final String PLAIN_FILE = """
      if [ ! -f "$1" ] || [ -h "$1" ]; then
        echo "Error: $1 is no plain file" >&2
        exit 1
      fi
      exec cat "$1"
      """;

  private static final int COMPRESSION = 9;
  private static final int MOST_SHOWN = 10;

  private final Jail jail;
  private final BuildRequest request;
  private final Steps steps;
  private final StageLimits limits;
  private final Path folder;
  private final BuildLog log;

  /**
   * Prepares.
   *
   * @param limits what stage is taken
   * @param folder of the farm's own, for what is collected
   */
  Packing(
      Jail jail, BuildRequest request, Steps steps, StageLimits limits, Path folder, BuildLog log) {
    this.jail = jail;
    this.request = request;
    this.steps = steps;
    this.limits = limits;
    this.folder = folder;
    this.log = log;
  }

  /** Runs the framework's target and writes the package, whose times are all {@code epochSeconds}. */
  BuiltPackage write(Path target, long epochSeconds)
      throws IOException, InterruptedException, PhaseFailure {
    try {
      if (Rig.ofFreeBsd(request.target())) {
        return take(target);
      }
      Packed packed = collectAndRead();
      return pack(target, epochSeconds, packed.manifest(), packed.content());
    } catch (PlistException e) {
      throw new PhaseFailure(FailureClass.PLIST, String.valueOf(e.getMessage()));
    } catch (PackageException e) {
      throw new PhaseFailure(FailureClass.PACKAGE, String.valueOf(e.getMessage()));
    }
  }

  /** What a package is made of. */
  private record Packed(Manifest manifest, PackageContent content) {}

  private Packed collectAndRead()
      throws IOException, InterruptedException, PhaseFailure, PackageException {
    Path collected = folder.resolve("collected");
    long headers = (limits.entries() + 1L) * 2048;
    String script = MAKE + FramedFiles.SCRIPT + STAGE.formatted(steps.tar());
    collect(script, collected, METADATA_BYTES + limits.totalBytes() + headers, "stage");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(collected))) {
      Map<String, byte[]> words = FramedFiles.read(in, METADATA_BYTES);
      requireInWork(words);
      MetadataReader.Metadata metadata =
          MetadataReader.read(metadata(words), request.target().abi());
      String list = text(words, FramedFiles.PLIST);
      Plist plist = metadata.plist(list, keywords(), name -> Optional.empty());
      Manifest manifest = manifest(metadata.manifest(plist));
      for (String remark : plist.remarks()) {
        log.say(remark);
      }
      return new Packed(manifest, content(in, text(words, FramedFiles.SIZE), plist));
    } finally {
      // The bytes are in the content's files now, and a large stage need not lie there twice.
      Files.deleteIfExists(collected);
    }
  }

  /** What FreeBSD's own pkg made. Its bytes are kept, once they are what its manifest says. */
  private BuiltPackage take(Path target)
      throws IOException, InterruptedException, PhaseFailure, PackageException {
    collect(MAKE + PLAIN_FILE, target, limits.totalBytes(), "package");
    BuiltPackage built = TakenPackage.of(
        target, Files.createDirectory(folder.resolve("taken")), libraries(), limits);
    if (!built.name().equals(request.port().name())
        || !built.origin().equals(request.port().spec().origin())) {
      throw another(built.name(), built.origin());
    }
    try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    return built;
  }

  private BuiltPackage pack(
      Path target, long epochSeconds, Manifest manifest, PackageContent content)
      throws IOException {
    BuiltPackage built = new PackageWriter(
            new PackageWriter.Settings(COMPRESSION, epochSeconds, libraries(), true))
        .write(manifest, content, target);
    List<ForeignBinary> foreign = foreign(built, content);
    for (ForeignBinary each : foreign.subList(0, Math.min(foreign.size(), MOST_SHOWN))) {
      log.say(each.sentence());
    }
    return new BuiltPackage(
        built.name(),
        built.origin(),
        built.abi(),
        built.sum(),
        built.payload(),
        built.sizeBytes(),
        built.flatSizeBytes(),
        built.shlibsProvided(),
        foreign);
  }

  /**
   * Binaries that are not the target's. What is compiled on a base of another system is that
   * system's, though libraries and objects of it bear no mark.
   */
  private List<ForeignBinary> foreign(BuiltPackage built, PackageContent content)
      throws IOException {
    List<ForeignBinary> foreign = new ArrayList<>(built.foreign());
    if (!ForeignBase.is(request.target()) || built.abi().arch().equals("*")) {
      return foreign;
    }
    Set<String> told = new HashSet<>();
    foreign.forEach(each -> told.add(each.path()));
    for (PackageContent.Entry entry : content.entries()) {
      if (entry instanceof PackageContent.RegularFile file
          && !told.contains(file.path())
          && isCompiled(file.bytes())) {
        foreign.add(new ForeignBinary(file.path(), "Linux, on which it was compiled", built.abi()));
      }
    }
    return foreign;
  }

  private static boolean isCompiled(Path bytes) throws IOException {
    try (InputStream in = Files.newInputStream(bytes)) {
      String head = new String(in.readNBytes(8), StandardCharsets.ISO_8859_1);
      return head.startsWith("\u007fELF") || head.equals("!<arch>\n");
    }
  }

  private PackageContent content(InputStream tar, String size, Plist plist)
      throws IOException, PhaseFailure, PackageException {
    // What the jail says spares the reading of what is too much; what is read is counted anyway.
    if (size.matches("\\d{1,18}") && Long.parseLong(size) > limits.totalBytes()) {
      throw tooLarge("stage");
    }
    StageReader.Selected selected = StageReader.select(
        tar, plist, Map.of(), Files.createDirectory(folder.resolve("content")), limits);
    unlisted(selected.unlisted());
    return selected.content();
  }

  private void unlisted(List<String> paths) throws IOException, PhaseFailure {
    if (paths.isEmpty()) {
      return;
    }
    String shown = String.join(", ", paths.subList(0, Math.min(paths.size(), MOST_SHOWN)));
    String sentence = (paths.size() == 1 ? "a staged file is" : paths.size() + " staged files are")
        + " not in the plist: " + shown + (paths.size() > MOST_SHOWN ? ", ..." : "");
    if (request.wishes().mode() == BuildRequest.Mode.TEST) {
      throw new PhaseFailure(FailureClass.PLIST, sentence);
    }
    log.say("===>  Warning: " + sentence);
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

  /** What the framework's package target leaves in WRKDIR. */
  private String left() throws PhaseFailure {
    return inWork("WRKDIR", request.port().variable("WRKDIR")) + "/pkg/"
        + request.port().name() + ".pkg";
  }

  /** What the framework asked to pack. */
  private static void requireInWork(Map<String, byte[]> words) throws PhaseFailure {
    for (String line : text(words, FramedFiles.REQUEST).split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0 && List.of("stage", "metadata", "plist").contains(line.substring(0, space))) {
        inWork("the package target's " + line.substring(0, space), line.substring(space + 1));
      }
    }
    if (text(words, FramedFiles.REQUEST).lines().noneMatch(line -> line.startsWith("stage "))) {
      inWork("the package target's stage", "");
    }
  }

  private static String text(Map<String, byte[]> words, String name) {
    return new String(words.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> metadata(Map<String, byte[]> words) {
    Map<String, byte[]> metadata = new TreeMap<>(words);
    metadata.keySet().removeAll(List.of(FramedFiles.REQUEST, FramedFiles.PLIST, FramedFiles.SIZE));
    return metadata;
  }

  private PhaseFailure tooLarge(String what) {
    return new PhaseFailure(
        FailureClass.PACKAGE,
        "the " + what + " is larger than " + (limits.totalBytes() >> 20)
            + " MiB, the limit on packages, which package-size raises");
  }

  /** Runs the framework's target and keeps what the script says behind it. */
  private void collect(String script, Path into, long mostBytes, String what)
      throws IOException, InterruptedException, PhaseFailure {
    List<String> arguments = List.of(left(), Steps.WORK, Long.toString(limits.totalBytes()));
    try (Capped out = new Capped(Files.newOutputStream(into), mostBytes)) {
      Exit exit = jail.run(steps.packing(script, arguments), out, log);
      if (!exit.succeeded()) {
        throw PhaseFailure.of(Phase.PACKAGE, exit, log.notes());
      }
      if (out.isFull()) {
        throw tooLarge(what);
      }
    }
  }

  private static String inWork(String what, String path) throws PhaseFailure {
    if (!path.startsWith(Steps.WORK + "/")
        || path.contains("/../")
        || path.endsWith("/..")
        || path.chars().anyMatch(Character::isISOControl)) {
      throw new PhaseFailure(
          FailureClass.PACKAGE, what + " is \"" + path + "\"; it must lie in " + Steps.WORK);
    }
    return path;
  }

  /**
   * What the port says of itself with what the farm knows: the versions that it was built against.
   */
  private Manifest manifest(Manifest said) throws PhaseFailure {
    Port port = request.port();
    if (!said.name().equals(port.name()) || !said.origin().equals(port.spec().origin())) {
      throw another(said.name(), said.origin());
    }
    Map<String, String> annotations = new TreeMap<>(said.annotations());
    port.spec().flavor().ifPresent(flavor -> annotations.put("flavor", flavor.name()));
    // What the framework found registered counts; frameworks that do not look leave it to the farm.
    Map<String, Manifest.Dependency> dependencies = new TreeMap<>(dependencies(port));
    dependencies.putAll(said.deps());
    return said.with(dependencies, annotations);
  }

  private PhaseFailure another(PackageName name, Origin origin) {
    Port port = request.port();
    return new PhaseFailure(
        FailureClass.PACKAGE,
        "the manifest is of " + name + " from " + origin + ", but " + port.name() + " from "
            + port.spec().origin() + " was planned");
  }

  private Map<String, Manifest.Dependency> dependencies(Port port) {
    Map<OriginSpec, BuiltPackage> installed = new TreeMap<>();
    request.installs().forEach(install -> installed.put(install.spec(), install.built()));
    Map<String, Manifest.Dependency> dependencies = new TreeMap<>();
    for (Dependency dependency : port.dependencies()) {
      if (dependency.kind().atRunTime()) {
        BuiltPackage built = installed.get(dependency.on());
        if (built == null
            && Installing.isThere(request.target(), dependency.on().origin())) {
          continue;
        }
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
