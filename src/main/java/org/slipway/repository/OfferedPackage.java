package org.slipway.repository;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.packages.Abi;

/**
 * A package as a repository's catalogue lists it: all that tells whether it is the one that somebody
 * would build. The texts are the catalogue's own and may be anything.
 *
 * @param name without the version
 * @param abi for which system it is, as a pattern
 * @param flavor of the port that it was made from, where it says so
 * @param dependencies names of packages, each with the version that it was made with
 * @param options of the port, name to on or off
 * @param path relative to the repository's root
 * @param sum of its file, with its kind
 * @param sizeBytes of its file, -1 where the catalogue does not say
 */
public record OfferedPackage(
    String name,
    String version,
    String origin,
    String abi,
    Optional<String> flavor,
    Map<String, String> dependencies,
    Map<String, Boolean> options,
    String path,
    String sum,
    long sizeBytes) {
  public OfferedPackage {
    dependencies = Collections.unmodifiableMap(new TreeMap<>(dependencies));
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /** Whether a client of this system would take it. */
  public boolean isFor(Abi client) {
    return AbiRule.fits(abi, client);
  }

  /** {@code NAME-VERSION}, as in file names. */
  public String label() {
    return name + "-" + version;
  }
}
