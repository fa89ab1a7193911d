package org.slipway.jail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A farm that does nothing but run one shell script as the build user, in a process of its own:
 * {@code SCRATCH ALLOW-UNCONTAINED SCRIPT}. Says what contains it, then what the script says and
 * how it ended, then what is known of the use of half a second of CPU.
 */
final class JailProgram {
  /** Half a second of CPU, by a child of a child. */
  private static final String BUSY =
      "(perl -e 'do { $i++ for 1 .. 10000; @t = times } until $t[0] + $t[1] >= 0.5')";

  private JailProgram() {}

  public static void main(String[] arguments) throws Exception {
    Limits limits = Limits.of(Duration.ofMinutes(10));
    try (Jails jails = Jails.open(Path.of(arguments[0]), Boolean.parseBoolean(arguments[1]));
        Jail jail = jails.create(Commands.host())) {
      System.out.println(jails.containment() + " " + jails.backEnd().ids());
      Exit exit = jail.run(Commands.script(Command.User.BUILDER, limits, arguments[2]), System.out);
      Exit rooted =
          jail.run(Commands.script(Command.User.ROOT, limits, "cat /wrkdirs/file"), System.out);
      System.out.println(List.of(exit.inWords(), rooted.inWords()));
      Optional<String> lack = jails.lacksOutside();
      System.out.println("outside: "
          + (lack.isPresent()
              ? lack.get()
              : Commands.said(
                  jail,
                  Commands.networked(
                      Commands.asBuilder("grep -o -e lo: -e tap0: /proc/net/dev | tr -d ':\\n'"),
                      Command.Network.OUTSIDE))));
      Exit busy = jail.run(Commands.script(Command.User.BUILDER, limits, BUSY), System.out);
      Exit.Usage usage = busy.used().orElseThrow();
      System.out.println(
          "cpu " + usage.cpu().map(time -> time.toMillis() + " ms").orElse("unknown") + ", memory "
              + (usage.peakMemoryBytes().isPresent() ? "known" : "unknown"));
    } catch (JailException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
