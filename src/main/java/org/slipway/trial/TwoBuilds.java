package org.slipway.trial;

import java.util.List;
import java.util.Optional;
import org.slipway.packages.PackageDifference;

/**
 * What came of building a port twice.
 *
 * @param second empty where the first came to no package
 * @param differences of the two packages; none where one of them is not there
 * @param jobs of the first build
 * @param otherJobs of the second
 * @param inMemory whether the second worked on a tmpfs
 */
public record TwoBuilds(
    Outcome first,
    Optional<Outcome> second,
    List<PackageDifference> differences,
    int jobs,
    int otherJobs,
    boolean inMemory) {
  public TwoBuilds {
    differences = List.copyOf(differences);
  }

  /** Whether both came to a package, and to the same. */
  public boolean same() {
    return second.isPresent() && second.get() instanceof Outcome.Done && differences.isEmpty();
  }
}
