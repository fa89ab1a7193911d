package org.slipway.jail;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A farm that does nothing but run one shell script as the build user, in a process of its own: {@code SCRATCH
 * ALLOW-UNCONTAINED SCRIPT}. Says what contains it, then what the script says.
 */
final class JailProgram {
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
    } catch (JailException e) {
      System.out.println("refused: " + e.getMessage());
    }
  }
}
