package org.slipway.plan;

import java.util.Map;
import java.util.Optional;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;

/**
 * What exists, as a value.
 *
 * @param byKey every package in the store that is still there, by its build key's digest
 * @param latest the newest package of each port for this job's target, for reasons and times
 */
public record Inventory(Map<Digest, KnownPackage> byKey, Map<OriginSpec, KnownPackage> latest) {
  public Inventory {
    byKey = Map.copyOf(byKey);
    latest = Map.copyOf(latest);
  }

  public static Inventory empty() {
    return new Inventory(Map.of(), Map.of());
  }

  public Optional<KnownPackage> find(BuildKey key) {
    return Optional.ofNullable(byKey.get(key.digest()));
  }
}
