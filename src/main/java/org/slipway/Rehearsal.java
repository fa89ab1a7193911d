package org.slipway;

import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slipway.packages.Abi;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import picocli.CommandLine;

/**
 * Does once what short commands do, in a folder of its own: the launcher starts it after a build so
 * that Java keeps the classes that it needed (-XX:ArchiveClassesAtExit). Not a command.
 */
final class Rehearsal {
  private static final Abi ABI = Abi.parse("FreeBSD:14:amd64");
  private static final int PACKAGES = 3;

  private Rehearsal() {}

  /** @param arguments a folder for the native library of zstd, or nothing */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0) {
      keepLibrary(Path.of(arguments[0]));
    }
    Path folder = Files.createTempDirectory("slipway-rehearsal-");
    try {
      play(folder);
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    // It ends the program as every command does.
    Main.main(new String[] {"pkg", "version", "-t", "1.0", "1.1"});
  }

  /**
   * Unpacks what zstd-jni would unpack at every start into a temporary file, which takes longer than
   * all classes of a start; Java finds it where {@code java.library.path} says. Nothing where
   * zstd-jni has none for this system.
   */
  static void keepLibrary(Path folder) throws IOException {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).replace(' ', '_');
    String name = System.mapLibraryName("zstd-jni-" + ZstdVersion.VERSION);
    try (InputStream in = ZstdVersion.class.getResourceAsStream(
        "/" + system + "/" + System.getProperty("os.arch") + "/" + name)) {
      if (in != null) {
        Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /**
   * Does what is to be kept.
   *
   * @return the commands that failed, of which there should be none
   */
  static List<String> play(Path folder) throws IOException {
    List<String> failed = new ArrayList<>();
    List<String> packages = new ArrayList<>();
    Path all = Files.createDirectories(folder.resolve("repository/All"));
    for (int i = 0; i < PACKAGES; i++) {
      packages.add(make(all, "sample-" + i).toString());
    }
    String repository = folder.resolve("repository").toString();
    String keys = folder.resolve("keys").toString();
    String key = keys + "/key.pem";
    String abi = ABI.toString();
    run(failed, new KeyCommand(), "generate", "--out", keys);
    run(failed, new KeyCommand(), "show", "--file", key);
    run(failed, new RepoCommand(), "create", repository, "--unsigned", "--abi", abi);
    run(failed, new RepoCommand(), "create", repository, "--abi", abi, "--key", key, "--json");
    run(failed, new RepoCommand(), "verify", repository, "--fingerprints", keys + "/fingerprints");
    run(failed, new PkgCommand(), "info", packages.get(0));
    run(failed, new PkgCommand(), "verify", packages.get(0));
    run(failed, new ChannelCommand(), "list", "--home", folder.toString());
    return failed;
  }

  private static Path make(Path folder, String name) throws IOException {
    Manifest manifest = Manifest.of(
            new PackageName(name, "1.0"), new Origin("misc", name), "A sample", ABI)
        .with(Map.of(), Map.of("note", name));
    Path file = folder.resolve(name + "-1.0.pkg");
    new PackageWriter(new PackageWriter.Settings(1, 0))
        .write(manifest, new PackageContent(List.of(), List.of(), List.of(), Map.of()), file);
    return file;
  }

  /** A command that fails has still needed some of its classes, but not those of its end. */
  private static void run(List<String> failed, Object command, String... arguments) {
    int status = new CommandLine(command)
        .setExecutionExceptionHandler((fault, line, parsed) -> 1)
        .execute(arguments);
    if (status != 0) {
      failed.add(String.join(" ", arguments));
    }
  }
}
