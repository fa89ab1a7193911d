package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  public static void main(String[] arguments) throws IOException {
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

  private static void play(Path folder) throws IOException {
    List<String> packages = new ArrayList<>();
    Path all = Files.createDirectories(folder.resolve("repository/All"));
    for (int i = 0; i < PACKAGES; i++) {
      packages.add(make(all, "sample-" + i).toString());
    }
    String repository = folder.resolve("repository").toString();
    String keys = folder.resolve("keys").toString();
    String key = keys + "/key.pem";
    run(new KeyCommand(), "generate", "--out", keys);
    run(new KeyCommand(), "show", "--file", key);
    run(new RepoCommand(), "create", repository, "--unsigned");
    run(new RepoCommand(), "create", repository, "--key", key, "--json");
    run(new RepoCommand(), "verify", repository, "--fingerprints", keys + "/fingerprints");
    run(new PkgCommand(), "info", packages.get(0));
    run(new PkgCommand(), "verify", packages.get(0));
    run(new ChannelCommand(), "list", "--home", folder.toString());
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

  /** What comes of it does not matter; a command that fails has still needed its classes. */
  private static void run(Object command, String... arguments) {
    new CommandLine(command)
        .setExecutionExceptionHandler((fault, line, parsed) -> 1)
        .execute(arguments);
  }
}
