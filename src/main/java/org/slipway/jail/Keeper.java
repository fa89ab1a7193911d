package org.slipway.jail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that does nothing but hold the mounts which last longer than one run of a root: its disk of limited size and its
 * parts in memory. They are in a namespace that only it and the root's runs are in, so they end with them, also when the farm is
 * killed. Its standard input is the farm's life line, as a run's is.
 */
final class Keeper implements AutoCloseable {
  /** For the removal of what is on the disk. */
  private static final long END_SECONDS = 3600;

  private final Process process;
  private final Optional<Disk> disk;

  private Keeper(Process process, Optional<Disk> disk) {
    this.process = process;
    this.disk = disk;
  }

  /**
   * Starts keep.sh and waits until its mounts are there.
   *
   * @throws JailException when they cannot be made; the message has what mount(8) said
   */
  static Keeper start(List<String> argv, Map<String, String> environment, Root root)
      throws IOException {
    ProcessBuilder builder = HostProcess.ofSystem(argv).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    StringBuilder said = new StringBuilder();
    boolean ready = false;
    try {
      BufferedReader output = new BufferedReader(
          new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = output.readLine(); line != null && !ready; ) {
        ready = line.equals("ready");
        said.append(ready ? "" : line + " ");
        line = ready ? line : output.readLine();
      }
    } finally {
      if (!ready) {
        process.destroyForcibly();
      }
    }
    if (!ready) {
      throw new JailException("jail " + root.spec().name() + ": "
          + (root.limited() ? "its disk of limited size" : "its part in memory")
          + " cannot be made: " + said.toString().strip());
    }
    Path view = view(process.pid());
    return new Keeper(
        process,
        root.limited()
            ? Optional.of(new Disk(within(view, root.disk()), root.image()))
            : Optional.empty());
  }

  private static Path view(long pid) {
    return Path.of("/proc", Long.toString(pid), "root");
  }

  private static Path within(Path view, Path path) {
    return view.resolve(Path.of("/").relativize(path));
  }

  /** A path as it is seen in its namespace; only root may look. */
  Path seen(Path path) {
    return within(view(process.pid()), path);
  }

  Optional<Disk> disk() {
    return disk;
  }

  /** The words that run a program in its mounts, and in its user namespace if it has one. */
  List<String> enter(IdMap ids) {
    String namespaces = "/proc/" + process.pid() + "/ns/";
    return ids == IdMap.REAL
        ? List.of("nsenter", "--mount=" + namespaces + "mnt", "--")
        : List.of(
            "nsenter",
            "--user=" + namespaces + "user",
            "--preserve-credentials",
            "--mount=" + namespaces + "mnt",
            "--");
  }

  /** Ends it, and with it its mounts when no run is in them any more. */
  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It ended before.
    }
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
