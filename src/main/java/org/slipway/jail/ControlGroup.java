package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The control group of one run. Closing it removes it.
 *
 * @param joined groups which the run's first process enters
 * @param runtime where a version 2 runtime makes its own group, from the top of the mount
 */
record ControlGroup(
    List<Path> joined,
    List<Path> folders,
    Optional<Path> memory,
    Optional<Path> cpu,
    Optional<String> runtime,
    boolean limitsProcesses)
    implements AutoCloseable {
  private static final int RUNTIME_TASKS = 32;

  /** Version 1: a hierarchy per controller. */
  static ControlGroup apart(
      Optional<Path> memory, Optional<Path> pids, Optional<Path> cpu, String id, Limits limits)
      throws IOException {
    List<Path> folders = new ArrayList<>();
    Optional<Path> counted = Optional.empty();
    try {
      if (memory.isPresent()) {
        Path group = Files.createDirectories(memory.get().resolve(id));
        folders.add(group);
        if (limits.memoryBytes() > 0) {
          String bytes = Long.toString(limits.memoryBytes());
          Files.writeString(group.resolve("memory.limit_in_bytes"), bytes);
          Path swap = group.resolve("memory.memsw.limit_in_bytes");
          if (Files.exists(swap)) {
            Files.writeString(swap, bytes);
          }
        }
      }
      if (pids.isPresent()) {
        Path group = Files.createDirectories(pids.get().resolve(id));
        folders.add(group);
        Files.writeString(group.resolve("pids.max"), tasks(limits));
      }
      counted = cpu.flatMap(top -> counting(top.resolve(id)));
      counted.ifPresent(folders::add);
    } catch (IOException e) {
      for (Path folder : folders) {
        end(folder);
      }
      throw e;
    }
    return new ControlGroup(
        folders,
        folders,
        memory.map(m -> m.resolve(id)),
        counted,
        Optional.empty(),
        pids.isPresent());
  }

  /** A group that only counts: a run goes without it rather than without its limits. */
  private static Optional<Path> counting(Path group) {
    try {
      return Optional.of(Files.createDirectories(group));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Version 2: one tree. Processes may be in leaves only, so the limits are on a group and the processes in two below it: the
   * run's own and the runtime's.
   */
  static ControlGroup unified(Path farm, String id, Limits limits) throws IOException {
    Path top = farm.getParent();
    if (top == null) {
      throw new IOException(farm + " is not below a control group");
    }
    Files.createDirectories(farm);
    for (Path parent : List.of(top, farm)) {
      Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory +pids");
    }
    Path group = Files.createDirectories(farm.resolve(id));
    Path run = group.resolve("run");
    List<Path> folders = List.of(group.resolve("jail"), run, group);
    try {
      if (limits.memoryBytes() > 0) {
        Files.writeString(group.resolve("memory.max"), Long.toString(limits.memoryBytes()));
        Path swap = group.resolve("memory.swap.max");
        if (Files.exists(swap)) {
          Files.writeString(swap, "0");
        }
      }
      Files.writeString(group.resolve("pids.max"), tasks(limits));
      Files.createDirectories(run);
    } catch (IOException e) {
      for (Path folder : folders) {
        end(folder);
      }
      throw e;
    }
    return new ControlGroup(
        List.of(run),
        folders,
        Optional.of(group),
        Optional.of(group),
        Optional.of("/" + farm.getFileName() + "/" + id + "/jail"),
        true);
  }

  /** The kernel counts threads, those of the runtime among them. */
  private static String tasks(Limits limits) {
    return Integer.toString(limits.processes() + RUNTIME_TASKS);
  }

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
        if (attempt > 200) {
          throw new IOException("control group " + group + " cannot be removed", e);
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
  }
}
