package org.slipway.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageName;

/** Reads a snapshot back from its catalogue, which is the one record of what is in it. */
final class SnapshotReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SnapshotReader() {}

  static Snapshot read(Path directory) throws IOException {
    Path archive = directory.resolve("data.pkg");
    if (!Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)) {
      throw new RepositoryException(directory + " is no snapshot: it has no data.pkg");
    }
    byte[] data = data(archive);
    List<Snapshot.Listed> packages = new ArrayList<>();
    try {
      SnapshotId id = new SnapshotId(directory.getFileName().toString());
      for (JsonNode node : JSON.readTree(data).path("packages")) {
        packages.add(listed(node));
      }
      return new Snapshot(id, directory, packages, Digest.of(data));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw new RepositoryException("the snapshot " + directory + " is damaged: " + e.getMessage());
    }
  }

  private static byte[] data(Path archive) throws IOException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        TarArchiveInputStream tar = new TarArchiveInputStream(new ZstdInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals("data")) {
          return tar.readAllBytes();
        }
      }
    }
    throw new RepositoryException(archive + " is damaged: it has no member \"data\"");
  }

  private static Snapshot.Listed listed(JsonNode node) {
    return new Snapshot.Listed(
        new PackageName(node.path("name").asText(), node.path("version").asText()),
        Origin.parse(node.path("origin").asText()),
        Abi.parse(node.path("abi").asText()),
        new Digest(node.path("sum").asText()),
        node.path("pkgsize").asLong(),
        node.path("path").asText());
  }
}
