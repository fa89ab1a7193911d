package org.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageName;
import org.slipway.repository.Layout;
import org.slipway.repository.RepositoryEntry;
import org.slipway.repository.RepositoryWriter;
import org.slipway.repository.Terms;
import org.slipway.sign.Signing;

/**
 * Publishes as a farm does in a Java that does nothing else, so that {@link PublishBench} sees what
 * memory that takes. Not a command.
 */
final class FarmPublish {
  private static final String LIST = "entries";
  private static final String RESIDENT = "resident";

  private FarmPublish() {}

  /** Tells what to publish: the packages, by lines in a file of the folder that they lie in. */
  static void list(Path folder, List<RepositoryEntry> entries) throws IOException {
    List<String> lines = new ArrayList<>();
    for (RepositoryEntry entry : entries) {
      BuiltPackage built = entry.built();
      lines.add(String.join(
          "\t",
          folder.relativize(entry.file()).toString(),
          built.name().toString(),
          built.origin().toString(),
          built.abi().toString(),
          built.sum().hex(),
          built.payload().hex(),
          Long.toString(built.sizeBytes())));
    }
    Files.write(folder.resolve(LIST), lines);
  }

  /** @param arguments the folder, which gets a file of how many bytes were resident at most; the ABI */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<RepositoryEntry> entries = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(LIST))) {
      entries.add(entry(folder, line.split("\t", -1)));
    }
    publish(entries, Abi.parse(arguments[1]), folder.resolve("memory"));
    OptionalLong most = OwnUse.peakMemoryBytes();
    Files.writeString(
        folder.resolve(RESIDENT), most.isPresent() ? Long.toString(most.getAsLong()) : "");
  }

  /** What it told; empty where the host does not tell. */
  static OptionalLong told(Path folder) throws IOException {
    String bytes = Files.readString(folder.resolve(RESIDENT));
    return bytes.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bytes));
  }

  private static RepositoryEntry entry(Path folder, String[] words) {
    BuiltPackage built = new BuiltPackage(
        PackageName.parse(words[1]),
        Origin.parse(words[2]),
        Abi.parse(words[3]),
        new Digest(words[4]),
        new Digest(words[5]),
        Long.parseLong(words[6]),
        0,
        List.of());
    return new RepositoryEntry(built, folder.resolve(words[0]));
  }

  /** As a farm whose job is unsigned and hashed. */
  static void publish(List<RepositoryEntry> entries, Abi abi, Path snapshots) throws IOException {
    new RepositoryWriter(Signing.unsigned(), Terms.of(abi).with(Layout.HASHED))
        .write(snapshots, entries);
  }
}
