package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the processes of a run and their memory, for a host that lets the farm make no control group. What it finds above a
 * limit is ended, so limits hold within {@link #EVERY_NANOS} and not at once. See proc(5) for the files that are read.
 */
final class Census {
  /** Between two looks; one costs about 10 microseconds for each process of the host. */
  static final long EVERY_NANOS = 200_000_000;

  private static final Path PROC = Path.of("/proc");

  private final long first;
  private final Limits limits;
  private final boolean memory;
  private final boolean processes;
  private long next = System.nanoTime();

  /** Where the kernel counts both by the run's group there is nothing to do. */
  static Optional<Census> of(long first, Limits limits, Optional<ControlGroup> group) {
    boolean memory =
        limits.memoryBytes() > 0 && group.flatMap(ControlGroup::memory).isEmpty();
    boolean processes = group.flatMap(ControlGroup::pids).isEmpty();
    return (memory || processes) && Files.isDirectory(PROC.resolve("self"))
        ? Optional.of(new Census(first, limits, memory, processes))
        : Optional.empty();
  }

  private Census(long first, Limits limits, boolean memory, boolean processes) {
    this.first = first;
    this.limits = limits;
    this.memory = memory;
    this.processes = processes;
  }

  /** The limit that is overstepped, if it is time to look and one is. */
  Optional<Stop> look(long now) throws IOException {
    if (now - next < 0) {
      return Optional.empty();
    }
    next = now + EVERY_NANOS;
    List<Long> found = descendants();
    if (processes && found.size() > limits.processes() + GroupMaker.RUNTIME_TASKS) {
      return Optional.of(Stop.PROCESSES);
    }
    if (memory && resident(found) > limits.memoryBytes() && shares(found) > limits.memoryBytes()) {
      return Optional.of(Stop.MEMORY);
    }
    return Optional.empty();
  }

  /** All below the run's first program: the first process of its namespace adopts those whose parents have ended. */
  private List<Long> descendants() throws IOException {
    Map<Long, List<Long>> children = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        long pid = Long.parseLong(process.getFileName().toString());
        // The name of the program is in brackets and may hold brackets of its own.
        String line = read(process.resolve("stat"));
        String[] words = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", 3);
        if (words.length > 2) {
          children
              .computeIfAbsent(Long.parseLong(words[1]), p -> new ArrayList<>())
              .add(pid);
        }
      }
    }
    List<Long> found = new ArrayList<>(List.of(first));
    for (int i = 0; i < found.size(); i++) {
      found.addAll(children.getOrDefault(found.get(i), List.of()));
    }
    return found;
  }

  /** Bytes that they have in memory and no file has; what several have is counted for each. */
  private static long resident(List<Long> pids) {
    return pids.stream()
        .mapToLong(pid -> kilobytes(PROC.resolve(pid + "/status"), "Rss(Anon|Shmem):.*"))
        .sum();
  }

  /** The same with what several have counted once. Takes the kernel longer, so only where it may matter. */
  private static long shares(List<Long> pids) {
    long sum = 0;
    for (long pid : pids) {
      long share = kilobytes(PROC.resolve(pid + "/smaps_rollup"), "Pss_(Anon|Shmem):.*");
      // Another user's is not told: as it was counted before.
      sum += share > 0 ? share : resident(List.of(pid));
    }
    return sum;
  }

  /** The sum of some lines such as {@code RssAnon:  1024 kB}, in bytes. */
  private static long kilobytes(Path file, String lines) {
    return read(file)
        .lines()
        .filter(line -> line.matches(lines))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /** What a file of a process says; nothing once that has ended. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
