package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes the control group of one run and writes its limits, as the kernel's cgroup-v1 and cgroup-v2 documents have them. */
final class GroupMaker {
  /** Threads of the runtime, which the kernel counts too. */
  static final int RUNTIME_TASKS = 32;

  /** Over which a share of processors is counted. */
  private static final long CPU_PERIOD_MICROS = 100_000;

  private final String id;
  private final Limits limits;
  private final List<Path> folders = new ArrayList<>();

  GroupMaker(String id, Limits limits) {
    this.id = id;
    this.limits = limits;
  }

  /** Where the farm's groups are in each version 1 hierarchy that is there. */
  record Hierarchies(
      Optional<Path> memory, Optional<Path> pids, Optional<Path> cpuacct, Optional<Path> cpu) {}

  /** Version 1: a hierarchy per controller. */
  ControlGroup apart(Hierarchies tops) throws IOException {
    try {
      Optional<Path> memory = tops.memory().map(top -> top.resolve(id));
      if (memory.isPresent()) {
        limitMemory(make(memory.get()), limits);
      }
      Optional<Path> pids = tops.pids().map(top -> top.resolve(id));
      if (pids.isPresent()) {
        limitProcesses(make(pids.get()), limits);
      }
      Optional<Path> counted = tops.cpuacct().flatMap(top -> counting(top.resolve(id)));
      boolean limitsCpu = tops.cpu().isPresent() && quota(tops.cpu().get().resolve(id));
      return new ControlGroup(folders, folders, memory, pids, counted, limitsCpu, Optional.empty());
    } catch (IOException e) {
      removeAll();
      throw e;
    }
  }

  /**
   * Version 2: one tree. Processes may be in leaves only, so the limits are on a group and the processes in two below it: the
   * run's own and the runtime's.
   */
  ControlGroup unified(Path farm) throws IOException {
    Path top = farm.getParent();
    if (top == null) {
      throw new IOException(farm + " is not below a control group");
    }
    Files.createDirectories(farm);
    Set<String> controllers = enable(top, farm);
    Path group = farm.resolve(id);
    Path run = group.resolve("run");
    try {
      folders.add(group.resolve("jail"));
      folders.add(run);
      Files.createDirectories(run);
      folders.add(group);
      boolean memory = controllers.contains("memory");
      if (memory) {
        limitMemory(group, limits);
      }
      boolean pids = controllers.contains("pids");
      if (pids) {
        limitProcesses(group, limits);
      }
      boolean cpu = controllers.contains("cpu");
      if (cpu && limits.cpuPercent() > 0) {
        Files.writeString(group.resolve("cpu.max"), quotaMicros() + " " + CPU_PERIOD_MICROS);
      }
      return new ControlGroup(
          List.of(run),
          folders,
          Optional.of(group).filter(g -> memory),
          Optional.of(group).filter(g -> pids),
          Optional.of(group),
          cpu,
          Optional.of("/" + farm.getFileName() + "/" + id + "/jail"));
    } catch (IOException e) {
      removeAll();
      throw e;
    }
  }

  /** Hands controllers down to the farm's groups, as many as there are and as it may. */
  private static Set<String> enable(Path top, Path farm) throws IOException {
    Set<String> enabled = new TreeSet<>();
    List<String> there =
        List.of(Files.readString(top.resolve("cgroup.controllers")).strip().split(" ", -1));
    for (String controller : List.of("memory", "pids", "cpu")) {
      if (!there.contains(controller)) {
        continue;
      }
      try {
        for (Path parent : List.of(top, farm)) {
          Files.writeString(parent.resolve("cgroup.subtree_control"), "+" + controller);
        }
        enabled.add(controller);
      } catch (IOException e) {
        // Not handed on to this farm: a container's top group has processes of its own in it.
      }
    }
    return enabled;
  }

  private Path make(Path group) throws IOException {
    Files.createDirectories(group);
    folders.add(group);
    return group;
  }

  /** A group that only counts: a run goes without it rather than without its limits. */
  private Optional<Path> counting(Path group) {
    try {
      return Optional.of(make(group));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Limits the processors; whether that was done, or nothing was asked. */
  private boolean quota(Path group) {
    if (limits.cpuPercent() == 0) {
      return true;
    }
    try {
      if (!folders.contains(group)) {
        make(group);
      }
      Files.writeString(group.resolve("cpu.cfs_period_us"), Long.toString(CPU_PERIOD_MICROS));
      Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quotaMicros()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private long quotaMicros() {
    return limits.cpuPercent() * CPU_PERIOD_MICROS / 100;
  }

  /** Memory and processes, in a group that has been made for less or for more. */
  static void limit(ControlGroup group, Limits limits) throws IOException {
    if (group.memory().isPresent()) {
      limitMemory(group.memory().get(), limits);
    }
    if (group.pids().isPresent()) {
      limitProcesses(group.pids().get(), limits);
    }
  }

  private static void limitMemory(Path group, Limits limits) throws IOException {
    if (limits.memoryBytes() == 0) {
      return;
    }
    String bytes = Long.toString(limits.memoryBytes());
    Path apart = group.resolve("memory.limit_in_bytes");
    boolean unified = !Files.exists(apart);
    Files.writeString(unified ? group.resolve("memory.max") : apart, bytes);
    Path swap = group.resolve(unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes");
    if (Files.exists(swap)) {
      Files.writeString(swap, unified ? "0" : bytes);
    }
  }

  private static void limitProcesses(Path group, Limits limits) throws IOException {
    Files.writeString(
        group.resolve("pids.max"), Integer.toString(limits.processes() + RUNTIME_TASKS));
  }

  private void removeAll() throws IOException {
    for (Path folder : folders) {
      ControlGroup.end(folder);
    }
  }
}
