package org.slipway.jail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * A farm in a process of its own that opens jails of each kind in turn, {@code SCRATCH}, and says in a line for each how runs
 * ended that went beyond their limits.
 */
final class LayoutProgram {
  private static final Duration TIME = Duration.ofSeconds(40);

  private LayoutProgram() {}

  public static void main(String[] arguments) throws Exception {
    for (Containment kind :
        new Containment[] {Containment.RUNC, Containment.CRUN, Containment.UNSHARE}) {
      try (Jails jails =
              new Opening(Path.of(arguments[0]).resolve(kind.name()), false).open(Set.of(kind));
          Jail jail = jails.create(Commands.host())) {
        System.out.println(kind + ": runs " + run(jail, Commands.LIMITS, "id -u >/dev/null")
            + "; memory "
            + run(
                jail, limits(96L << 20, 64, 0), "perl -e '$x = q(x) x (1 << 29); sleep 9'; exit 1")
            + "; processes "
            + run(
                jail,
                limits(0, 20, 0),
                "i=0; while [ $i -lt 200 ]; do sleep 9 & i=$((i + 1)); done; sleep 9; echo all")
            + "; cpu " + run(jail, limits(0, 64, 10), "true"));
      } catch (JailException e) {
        System.out.println(kind + ": refused " + e.getMessage());
      }
    }
  }

  private static Limits limits(long memory, int processes, int cpu) {
    return new Limits(TIME, TIME, 1000, memory, processes, 0, cpu);
  }

  private static String run(Jail jail, Limits limits, String script)
      throws IOException, InterruptedException {
    try {
      Exit exit = jail.run(
          Commands.script(Command.User.BUILDER, limits, script), OutputStream.nullOutputStream());
      boolean processes = exit.used().map(Exit.Usage::processLimit).orElse(false);
      return "[" + exit.inWords() + (processes ? ", too many processes" : "") + "]";
    } catch (JailException e) {
      return "refused";
    }
  }
}
