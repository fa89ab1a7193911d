package org.slipway.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import org.slipway.packages.TypedSum;

/**
 * Takes packages from a repository as a client does: nothing of a catalogue is believed before its
 * signature is, and no file before it has the size and the sum that the catalogue says. The
 * repository may be anybody's.
 */
public final class RepositoryReader {
  private static final JsonFactory JSON =
      new ObjectMapper(ManifestFacts.plain().build()).getFactory();

  /** The texts in which pkg lists packages by default, the newer one first. */
  private static final String DATA = "data";

  private static final String LINES = "packagesite.yaml";

  private final RepositoryFiles files;
  private final SignatureCheck signatures;

  public RepositoryReader(RepositoryFiles files, Trust trust) {
    this.files = files;
    this.signatures = new SignatureCheck(trust);
  }

  /**
   * What a catalogue says.
   *
   * @param packages those that were asked for, by name
   * @param abis that all its packages name, each with how many name it
   */
  public record Listing(Map<String, OfferedPackage> packages, Map<String, Integer> abis) {
    public Listing {
      packages = Collections.unmodifiableMap(new TreeMap<>(packages));
      abis = Collections.unmodifiableMap(new TreeMap<>(abis));
    }
  }

  /**
   * Reads the catalogue.
   *
   * @param names of the packages that are of interest; of the others only the system is looked at
   * @throws RepositoryException where there is no catalogue, it is damaged, or its signature is not
   *     believed, with a sentence
   */
  public Listing list(Set<String> names) throws IOException {
    Collected collected = new Collected(names);
    if (!read("data.pkg", DATA, text -> readData(text, collected))
        && !read("packagesite.pkg", LINES, text -> readLines(text, collected))) {
      throw new RepositoryException(
          files.name() + " is no repository: it has neither data.pkg nor packagesite.pkg");
    }
    return new Listing(collected.packages, collected.abis);
  }

  /**
   * Copies a package's file.
   *
   * @param target is not there yet; it is there afterwards only when all is as the catalogue says
   * @throws RepositoryException where it is not
   */
  public void fetch(OfferedPackage offered, Path target) throws IOException {
    TypedSum sum = TypedSum.parse(offered.sum())
        .orElseThrow(() -> wrong(offered, "has a sum of a kind that is not known"));
    if (!isSafe(offered.path())) {
      throw wrong(offered, "has no path that can be fetched");
    }
    InputStream found = files
        .open(offered.path())
        .orElseThrow(() -> wrong(offered, "is listed, and " + offered.path() + " is not there"));
    boolean sound = false;
    try {
      try (InputStream in = found;
          OutputStream out = Files.newOutputStream(target)) {
        copy(in, out, sum, offered);
      }
      requireSame(offered, target);
      sound = true;
    } finally {
      if (!sound) {
        Files.deleteIfExists(target);
      }
    }
  }

