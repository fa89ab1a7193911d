package org.slipway.evaluate;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.CommitId;

/**
 * Every answer for one commit and target: the wanted ports and all that they need.
 *
 * @param commit empty for a folder as it stands
 * @param wanted what was asked for, flavors resolved
 */
public record Evaluation(
    Optional<CommitId> commit,
    Target target,
    List<OriginSpec> wanted,
    SortedMap<OriginSpec, Port> ports,
    List<Unevaluable> unevaluable,
    List<Finding> findings,
    Effort effort) {
  public Evaluation {
    wanted = List.copyOf(wanted);
    ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
    unevaluable = List.copyOf(unevaluable);
    findings = List.copyOf(findings);
  }

  /** One of which it is not said what it cost. */
  public Evaluation(
      Optional<CommitId> commit,
      Target target,
      List<OriginSpec> wanted,
      SortedMap<OriginSpec, Port> ports,
      List<Unevaluable> unevaluable,
      List<Finding> findings) {
    this(
        commit,
        target,
        wanted,
        ports,
        unevaluable,
        findings,
        new Effort(0, 0, Duration.ZERO, Optional.empty(), OptionalLong.empty()));
  }

  public Optional<Port> port(OriginSpec spec) {
    return Optional.ofNullable(ports.get(spec));
  }
}
