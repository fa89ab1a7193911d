package org.slipway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Abi;
import org.slipway.packages.BaseLibraries;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.ForeignBinary;
import org.slipway.packages.HostAbi;
import org.slipway.packages.Keywords;
import org.slipway.packages.LibraryRules;
import org.slipway.packages.Manifest;
import org.slipway.packages.MetadataReader;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.Plist;
import org.slipway.packages.StageFolder;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a package of a staged folder, as pkg create does; no farm is needed. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a package of a staged folder, a manifest and a packing list, as pkg create does.",
      "Exit status 1 where the package holds binaries that are not for its ABI; it is written"
          + " all the same."
    })
final class PkgCreateCommand implements Callable<Integer> {
  private static final long MAX_METADATA_BYTES = 64L << 20;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = {"-r", "--root-dir"},
      paramLabel = "DIR",
      description = "the folder that stands for the root (default: ${DEFAULT-VALUE})")
  private Path root = Path.of("/");

  @Option(
      names = {"-m", "--metadata"},
      paramLabel = "DIR",
      description = "a folder with +MANIFEST, and +DESC, +DISPLAY and scripts where there are any")
  private @Nullable Path metadata;

  @Option(
      names = {"-M", "--manifest"},
      paramLabel = "FILE",
      description = "a manifest that holds all of that; UCL or JSON, or YAML in a .yaml file")
  private @Nullable Path manifest;

  @Option(
      names = {"-p", "--plist"},
      paramLabel = "FILE",
      description = "the packing list (default: the files that the manifest lists)")
  private @Nullable Path plist;

  @Option(
      names = {"-o", "--out-dir"},
      paramLabel = "DIR",
      description = "where NAME-VERSION.pkg is written (default: here)")
  private Path out = Path.of("");

  @Option(
      names = {"-l", "--level"},
      paramLabel = "N",
      description = "zstd's level, 1 to 19, or fast or best (default: ${DEFAULT-VALUE})")
  private String level = Integer.toString(PackageWriter.Settings.DEFAULT.level());

  @Option(
      names = {"-t", "--timestamp"},
      paramLabel = "SECONDS",
      description = "every file's time since 1970 (default: SOURCE_DATE_EPOCH, or 0)")
  private @Nullable Long timestamp;

  @Option(
      names = {"-n", "--no-clobber"},
      description = "leave a package that is there as it is")
  private boolean noClobber;

  @Option(
      names = "--keywords",
      paramLabel = "DIR",
      description = "the ports tree's Keywords folder")
  private @Nullable Path keywords;

  @Option(
      names = "--abi",
      paramLabel = "OS:VERSION:ARCH",
      description = "for a manifest without one (default: this host's)")
  private @Nullable String abi;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description = "leave out libraries that this base system has (default: none are, as in pkg)")
  private @Nullable Path base;

  @Option(names = "--json", description = "what was written, as one JSON object on one line")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PackageWriter.Settings settings = settings();
    try {
      MetadataReader.Metadata said = MetadataReader.read(metadataFiles(), target());
      Path file = out.resolve(said.manifest().name() + ".pkg");
      if (noClobber && Files.exists(file)) {
        line().getErr().println("slipway: " + file + " is there already; it stays as it is");
        return 0;
      }
      Plist list = said.plist(plistText(), keywords(), this::included);
      list.remarks().forEach(remark -> line().getErr().println("slipway: " + remark));
      PackageContent content = StageFolder.read(requireFolder(root), list);
      Manifest whole = said.manifest(list);
      Files.createDirectories(out.toAbsolutePath());
      BuiltPackage built = new PackageWriter(settings).write(whole, content, file);
      print(built, file, content);
      return built.foreign().isEmpty() ? 0 : 1;
    } catch (PackageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void print(BuiltPackage built, Path file, PackageContent content) throws IOException {
    PrintWriter output = line().getOut();
    if (json) {
      output.println(json(built, file, content));
    } else {
      output.println(file + "  " + built.abi() + ", " + content.entries().size() + " files, "
          + built.sizeBytes() + " bytes, sha256 " + built.sum());
    }
    output.flush();
    for (ForeignBinary each : built.foreign()) {
      line().getErr().println("slipway: " + each.sentence());
    }
  }

  private static String json(BuiltPackage built, Path file, PackageContent content)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.put("file", file.toString());
    node.put("name", built.name().base());
    node.put("version", built.name().version());
    node.put("origin", built.origin().toString());
    node.put("abi", built.abi().toString());
    node.put("sum", built.sum().hex());
    node.put("bytes", built.sizeBytes());
    node.put("flatsize", built.flatSizeBytes());
    node.put("files", content.entries().size());
    node.put("directories", content.directories().size());
    for (ForeignBinary each : built.foreign()) {
      node.withArray("foreign").addObject().put("path", each.path()).put("is", each.what());
    }
    return mapper.writeValueAsString(node);
  }

  private PackageWriter.Settings settings() throws IOException {
    if ((metadata == null) == (manifest == null)) {
      throw wrong("give either -m DIR or -M FILE");
    }
    int number = switch (level) {
      case "fast" -> 1;
      case "best" -> 19;
      default -> level.matches("[0-9]{1,2}") ? Integer.parseInt(level) : 0;
    };
    if (number < 1 || number > 19) {
      throw wrong("the level is 1 to 19, fast or best, not \"" + level + "\"");
    }
    long seconds = timestamp == null ? epoch() : timestamp;
    if (seconds < 0) {
      throw wrong("the timestamp counts seconds since 1970; it cannot be " + seconds);
    }
    BaseLibraries left =
        base == null ? BaseLibraries.NONE : BaseLibraries.ofRoot(requireFolder(base));
    Optional<Abi> beside = abi == null ? Optional.empty() : Optional.ofNullable(target());
    return new PackageWriter.Settings(
        number, seconds, new LibraryRules(beside, left, false), false);
  }

  private static long epoch() throws IOException {
    String text = System.getenv("SOURCE_DATE_EPOCH");
    if (text == null || text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,12}")) {
      throw new IOException("SOURCE_DATE_EPOCH is \"" + text + "\"; it is seconds since 1970");
    }
    return Long.parseLong(text);
  }

  /** None where this host does not tell: the manifest must say it then. */
  private @Nullable Abi target() {
    if (abi == null) {
      try {
        return HostAbi.detect(Path.of("/bin/sh"));
      } catch (IOException e) {
        return null;
      }
    }
    try {
      return Abi.parse(abi);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private Keywords keywords() throws IOException {
    return keywords == null ? Keywords.NONE : Keywords.ofFolder(requireFolder(keywords));
  }

  private String plistText() throws IOException {
    return plist == null ? "" : text(plist);
  }

  /** Lists that a list takes in lie beside it. */
  private Optional<String> included(String name) throws IOException {
    if (plist == null) {
      return Optional.empty();
    }
    Path file = plist.toAbsolutePath().resolveSibling(name);
    return Files.isRegularFile(file) ? Optional.of(text(file)) : Optional.empty();
  }

  private Map<String, byte[]> metadataFiles() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    if (manifest != null) {
      String name = manifest.toString();
      boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
      String text = text(manifest);
      files.put("+MANIFEST", (yaml ? json(text) : text).getBytes(StandardCharsets.UTF_8));
      return files;
    }
    Path folder = requireFolder(Objects.requireNonNull(metadata));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        if (MetadataReader.reads(name) && Files.isRegularFile(file)) {
          files.put(name, text(file).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return files;
  }

  /** Scalars stay texts, so that a version 1.10 keeps its zero. */
  private String json(String yaml) throws IOException {
    try {
      LoadSettings settings =
          LoadSettings.builder().setSchema(new FailsafeSchema()).build();
      Object loaded = new Load(settings).loadFromString(yaml);
      return new ObjectMapper().writeValueAsString(loaded);
    } catch (YamlEngineException e) {
      throw new IOException(manifest + " is no sound YAML: " + e.getMessage(), e);
    }
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no file " + file);
    }
    if (Files.size(file) > MAX_METADATA_BYTES) {
      throw new IOException(file + " has more than " + (MAX_METADATA_BYTES >> 20) + " MiB");
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static Path requireFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    return folder;
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(line(), message);
  }

  private CommandLine line() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
