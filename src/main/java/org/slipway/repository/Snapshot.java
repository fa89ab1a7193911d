package org.slipway.repository;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageName;

/**
 * An immutable repository in a folder.
 *
 * @param directory its root, which a client's URL names
 * @param packages sorted by name
 * @param catalogue the SHA-256 of the uncompressed {@code data} member, which is what the signature
 *     covers
 * @param provenance what it was made from
 */
public record Snapshot(
    SnapshotId id, Path directory, List<Listed> packages, Digest catalogue, Provenance provenance) {
  public Snapshot {
    packages = List.copyOf(packages);
  }

  /**
   * A package as the catalogue has it.
   *
   * @param path relative to the root, such as {@code All/NAME-VERSION.pkg}
   * @param dependencies names of the packages that it needs at run time, without versions
   */
  public record Listed(
      PackageName name,
      Origin origin,
      Abi abi,
      Digest sum,
      long sizeBytes,
      String path,
      List<String> dependencies) {
    public Listed {
      dependencies = List.copyOf(dependencies);
    }

    /** One that needs nothing. */
    public Listed(
        PackageName name, Origin origin, Abi abi, Digest sum, long sizeBytes, String path) {
      this(name, origin, abi, sum, sizeBytes, path, List.of());
    }
  }

  /**
   * Reads a snapshot from its folder, whose name is its id. Neither signatures nor package files are
   * looked at.
   *
   * @throws IOException when it is none, or its catalogue is damaged
   */
  public static Snapshot read(Path directory) throws IOException {
    return SnapshotReader.read(directory);
  }
}
