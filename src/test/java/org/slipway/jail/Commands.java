package org.slipway.jail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands for the tests of jails. */
final class Commands {
  static final Limits LIMITS = Limits.of(Duration.ofSeconds(60));

  private Commands() {}

  static Command script(Command.User user, Limits limits, String script) {
    return new Command(
        List.of("/bin/sh", "-c", script),
        Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
        "/wrkdirs",
        user,
        Command.Network.NONE,
        limits,
        Optional.empty());
  }

  static Command asBuilder(String script) {
    return script(Command.User.BUILDER, LIMITS, script);
  }

  static Command asRoot(String script) {
    return script(Command.User.ROOT, LIMITS, script);
  }

  static Command fed(Command command, InputStream input) {
    return new Command(
        command.argv(),
        command.environment(),
        command.directory(),
        command.user(),
        command.network(),
        command.limits(),
        Optional.of(input));
  }

  static Command networked(Command command, Command.Network network) {
    return new Command(
        command.argv(),
        command.environment(),
        command.directory(),
        command.user(),
        network,
        command.limits(),
        command.input());
  }

  /** What a command says, and at the end how it ended. */
  static String said(Jail jail, Command command) throws IOException, InterruptedException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Exit exit = jail.run(command, output);
    return output.toString(StandardCharsets.UTF_8) + "[" + exit.inWords() + "]";
  }

  static JailSpec host(Mount... mounts) {
    return new JailSpec("test", new Base.Host(), List.of(mounts));
  }

  static Mount mount(Path source, String target, boolean writable) {
    return new Mount(source, target, writable);
  }
}