  /** Whether a file that was fetched earlier is still what the catalogue says. */
  public boolean holds(OfferedPackage offered, Path file) throws IOException {
    Optional<TypedSum> sum = TypedSum.parse(offered.sum());
    if (sum.isEmpty() || !Files.isRegularFile(file) || Files.size(file) != offered.sizeBytes()) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      copy(in, OutputStream.nullOutputStream(), sum.get(), offered);
      return true;
    } catch (RepositoryException e) {
      return false;
    }
  }

  private void copy(InputStream in, OutputStream out, TypedSum sum, OfferedPackage offered)
      throws IOException {
    TypedSum.Running running = sum.kind().begin();
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      size += count;
      if (size > offered.sizeBytes()) {
        throw wrong(offered, "has more bytes than its catalogue says");
      }
      running.update(buffer, 0, count);
      out.write(buffer, 0, count);
    }
    if (size < offered.sizeBytes()) {
      throw wrong(offered, "has fewer bytes than its catalogue says");
    }
    if (!running.end().equals(sum)) {
      throw wrong(offered, "has another sum than its catalogue says");
    }
  }

  /** The catalogue is signed, and speaks of the file: what the file says of itself must agree. */
  private void requireSame(OfferedPackage offered, Path file) throws IOException {
    try {
      ManifestFacts own = ManifestFacts.ofManifest(
          PackageFile.compactManifest(file).getBytes(StandardCharsets.UTF_8));
      if (!own.name().equals(offered.name())
          || !own.version().equals(offered.version())
          || !own.origin().equals(offered.origin())) {
        throw wrong(offered, "says in its file that it is " + own.name() + "-" + own.version());
      }
    } catch (PackageException | JsonProcessingException e) {
      throw wrong(offered, "is no sound package: " + e.getMessage());
    }
  }

  private RepositoryException wrong(OfferedPackage offered, String what) {
    return new RepositoryException(offered.label() + " of " + files.name() + " " + what);
  }

  private boolean read(String file, String member, CatalogueArchive.TextReader reader)
      throws IOException {
    Optional<InputStream> in = files.open(file);
    if (in.isEmpty()) {
      return false;
    }
    CatalogueArchive.Digests digests = new CatalogueArchive.Digests(signatures.wantsBlake2());
    Optional<String> fault;
    try (InputStream archive = in.get()) {
      Map<String, byte[]> beside = CatalogueArchive.read(archive, member, digests, reader);
      fault = signatures.fault(digests, beside);
    } catch (JsonProcessingException e) {
      fault = Optional.of("is no JSON: " + e.getOriginalMessage());
    } catch (RepositoryException e) {
      fault = Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      // A damaged archive comes out of the unpacking as this.
      fault = Optional.of("cannot be read: " + e.getMessage());
    }
    if (fault.isPresent()) {
      throw new RepositoryException("the catalogue " + file + " of " + files.name() + " "
          + fault.get() + "; nothing is taken from it");
    }
    return true;
  }

  private static void readData(InputStream text, Collected collected) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RepositoryException("holds no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean packages = parser.currentName().equals("packages");
        if (parser.nextToken() != JsonToken.START_ARRAY || !packages) {
          parser.skipChildren();
          continue;
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          collected.add(parser.readValueAsTree());
        }
      }
    }
  }

  private static void readLines(InputStream text, Collected collected) throws IOException {
    LineReader lines = new LineReader(text);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      try (JsonParser parser = JSON.createParser(line)) {
        parser.nextToken();
        collected.add(parser.readValueAsTree());
      }
    }
  }

  private static boolean isSafe(String path) {
    return path.chars().allMatch(each -> each > ' ' && each < 127)
        && Arrays.stream(path.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  /** What is kept of a catalogue while it is read; believed only afterwards. */
  private static final class Collected {
    private final Set<String> names;
    private final Map<String, OfferedPackage> packages = new HashMap<>();
    private final Map<String, Integer> abis = new HashMap<>();

    Collected(Set<String> names) {
      this.names = Set.copyOf(names);
    }

    void add(JsonNode node) throws IOException {
      byte[] bytes = node.toString().getBytes(StandardCharsets.UTF_8);
      ManifestFacts facts = ManifestFacts.ofLine(bytes, bytes.length);
      String abi = AbiRule.of(facts);
      abis.merge(abi, 1, Integer::sum);
      if (names.contains(facts.name())) {
        packages.put(facts.name(), offered(node, facts, abi));
      }
    }

    private static OfferedPackage offered(JsonNode node, ManifestFacts facts, String abi) {
      Map<String, String> dependencies = new HashMap<>();
      for (Map.Entry<String, JsonNode> each : node.path("deps").properties()) {
        dependencies.put(each.getKey(), each.getValue().path("version").asText(""));
      }
      Map<String, Boolean> options = new HashMap<>();
      for (Map.Entry<String, JsonNode> each : node.path("options").properties()) {
        options.put(each.getKey(), each.getValue().asText("").equals("on"));
      }
      JsonNode flavor = node.path("annotations").path("flavor");
      return new OfferedPackage(
          facts.name(),
          facts.version(),
          facts.origin(),
          abi,
          flavor.isTextual() ? Optional.of(flavor.asText()) : Optional.empty(),
          dependencies,
          options,
          facts.path(),
          facts.sum(),
          facts.sizeBytes());
    }
  }
}
