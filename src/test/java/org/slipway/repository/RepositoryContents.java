package org.slipway.repository;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client finds in a repository.
 *
 * @param packages by base name
 */
public record RepositoryContents(SortedMap<String, PackageContents> packages) {
  public RepositoryContents {
    packages = Collections.unmodifiableSortedMap(new TreeMap<>(packages));
  }

  /** A package that must be there. */
  public PackageContents get(String name) {
    PackageContents found = packages.get(name);
    if (found == null) {
      throw new AssertionError("no package " + name + " among " + packages.keySet());
    }
    return found;
  }

  /**
   * One package.
   *
   * @param name its base name
   * @param manifest its full manifest
   * @param sum the SHA-256 of the archive, in hexadecimal
   */
  public record PackageContents(
      String name, JsonNode manifest, String sum, List<StrictTar.Member> payload) {
    public PackageContents {
      payload = List.copyOf(payload);
    }

    public String version() {
      return manifest.path("version").asText();
    }

    /**
     * Unpacks it below a folder, as an installation below another root would; scripts are not run.
     */
    public void extractTo(Path folder) throws IOException {
      for (StrictTar.Member member : payload) {
        Path target = folder.resolve(member.name().substring(1));
        Files.createDirectories(target.resolveSibling(""));
        switch (member.type()) {
          case '0' -> {
            Files.write(target, member.bytes());
            Files.setPosixFilePermissions(target, permissions(member.mode()));
          }
          case '1' -> Files.createLink(target, folder.resolve(member.link().substring(1)));
          case '2' -> Files.createSymbolicLink(target, Path.of(member.link()));
          default -> Files.createDirectories(target);
        }
      }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
      Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
      PosixFilePermission[] all = PosixFilePermission.values();
      for (int i = 0; i < all.length; i++) {
        if ((mode & (0400 >> i)) != 0) {
          set.add(all[i]);
        }
      }
      return set;
    }
  }
}
