package org.slipway.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.plan.BuildKey;
import org.slipway.plan.KnownPackage;

/**
 * Packages that a user's earlier runs have built or fetched, in a folder: {@code KEY.json} says what
 * was made from a build key, {@code SUM.pkg} is an archive. Several runs may use it at once: each
 * file comes whole by one rename, and one that is gone or damaged counts as not there.
 */
public final class PackageShelf {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Nobody works on a port for longer without building it; what is older is room for others. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final Path folder;

  private PackageShelf(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a shelf and removes what was not used for 30 days.
   *
   * @throws IOException where the folder cannot be made or read
   */
  public static PackageShelf open(Path folder, Instant now) throws IOException {
    Files.createDirectories(folder);
    FileTime oldest = FileTime.from(now.minus(KEPT));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        try {
          if (Files.isRegularFile(file) && Files.getLastModifiedTime(file).compareTo(oldest) < 0) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          // Another run was quicker.
        }
      }
    }
    return new PackageShelf(folder);
  }

  /** What an earlier run has built from these inputs, its archive whole. */
  Optional<KnownPackage> find(BuildKey key, OriginSpec spec) throws IOException {
    Path record = record(key);
    if (!Files.isRegularFile(record)) {
      return Optional.empty();
    }
    Optional<KnownPackage> known = read(record, key, spec);
    if (known.isEmpty()) {
      return known;
    }
    Path archive = archive(known.get().built().sum());
    if (!Files.isRegularFile(archive)
        || !Digest.of(archive).equals(known.get().built().sum())) {
      return Optional.empty();
    }
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(record, now);
    Files.setLastModifiedTime(archive, now);
    return known;
  }

  /** Where the archive with this sum is, or is to be. */
  Path archive(Digest sum) {
    return folder.resolve(sum.hex() + ".pkg");
  }

  /** A name that nobody else uses, for a file that is being fetched. */
  Path draft() throws IOException {
    Path draft = Files.createTempFile(folder, ".new-", "");
    Files.delete(draft);
    return draft;
  }

  /** Takes an archive in; it is moved where it can be. */
  Path take(Path file, Digest sum) throws IOException {
    Path kept = archive(sum);
    Path draft = draft();
    Files.move(file, draft);
    Files.move(draft, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return kept;
  }

  /** Takes in what was built from a key. */
  Path keep(KnownPackage known, Path file) throws IOException {
    Path kept = take(file, known.built().sum());
    Path draft = draft();
    Files.write(draft, JSON.writeValueAsBytes(node(known)));
    Files.move(
        draft,
        record(known.key()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return kept;
  }

  private Path record(BuildKey key) {
    return folder.resolve(key.digest().hex() + ".json");
  }

  private static ObjectNode node(KnownPackage known) {
    BuiltPackage built = known.built();
    ObjectNode node = JSON.createObjectNode();
    node.put("port", known.spec().toString());
    node.put("name", built.name().base());
    node.put("version", built.name().version());
    node.put("origin", built.origin().toString());
    node.put("abi", built.abi().toString());
    node.put("sum", built.sum().hex());
    node.put("payload", built.payload().hex());
    node.put("bytes", built.sizeBytes());
    node.put("flat_bytes", built.flatSizeBytes());
    node.put("seconds", known.took().toMillis() / 1000.0);
    built.shlibsProvided().forEach(node.putArray("libraries")::add);
    return node;
  }

  private static Optional<KnownPackage> read(Path record, BuildKey key, OriginSpec spec)
      throws IOException {
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(record));
      Map<Integer, String> libraries = new TreeMap<>();
      node.path("libraries").forEach(each -> libraries.put(libraries.size(), each.asText()));
      BuiltPackage built = new BuiltPackage(
          new PackageName(node.path("name").asText(), node.path("version").asText()),
          Origin.parse(node.path("origin").asText()),
          Abi.parse(node.path("abi").asText()),
          new Digest(node.path("sum").asText()),
          new Digest(node.path("payload").asText()),
          node.path("bytes").asLong(),
          node.path("flat_bytes").asLong(),
          libraries.values().stream().toList());
      Duration took = Duration.ofMillis((long) (node.path("seconds").asDouble() * 1000));
      return Optional.of(new KnownPackage(spec, key, built, took));
    } catch (JsonProcessingException | IllegalArgumentException | NoSuchFileException e) {
      // Not one of ours, or cut short: then it is built again.
      return Optional.empty();
    }
  }
}
