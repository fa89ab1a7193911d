package org.slipway.evaluate;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.jail.Exit;

/** What the jails of one evaluation used, added up as they end. Safe for several threads. */
final class JailUse {
  private Optional<Duration> cpu = Optional.of(Duration.ZERO);
  private OptionalLong peakMemoryBytes = OptionalLong.of(0);

  /** Half a figure would be none: what one run does not tell is unknown of all. */
  synchronized void add(Exit exit) {
    Optional<Exit.Usage> used = exit.used();
    cpu = cpu.flatMap(sum -> used.flatMap(Exit.Usage::cpu).map(sum::plus));
    OptionalLong peak = used.map(Exit.Usage::peakMemoryBytes).orElse(OptionalLong.empty());
    peakMemoryBytes = peakMemoryBytes.isPresent() && peak.isPresent()
        ? OptionalLong.of(Math.max(peakMemoryBytes.getAsLong(), peak.getAsLong()))
        : OptionalLong.empty();
  }

  synchronized Optional<Duration> cpu() {
    return cpu;
  }

  synchronized OptionalLong peakMemoryBytes() {
    return peakMemoryBytes;
  }
}
