package org.slipway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slipway.jail.Containment;

/**
 * What {@link JailBench} measured.
 *
 * @param times of each kind of jail that works here
 * @param unshare of unshare(1)
 * @param missing why other kinds could not be measured
 */
public record JailReport(
    int rounds, Map<Containment, Times> times, List<Duration> unshare, List<String> missing) {
  /** What a jail may cost beyond its runtime. */
  private static final double GOAL_MILLIS = 15;

  public JailReport {
    times = new EnumMap<>(times);
    unshare = List.copyOf(unshare);
    missing = List.copyOf(missing);
  }

  /** What was measured of one kind, a value a round. */
  public static final class Times {
    private final List<Double> create = new ArrayList<>();
    private final List<Double> run = new ArrayList<>();
    private final List<Double> remove = new ArrayList<>();
    private final List<Double> whole = new ArrayList<>();
    private final List<Double> bare = new ArrayList<>();

    /** One round. */
    public void add(Duration created, Duration ran, Duration removed, Duration byHand) {
      create.add(millis(created));
      run.add(millis(ran));
      remove.add(millis(removed));
      whole.add(millis(created.plus(ran).plus(removed)));
      bare.add(millis(byHand));
    }

    private double beyond() {
      return Spread.of(whole).median() - Spread.of(bare).median();
    }

    private double ratio() {
      return Spread.of(whole).median() / Spread.of(bare).median();
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** For a person, 79 columns. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("A jail that runs /bin/true, from nothing to nothing: " + rounds + " rounds, in ms");
    lines.add("");
    lines.add(String.format(Locale.ROOT, "%-34s %9s %9s", "", "median", "p95"));
    times.forEach((kind, times) -> {
      String name = kind.name().toLowerCase(Locale.ROOT);
      lines.add(line("slipway, " + name, times.whole));
      lines.add(line("  made", times.create));
      lines.add(line("  run", times.run));
      lines.add(line("  removed", times.remove));
      lines.add(line(name + " by hand, root mounted before", times.bare));
    });
    List<Double> plain = unshare.stream().map(JailReport::millis).toList();
    lines.add(line("unshare -mpfiun", plain));
    lines.add("");
    times.forEach((kind, times) -> lines.add(String.format(
        Locale.ROOT,
        "beyond %s: %.1f ms (goal: at most %.0f%s), ratio %.2f",
        kind.name().toLowerCase(Locale.ROOT),
        times.beyond(),
        GOAL_MILLIS,
        times.beyond() <= GOAL_MILLIS ? "" : ", missed",
        times.ratio())));
    missing.forEach(why -> lines.add(Text.line("not measured: " + why)));
    return lines;
  }

  private static String line(String what, List<Double> millis) {
    Spread spread = Spread.of(millis);
    return String.format(Locale.ROOT, "%-34s %9.1f %9.1f", what, spread.median(), spread.p95());
  }

  /**
   * For a program: one object on one line, times in milliseconds. {@code bench} is "jail"; {@code rounds}; {@code unshare},
   * an object with median and p95; {@code runc} and {@code crun}, each null or an object with {@code whole}, {@code create},
   * {@code run}, {@code remove} and {@code bare} like that, {@code beyond} and {@code ratio}.
   */
  public String json() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("bench", "jail");
    json.put("rounds", rounds);
    spread(json, "unshare", unshare.stream().map(JailReport::millis).toList());
    for (Containment kind : List.of(Containment.RUNC, Containment.CRUN)) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      Times of = times.get(kind);
      if (of == null) {
        json.putNull(name);
        continue;
      }
      ObjectNode node = json.putObject(name);
      spread(node, "whole", of.whole);
      spread(node, "create", of.create);
      spread(node, "run", of.run);
      spread(node, "remove", of.remove);
      spread(node, "bare", of.bare);
      node.put("beyond", of.beyond());
      node.put("ratio", of.ratio());
    }
    return mapper.writeValueAsString(json);
  }

  private static void spread(ObjectNode json, String name, List<Double> millis) {
    Spread spread = Spread.of(millis);
    json.putObject(name).put("median", spread.median()).put("p95", spread.p95());
  }
}
