package org.slipway.packages;

import java.util.List;
import java.util.Optional;

/**
 * What came of comparing a package's archive with its manifests.
 *
 * @param name of the package; empty when it could not be read
 * @param files files and links that were compared
 * @param bytes of these files, unpacked
 * @param findings in the order of the archive; empty when all is as it should be
 */
public record Verification(
    Optional<PackageName> name, int files, long bytes, List<PackageFinding> findings) {
  public Verification {
    findings = List.copyOf(findings);
  }

  public boolean sound() {
    return findings.isEmpty();
  }
}
