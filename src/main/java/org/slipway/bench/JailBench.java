package org.slipway.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.jail.BareRuns;
import org.slipway.jail.Base;
import org.slipway.jail.Containment;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailException;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;

/**
 * Measures what a jail costs: made, running a program that does nothing, and removed, beside the same runtime run by hand and
 * beside unshare(1), turn by turn in one run.
 */
public final class JailBench {
  private static final int WARM_UP = 5;

  private final Path scratch;
  private final int rounds;
  private final Told told;

  /**
   * @param scratch a folder for jails, absolute
   * @param rounds how often each is run
   */
  public JailBench(Path scratch, int rounds, Told told) {
    if (rounds < 1 || rounds > 10_000) {
      throw new IllegalArgumentException("--rounds " + rounds + ": from 1 to 10000");
    }
    this.scratch = scratch;
    this.rounds = rounds;
    this.told = told;
  }

  /** One kind of jail, and what was measured of it. */
  private record Kind(Jails jails, BareRuns bare, JailReport.Times times) {}

  /**
   * @throws JailException where neither runtime makes jails
   */
  public JailReport run() throws IOException, InterruptedException {
    Map<Containment, Kind> kinds = new EnumMap<>(Containment.class);
    List<String> missing = new ArrayList<>();
    List<Duration> unshare = new ArrayList<>();
    try {
      for (Containment containment : List.of(Containment.RUNC, Containment.CRUN)) {
        open(containment, kinds, missing);
      }
      if (kinds.isEmpty()) {
        throw new JailException("no runtime to measure: " + String.join("; ", missing));
      }
      told.begins("jails", rounds);
      for (int round = -WARM_UP; round < rounds; round++) {
        for (Kind kind : kinds.values()) {
          measure(kind, round >= 0);
        }
        Duration plain = BareRuns.unshare();
        if (round >= 0) {
          unshare.add(plain);
          told.step();
        }
      }
      told.ends();
    } finally {
      for (Kind kind : kinds.values()) {
        try (Jails jails = kind.jails()) {
          kind.bare().close();
        }
      }
    }
    Map<Containment, JailReport.Times> times = new EnumMap<>(Containment.class);
    kinds.forEach((containment, kind) -> times.put(containment, kind.times()));
    return new JailReport(rounds, times, unshare, missing);
  }

  private void open(Containment containment, Map<Containment, Kind> kinds, List<String> missing)
      throws IOException {
    try {
      Jails jails = Jails.open(scratch.resolve(containment.name()), Set.of(containment));
      try {
        kinds.put(containment, new Kind(jails, BareRuns.of(jails), new JailReport.Times()));
      } catch (IOException e) {
        jails.close();
        throw e;
      }
    } catch (JailException e) {
      missing.add(e.getMessage());
    }
  }

  private static void measure(Kind kind, boolean counts) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long made;
    long ran;
    try (Jail jail = kind.jails().create(new JailSpec("bench", new Base.Host(), List.of()))) {
      made = System.nanoTime();
      Exit exit = jail.run(BareRuns.command(), OutputStream.nullOutputStream());
      ran = System.nanoTime();
      if (!exit.succeeded()) {
        throw new JailException("a jail to be measured failed: " + exit.inWords());
      }
    }
    long removed = System.nanoTime();
    Duration bare = kind.bare().runtime();
    if (counts) {
      kind.times()
          .add(
              Duration.ofNanos(made - start),
              Duration.ofNanos(ran - made),
              Duration.ofNanos(removed - ran),
              bare);
    }
  }
}
