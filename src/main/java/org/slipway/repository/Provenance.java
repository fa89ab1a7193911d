package org.slipway.repository;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.packages.Digest;

/**
 * What a snapshot was made from, as far as it is known. It stands in the snapshot's
 * {@code snapshot.json}, signed with the catalogue's keys, and has no part in the snapshot's name.
 *
 * @param job whose packages they are
 * @param commit of the ports tree, in hexadecimal
 * @param target the ABI of what was built for
 * @param osVersion its {@code OSVERSION}
 * @param options a digest of the options that were asked for
 * @param build the farm's number of the build that planned it
 * @param plan the plan's id
 * @param builders what built it, such as slipway, bmake and java, each with its version
 * @param overlays what lay over the ports tree, in the order in which a port is looked for
 */
public record Provenance(
    Optional<String> job,
    Optional<String> commit,
    Optional<String> target,
    OptionalInt osVersion,
    Optional<Digest> options,
    OptionalLong build,
    Optional<String> plan,
    SortedMap<String, String> builders,
    List<Overlay> overlays) {
  /**
   * A tree over the ports tree.
   *
   * @param commit in hexadecimal
   */
  public record Overlay(String name, String commit) {}

  /** Nothing is known, as for a folder of packages. */
  public static final Provenance UNKNOWN = new Provenance(
      Optional.empty(),
      Optional.empty(),
      Optional.empty(),
      OptionalInt.empty(),
      Optional.empty(),
      OptionalLong.empty(),
      Optional.empty(),
      new TreeMap<>());

  public Provenance {
    builders = Collections.unmodifiableSortedMap(new TreeMap<>(builders));
    overlays = List.copyOf(overlays);
  }

  /** Of a ports tree that nothing lay over. */
  public Provenance(
      Optional<String> job,
      Optional<String> commit,
      Optional<String> target,
      OptionalInt osVersion,
      Optional<Digest> options,
      OptionalLong build,
      Optional<String> plan,
      SortedMap<String, String> builders) {
    this(job, commit, target, osVersion, options, build, plan, builders, List.of());
  }
}
