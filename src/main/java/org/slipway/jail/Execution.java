package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One run: starts the back end's program, moves bytes, watches the limits, ends everything, reads the outcome. */
final class Execution {
  /** Between the end of a life line and a kill of the program that held it. */
  private static final long GRACE_MILLIS = 2000;

  /** Between two looks at what limits a run. */
  private static final long LOOK_NANOS = 100_000_000;

  private final BackEnd.Launch launch;
  private final Optional<Entrance> entrance;
  private final Command command;
  private final Limits limits;
  private final Path words;
  private final Path status;
  private final Path times;
  private final Optional<Disk> disk;
  private final Path input;
  private final Output output;
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable IOException inputFault;
  private volatile boolean abandoned;

  Execution(
      BackEnd.Launch launch,
      Optional<Entrance> entrance,
      Command command,
      Root root,
      Optional<Disk> disk,
      Path input,
      Output output) {
    this.launch = launch;
    this.entrance = entrance;
    this.command = command;
    this.limits = command.limits();
    this.words = root.run().resolve("words");
    this.status = root.status();
    this.times = root.times();
    this.disk = disk;
    this.input = input;
    this.output = output;
  }

  Exit run(Optional<ControlGroup> group) throws IOException, InterruptedException {
    Files.deleteIfExists(status);
    Files.deleteIfExists(times);
    if (entrance.isPresent()) {
      Entrance.write(launch, words, output.merged());
    }
    long start = System.nanoTime();
    // Opened for both directions so that neither end waits for the other.
    FileChannel feed = command.input().isPresent()
        ? FileChannel.open(input, StandardOpenOption.READ, StandardOpenOption.WRITE)
        : null;
    Process process;
    try {
      process = start();
    } catch (IOException e) {
      if (feed != null) {
        feed.close();
      }
      return new Exit.NotStarted(String.valueOf(e.getMessage()));
    }
    Optional<Stop> stopped;
    try {
      pump(process, feed);
      stopped = watch(process, start, Census.of(process.pid(), limits, group));
    } finally {
      end(process);
      if (feed != null) {
        feed.close();
      }
    }
    for (Thread thread : threads) {
      thread.join(GRACE_MILLIS);
    }
    output.finish();
    if (inputFault != null) {
      throw new IOException("the input of a jailed command could not be read", inputFault);
    }
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    List<String> told = told();
    boolean succeeded = stopped.isEmpty() && told.size() > 1 && number(told.get(1)) == 0;
    Exit.Usage usage = usage(wall, group, stopped.orElse(null), succeeded);
    return stopped.isPresent()
        ? stopped.get().exit(limits, usage)
        : outcome(process.exitValue(), told, usage, group);
  }

  private Process start() throws IOException {
    if (entrance.isPresent()) {
      return entrance.get().begin(words);
    }
    ProcessBuilder builder = HostProcess.ofSystem(launch.argv());
    builder.environment().putAll(launch.environment());
    return builder.redirectErrorStream(output.merged()).start();
  }

  /** Every process of the run has ended by now. */
  private Exit.Usage usage(
      Duration wall, Optional<ControlGroup> group, @Nullable Stop stop, boolean succeeded)
      throws IOException {
    Optional<Duration> cpu = group.isPresent() ? group.get().cpuTime() : Optional.empty();
    OptionalLong memory = group.isPresent() ? group.get().peakMemory() : OptionalLong.empty();
    boolean processLimit =
        stop == Stop.PROCESSES || (group.isPresent() && group.get().reachedProcessLimit());
    boolean diskLimit =
        stop == Stop.DISK || (disk.isPresent() && !succeeded && disk.get().wasFull());
    return new Exit.Usage(
        wall,
        cpu.isPresent() ? cpu : CpuTimes.read(times),
        memory,
        output.written(),
        processLimit,
        diskLimit,
        disk.isPresent() ? OptionalLong.of(disk.get().usedBytes()) : OptionalLong.empty());
  }

  private void pump(Process process, @Nullable FileChannel feed) {
    thread("jail-output", () -> output.copy(process.getInputStream(), false));
    // An entrance may have complained before it knew where errors go.
    if (!output.merged() || entrance.isPresent()) {
      thread("jail-errors", () -> output.copy(process.getErrorStream(), true));
    }
    if (feed != null) {
      InputStream source = command.input().orElseThrow();
      // Not joined: a source that never ends would hold up a command that has.
      Thread feeder = new Thread(() -> feed(source, feed), "jail-input");
      feeder.setDaemon(true);
      feeder.start();
    }
  }

