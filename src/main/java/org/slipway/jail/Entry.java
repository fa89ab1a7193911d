package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The first program inside a jail. It starts the command, outlives it as process 1 should, and tells its status. */
final class Entry {
  /**
   * Waits for the command instead of becoming it: process 1 ignores signals and has to collect orphans. The command does not get
   * file 3. Before {@code started} any failure is the jail's, after it the command's.
   */
  private static final String SCRIPT =
      "cd -- \"$1\" || exit 1; shift; echo started >&3; \"$@\" 3>&-%s; echo \"$?\" >&3";

  private static final List<String> IN_ONE_STREAM =
      List.of("/bin/sh", "-c", "exec \"$@\" 2>&1", "sh");

  private Entry() {}

  static List<String> argv(Command command) {
    List<String> argv = new ArrayList<>();
    // Runtimes add a HOME of their own.
    argv.addAll(List.of("/usr/bin/env", "-i"));
    argv.addAll(environment(command));
    List<String> words = command.argv();
    int own = IN_ONE_STREAM.size();
    boolean merged = words.size() > own && words.subList(0, own).equals(IN_ONE_STREAM);
    String script = SCRIPT.formatted(merged ? " 2>&1" : "");
    argv.addAll(List.of(Jail.SHELL, "-c", script, "sh", command.directory()));
    // One program less to start where the script can do what it does.
    argv.addAll(merged ? words.subList(own, words.size()) : words);
    return argv;
  }

  /**
   * The same command with its errors in its output. A runtime carries the two through pipes of its own, and a compiler's
   * complaint would come after the make that gave up for it.
   */
  static Command inOneStream(Command command) {
    List<String> argv = new ArrayList<>(IN_ONE_STREAM);
    argv.addAll(command.argv());
    return new Command(
        argv,
        command.environment(),
        command.directory(),
        command.user(),
        command.network(),
        command.limits(),
        command.input());
  }

  /** The environment as words for env(1). */
  private static List<String> environment(Command command) {
    return command.environment().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .toList();
  }

  /** The process limit, no higher than what the farm itself may hand on. */
  static long processes(Command command) throws IOException {
    return atMost(command.limits().processes(), "Max processes");
  }

  /** The limit on open files, if there is to be one, no higher than what the farm itself may hand on. */
  static OptionalLong openFiles(Command command) throws IOException {
    int files = command.limits().openFiles();
    return files == 0 ? OptionalLong.empty() : OptionalLong.of(atMost(files, "Max open files"));
  }

  /** A limit, or the farm's own hard one if that is lower; see proc(5), /proc/PID/limits. */
  private static long atMost(long limit, String name) throws IOException {
    Path own = Path.of("/proc/self/limits");
    if (Files.isReadable(own)) {
      for (String line : Files.readAllLines(own)) {
        if (line.startsWith(name)) {
          String hard = line.substring(name.length()).strip().split("\\s+", -1)[1];
          return hard.equals("unlimited") ? limit : Math.min(limit, Long.parseLong(hard));
        }
      }
    }
    return limit;
  }
}
