package org.slipway.jail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first process of one run (wrap.sh): in namespaces and control groups of the run's own, it waits to be told by a line on its
 * standard input what to run, and ends when that input does. It knows nothing of a root or a command before, so it can be there
 * before either.
 */
final class Entrance {
  /** Between the end of its input and a kill. */
  private static final long GRACE_MILLIS = 2000;

  private final BackEnd.Launch first;
  private final Optional<ControlGroup> group;
  private @Nullable Process process;
  private @Nullable IOException fault;
  private boolean begun;

  private Entrance(BackEnd.Launch first, Optional<ControlGroup> group) {
    this.first = first;
    this.group = group;
  }

  /** Starts it. That it could not be is told by {@link #begin}. */
  static Entrance make(BackEnd.Launch first, Optional<ControlGroup> group) {
    Entrance made = new Entrance(first, group);
    try {
      made.start();
    } catch (IOException e) {
      made.fault = e;
    }
    return made;
  }

  private Process start() throws IOException {
    ProcessBuilder builder = HostProcess.ofSystem(first.argv());
    for (String name : new String[] {"COVER", "UNMOUNT"}) {
      builder.environment().put(name, first.environment().getOrDefault(name, ""));
    }
    builder.environment().put("JOIN", ControlGroup.joined(group));
    Process started = builder.start();
    process = started;
    return started;
  }

  Optional<ControlGroup> group() {
    return group;
  }

  /** Whether it can still be told something. */
  boolean waits() {
    return process != null && process.isAlive();
  }

  /**
   * Writes what it is told to run.
   *
   * @param words a file that nobody else can write
   * @param merged whether errors go where the output goes
   */
  static void write(BackEnd.Launch launch, Path words, boolean merged) throws IOException {
    StringBuilder text = new StringBuilder(merged ? "exec 2>&1\n" : "");
    for (Map.Entry<String, String> each : launch.environment().entrySet()) {
      text.append("export ").append(each.getKey()).append('=').append(quoted(each.getValue()));
      text.append('\n');
    }
    text.append("set --");
    launch.argv().forEach(word -> text.append(' ').append(quoted(word)));
    Files.writeString(words, text.append('\n'));
  }

  /** Has it run what was written there. */
  Process begin(Path words) throws IOException {
    if (fault != null) {
      throw fault;
    }
    begun = true;
    Process told = process != null && process.isAlive() ? process : start();
    OutputStream line = told.getOutputStream();
    line.write((words + "\n").getBytes(StandardCharsets.UTF_8));
    line.flush();
    return told;
  }

  /** One word of a shell, whatever is in it. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** Ends it where it was not told anything, and waits for that. Its group is the caller's. */
  void end() throws IOException {
    if (begun || process == null) {
      return;
    }
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It ended before.
    }
    try {
      if (!process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
