package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slipway.build.BuildResult;
import org.slipway.build.Phase;
import org.slipway.jail.Command;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.trial.TrialReport;
import org.slipway.trial.TrialWatch;

/**
 * A trial as a person sees it, at 80 columns: a line for each package that is needed, then one for
 * each phase of the port with its time; on a terminal what is going on now stands in a living line
 * below.
 */
final class TrialProgress implements TrialWatch, AutoCloseable {
  private static final int COLUMNS = 79;
  private static final int NAME_COLUMNS = 40;
  private static final int PHASE_COLUMNS = 18;
  private static final int MOST_REFUSALS = 12;
  private static final long TICK_MILLIS = 200;

  private final PrintStream out;
  private final boolean living;
  private final boolean silent;
  private final boolean shell;
  private final List<Needed> needed = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final Thread ticking = new Thread(this::tick, "progress");
  private final Map<OriginSpec, Going> dependencies = new LinkedHashMap<>();
  private String last = "";
  private @Nullable Phase phase;
  private long phaseBegan;
  private boolean drawn;
  private boolean closed;

  /** A build of a package that is needed. */
  private record Going(PackageName name, String phase, long began) {
    String time() {
      return EvaluationProgress.time(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** A package that was needed and where it came from. */
  record Needed(OriginSpec spec, PackageName name, TrialWatch.Origin from, Duration took) {}

  /**
   * A trial to be followed.
   *
   * @param living whether {@code out} is a terminal on which a line can be drawn anew
   * @param silent whether nothing is said, because the output is a program's to read
   * @param shell whether the person gets a shell in the port's jail before that goes
   */
  TrialProgress(PrintStream out, boolean living, boolean silent, boolean shell) {
    this.out = out;
    this.living = living && !silent;
    this.silent = silent;
    this.shell = shell;
    ticking.setDaemon(true);
    if (this.living) {
      ticking.start();
    }
  }

  synchronized List<Needed> needed() {
    return List.copyOf(needed);
  }

  /** Why packages of the repository were not taken, a sentence for each. */
  synchronized List<String> refusals() {
    return List.copyOf(refusals);
  }

  @Override
  public synchronized void needed(int packages, List<String> why) {
    refusals.addAll(why);
    if (packages > 0) {
      say(packages == 1 ? "needs 1 package" : "needs " + packages + " packages");
    }
    if (!why.isEmpty() && !silent) {
      wipe();
      for (String each : why.subList(0, Math.min(MOST_REFUSALS, why.size()))) {
        Wrapped.print(out, "  not from the repository: " + each);
      }
      if (why.size() > MOST_REFUSALS) {
        say("  and " + (why.size() - MOST_REFUSALS) + " more are not from the repository");
      }
    }
  }

  @Override
  public synchronized void there(
      OriginSpec spec, PackageName name, TrialWatch.Origin from, Duration took) {
    needed.add(new Needed(spec, name, from, took));
    String word = switch (from) {
      case REPOSITORY -> "from the repository";
      case KEPT -> "built by an earlier run";
      case BUILT -> "built, " + EvaluationProgress.time(took);
    };
    say("  " + pad(name.toString(), NAME_COLUMNS) + " " + word);
  }

  @Override
  public synchronized void building(OriginSpec spec, PackageName name, boolean asDependency) {
    boolean again = name.toString().equals(last);
    last = asDependency ? "" : name.toString();
    phase = null;
    if (asDependency) {
      dependencies.put(spec, new Going(name, "", System.nanoTime()));
    } else {
      say(name + (again ? ", once more" : ""));
    }
  }

  @Override
  public synchronized void phase(OriginSpec spec, Phase next) {
    Going going = dependencies.get(spec);
    if (going == null) {
      endPhase("");
      phase = next;
      phaseBegan = System.nanoTime();
    } else {
      dependencies.put(spec, new Going(going.name(), next.word(), going.began()));
    }
    draw();
  }

  @Override
  public synchronized void ended(OriginSpec spec, BuildResult result) {
    Going going = dependencies.remove(spec);
    if (going == null) {
      endPhase(result instanceof BuildResult.Failed ? "failed" : "");
      phase = null;
    } else if (result instanceof BuildResult.Failed) {
      say("  " + pad(going.name().toString(), NAME_COLUMNS) + " failed in " + going.phase() + ", "
          + going.time());
    }
    if (dependencies.isEmpty()) {
      wipe();
    } else {
      draw();
    }
  }

  private void endPhase(String how) {
    if (phase != null) {
      Duration took = Duration.ofNanos(System.nanoTime() - phaseBegan);
      if (phase.word().endsWith("-depends") && took.toMillis() < 50 && how.isEmpty()) {
        // Nothing was to be installed.
        phase = null;
        return;
      }
      say("  " + pad(phase.word(), PHASE_COLUMNS) + " "
          + String.format(Locale.ROOT, "%8s", EvaluationProgress.time(took))
          + (how.isEmpty() ? "" : "  " + how));
    }
    phase = null;
  }

  @Override
  public void leaving(Jail jail, Command command, TrialReport report)
      throws IOException, InterruptedException {
    if (!shell) {
      return;
    }
    synchronized (this) {
      String last = phase == null ? "check-sanity" : phase.word();
      endPhase("");
      wipe();
      TrialText.tail(out, report);
      Wrapped.print(
          out,
          "a shell in the jail as " + last
              + " left it; exit ends it, and bmake (make on FreeBSD) -C " + folder(command) + " "
              + last + " runs that phase again");
      out.flush();
    }
    // A person who looks around wants a prompt that says where this is.
    Map<String, String> environment = new TreeMap<>(command.environment());
    environment.put("PS1", "jail$ ");
    Exit exit = jail.interact(new Command(
        command.argv(),
        environment,
        command.directory(),
        command.user(),
        command.network(),
        command.limits(),
        command.input()));
    synchronized (this) {
      say("the shell has ended: " + exit.inWords());
    }
  }

  /** The port's, which a build's shell falls back to. */
  private static String folder(Command command) {
    return command.argv().get(command.argv().size() - 1);
  }

  private void say(String line) {
    if (!silent) {
      wipe();
      out.println(line);
      out.flush();
      draw();
    }
  }

  private void tick() {
    try {
      while (true) {
        synchronized (this) {
          if (closed) {
            return;
          }
          draw();
        }
        Thread.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void draw() {
    if (!living || closed || (phase == null && dependencies.isEmpty())) {
      return;
    }
    String line = phase == null
        ? waiting()
        : "  " + pad(phase.word(), PHASE_COLUMNS) + " "
            + EvaluationProgress.time(Duration.ofNanos(System.nanoTime() - phaseBegan));
    out.print("\r" + line.substring(0, Math.min(COLUMNS, line.length())) + "\u001b[K");
    out.flush();
    drawn = true;
  }

  /** What is being built that the port needs: one with its phase in columns, or several in a row. */
  private String waiting() {
    if (dependencies.size() == 1) {
      Going one = dependencies.values().iterator().next();
      return "  " + pad(one.name().toString(), NAME_COLUMNS) + pad(one.phase(), PHASE_COLUMNS) + " "
          + one.time();
    }
    return "  " + dependencies.size() + " at once: "
        + dependencies.values().stream()
            .map(each -> each.name().base() + " " + each.phase() + " " + each.time())
            .collect(Collectors.joining(", "));
  }

  /** Takes the living line away. */
  synchronized void wipe() {
    if (drawn) {
      out.print("\r\u001b[K");
      out.flush();
      drawn = false;
    }
  }

  private static String pad(String text, int columns) {
    return text.length() >= columns ? text : text + " ".repeat(columns - text.length());
  }

  @Override
  public synchronized void close() {
    wipe();
    closed = true;
    ticking.interrupt();
  }
}
