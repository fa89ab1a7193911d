package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The control group of one run. Closing it removes it.
 *
 * @param joined groups which the run's first process enters
 * @param memory the group that counts and limits memory
 * @param pids the group that limits processes
 * @param cpu the group that counts CPU time
 * @param limitsCpu whether its processors are limited as asked
 * @param runtime where a version 2 runtime makes its own group, from the top of the mount
 */
record ControlGroup(
    List<Path> joined,
    List<Path> folders,
    Optional<Path> memory,
    Optional<Path> pids,
    Optional<Path> cpu,
    boolean limitsCpu,
    Optional<String> runtime)
    implements AutoCloseable {
  /** No group: nothing is counted and nothing limited. */
  static final ControlGroup NONE = new ControlGroup(
      List.of(),
      List.of(),
      Optional.empty(),
      Optional.empty(),
      Optional.empty(),
      false,
      Optional.empty());

  /** The groups that a run's first process enters, a line each, as the scripts read them. */
  static String joined(Optional<ControlGroup> group) {
    return group.stream()
        .flatMap(g -> g.joined().stream())
        .map(Path::toString)
        .collect(Collectors.joining("\n"));
  }

  /** How many of its processes the kernel has ended for memory. */
  long killedForMemory() throws IOException {
    if (memory.isEmpty()) {
      return 0;
    }
    Path events = memory.get().resolve("memory.events");
    return number(
        Files.exists(events) ? events : memory.get().resolve("memory.oom_control"), "oom_kill ");
  }

  /** Whether it ever asked for more than its limit (version 1 only). */
  boolean reachedMemoryLimit() throws IOException {
    Path count = memory.orElse(Path.of("/nowhere")).resolve("memory.failcnt");
    return Files.exists(count) && !Files.readString(count).strip().equals("0");
  }

  /** Whether a process could not be started for the limit on them. Also after its processes have ended. */
  boolean reachedProcessLimit() throws IOException {
    if (pids.isEmpty()) {
      return false;
    }
    // Before Linux 6.11 a version 2 kernel counts where the process was, not where the limit is.
    Set<Path> groups = new LinkedHashSet<>(List.of(pids.get()));
    groups.addAll(folders);
    for (Path group : groups) {
      if (number(group.resolve("pids.events"), "max ") > 0) {
        return true;
      }
    }
    OptionalLong peak = first(pids.get().resolve("pids.peak"));
    OptionalLong most = first(pids.get().resolve("pids.max"));
    return peak.isPresent() && most.isPresent() && peak.getAsLong() >= most.getAsLong();
  }

  /** User and system time of all its processes, also of those that have ended. */
  Optional<Duration> cpuTime() throws IOException {
    if (cpu.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong nanos = first(cpu.get().resolve("cpuacct.usage"));
    if (nanos.isPresent()) {
      return Optional.of(Duration.ofNanos(nanos.getAsLong()));
    }
    Path statistics = cpu.get().resolve("cpu.stat");
    return Files.exists(statistics)
        ? Optional.of(Duration.ofNanos(1000 * number(statistics, "usage_usec ")))
        : Optional.empty();
  }

  /** The most memory that it had at once. Version 2 tells it since Linux 5.19. */
  OptionalLong peakMemory() throws IOException {
    if (memory.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong peak = first(memory.get().resolve("memory.max_usage_in_bytes"));
    return peak.isPresent() ? peak : first(memory.get().resolve("memory.peak"));
  }

  /** The number that is all of a file. */
  private static OptionalLong first(Path file) throws IOException {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static long number(Path file, String key) throws IOException {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(key)) {
          return Long.parseLong(line.substring(key.length()).strip());
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    for (Path folder : folders) {
      end(folder);
    }
  }

  /** Ends every process in a group, then removes the group. The kernel frees it a moment after its last process. */
  static void end(Path group) throws IOException {
    for (int attempt = 0; Files.isDirectory(group); attempt++) {
      try {
        for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
          ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
        Files.deleteIfExists(group);
      } catch (NoSuchFileException e) {
        return;
      } catch (IOException e) {
        if (attempt > 300) {
          throw new IOException("control group " + group + " cannot be removed", e);
        }
        LockSupport.parkNanos(Math.min(5_000_000, 200_000L << Math.min(attempt, 6)));
      }
    }
  }
}