  private void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  private void feed(InputStream source, FileChannel feed) {
    byte[] buffer = new byte[65536];
    while (true) {
      int read;
      try {
        read = source.read(buffer);
      } catch (IOException e) {
        inputFault = e;
        break;
      }
      if (read < 0) {
        break;
      }
      try {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
        while (bytes.hasRemaining()) {
          feed.write(bytes);
        }
      } catch (IOException e) {
        // The command ended without reading all of it, which is its own business.
        return;
      }
    }
    try {
      // A pipe that nobody has opened for reading forgets what was written when it is closed. The
      // first word of the jail comes after it was opened.
      while (feed.isOpen() && told().isEmpty()) {
        LockSupport.parkNanos(1_000_000);
      }
      feed.close();
    } catch (IOException e) {
      inputFault = e;
    }
  }

  /** Asks for an end, from another thread. */
  void abandon() {
    abandoned = true;
  }

  /** Waits for the end, or for a limit to be reached. */
  private Optional<Stop> watch(Process process, long start, Optional<Census> census)
      throws IOException, InterruptedException {
    disk.ifPresent(Disk::forget);
    long deadline = start + limits.time().toNanos();
    while (true) {
      long now = System.nanoTime();
      long quiet = output.lastNanos() + limits.silence().toNanos();
      if (now - deadline >= 0) {
        return Optional.of(Stop.TIME);
      }
      if (now - quiet >= 0) {
        return Optional.of(Stop.SILENCE);
      }
      if (abandoned) {
        return Optional.of(Stop.CLOSED);
      }
      if (output.failed() || inputFault != null) {
        return Optional.of(Stop.STREAMS);
      }
      Optional<Stop> found = census.isPresent() ? census.get().look(now) : Optional.empty();
      if (found.isEmpty() && disk.isPresent()) {
        found = disk.get().look();
      }
      if (found.isPresent()) {
        return found;
      }
      long look = disk.isPresent() ? Math.min(disk.get().waitNanos(), LOOK_NANOS) : LOOK_NANOS;
      long wait = Math.min(Math.min(deadline - now, quiet - now), look);
      if (process.waitFor(Math.max(wait, 1_000_000L), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
    }
  }

  /** Ends every process of the run, and waits until they are gone, also when interrupted. */
  private static void end(Process process) throws IOException {
    boolean interrupted = false;
    try {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        // It ended before.
      }
      long deadline = System.nanoTime() + GRACE_MILLIS * 1_000_000;
      while (process.isAlive()) {
        try {
          if (!process.waitFor(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            process.destroyForcibly();
            process.waitFor();
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Exit outcome(
      int wrapper, List<String> told, Exit.Usage usage, Optional<ControlGroup> group)
      throws IOException {
    int code = told.size() > 1 ? number(told.get(1)) : -1;
    if (code != 0 && group.isPresent() && limits.memoryBytes() > 0) {
      // A runtime that has its own group below ours takes the kernel's count along when it ends.
      boolean killed = code == 137 || code < 0;
      if (group.get().killedForMemory() > 0 || (killed && group.get().reachedMemoryLimit())) {
        return new Exit.OutOfMemory(limits.memoryBytes(), usage);
      }
    }
    if (told.isEmpty()) {
      // runc's complaints come as log lines.
      String said = output.tail().replaceAll("time=\"[^\"]*\" level=\\w+ msg=", "");
      return new Exit.NotStarted(
          said.isEmpty() ? launch.argv().get(0) + " ended with status " + wrapper : said);
    }
    if (code < 0) {
      return new Exit.Signalled(9, usage);
    }
    return code > 128 && code <= 192
        ? new Exit.Signalled(code - 128, usage)
        : new Exit.Exited(code, usage);
  }

  /** What the jail's first process wrote: {@code started}, then a status. At most a few bytes of it are believed. */
  private List<String> told() throws IOException {
    if (!Files.isRegularFile(status, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(status, LinkOption.NOFOLLOW_LINKS)) {
      return new String(in.readNBytes(128), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private static int number(String line) {
    return line.matches("[0-9]{1,3}") ? Integer.parseInt(line) : -1;
  }
}
