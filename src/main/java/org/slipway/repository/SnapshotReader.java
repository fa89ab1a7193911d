package org.slipway.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageName;

/** Reads a snapshot back from its catalogue, which is the one record of what is in it. */
final class SnapshotReader {
  private static final JsonFactory JSON = ManifestFacts.plain().build();

  private SnapshotReader() {}

  static Snapshot read(Path directory) throws IOException {
    Path archive = directory.resolve("data.pkg");
    if (!Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)) {
      throw new RepositoryException(directory + " is no snapshot: it has no data.pkg");
    }
    MessageDigest digest = Digest.sha256();
    try (InputStream member = ArchiveMember.open(archive, "data");
        InputStream data =
            new DigestInputStream(new BufferedInputStream(member, 1 << 16), digest)) {
      SnapshotId id = new SnapshotId(directory.getFileName().toString());
      List<Snapshot.Listed> packages = packages(data);
      data.transferTo(java.io.OutputStream.nullOutputStream());
      return new Snapshot(
          id,
          directory,
          packages,
          new Digest(HexFormat.of().formatHex(digest.digest())),
          SnapshotRecord.read(directory)
              .map(SnapshotRecord::provenance)
              .orElse(Provenance.UNKNOWN));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw new RepositoryException("the snapshot " + directory + " is damaged: " + e.getMessage());
    }
  }

  private static List<Snapshot.Listed> packages(InputStream data) throws IOException {
    List<Snapshot.Listed> packages = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(data)) {
      parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (!key.equals("packages") || value != JsonToken.START_ARRAY) {
          parser.skipChildren();
          continue;
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          packages.add(listed(ManifestFacts.object(parser)));
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        throw new IllegalArgumentException("its catalogue ends too early");
      }
    }
    return packages;
  }

  private static Snapshot.Listed listed(ManifestFacts facts) {
    return new Snapshot.Listed(
        new PackageName(facts.name(), facts.version()),
        Origin.parse(facts.origin()),
        Abi.parse(facts.abi()),
        new Digest(facts.sum()),
        facts.sizeBytes(),
        facts.path(),
        facts.dependencies());
  }
}
