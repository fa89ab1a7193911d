package org.slipway.jail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kernel's control groups, for limits on memory and processes and to count what a run uses. Finds version 1 hierarchies below the farm's own group,
 * or version 2 at the top of its mount. Where the farm may not make groups there are none, and memory is not limited.
 */
final class ControlGroups implements AutoCloseable {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  private final String farm;
  private final GroupMaker.Hierarchies apart;
  private final Optional<Path> unified;
  private final List<CgroupMount> mounts;

  /** One mounted hierarchy; {@code own} is the folder of the farm's own group in it. */
  private record CgroupMount(Path point, Path own, boolean second, List<String> controllers) {}

  private ControlGroups(
      String farm, GroupMaker.Hierarchies apart, Optional<Path> unified, List<CgroupMount> mounts) {
    this.farm = farm;
    this.apart = apart;
    this.unified = unified;
    this.mounts = mounts;
  }

  /**
   * @param farm a name that two farms on one host do not share
   */
  static ControlGroups find(String farm) throws IOException {
    List<CgroupMount> mounts = new ArrayList<>();
    if (Files.isReadable(MOUNTS)) {
      List<String> own = Files.readAllLines(Path.of("/proc/self/cgroup"));
      for (String line : Files.readAllLines(MOUNTS)) {
        parse(line, own).ifPresent(mounts::add);
      }
    }
    GroupMaker.Hierarchies apart = new GroupMaker.Hierarchies(
        first(mounts, "memory").map(p -> p.resolve(farm)),
        first(mounts, "pids").map(p -> p.resolve(farm)),
        first(mounts, "cpuacct").map(p -> p.resolve(farm)),
        first(mounts, "cpu").map(p -> p.resolve(farm)));
    Optional<Path> unified = apart.memory().isPresent() || apart.pids().isPresent()
        ? Optional.empty()
        : mounts.stream()
            .filter(CgroupMount::second)
            .map(mount -> mount.point().resolve(farm))
            .findFirst();
    return new ControlGroups(farm, apart, unified, List.copyOf(mounts));
  }

  private static Optional<CgroupMount> parse(String line, List<String> own) {
    String[] halves = line.split(" - ", 2);
    if (halves.length < 2) {
      return Optional.empty();
    }
    String[] left = halves[0].split(" ", -1);
    String[] right = halves[1].split(" ", -1);
    if (left.length < 5 || right.length < 3 || !right[0].startsWith("cgroup")) {
      return Optional.empty();
    }
    boolean second = right[0].equals("cgroup2");
    List<String> controllers = second ? List.of("") : List.of(right[2].split(",", -1));
    Path point = Path.of(left[4]);
    for (String group : own) {
      String[] parts = group.split(":", 3);
      if (parts.length == 3
          && List.of(parts[1].split(",", -1)).stream().anyMatch(controllers::contains)) {
        // Inside a container the path may be the host's and lead nowhere.
        Path folder = point.resolve(Path.of("/").relativize(Path.of(parts[2])));
        if (Files.isDirectory(folder)) {
          return Optional.of(new CgroupMount(point, folder, second, controllers));
        }
      }
    }
    return Optional.of(new CgroupMount(point, point, second, controllers));
  }

  /** The farm's own group in a version 1 hierarchy, so that limits set on the farm go on to hold. */
  private static Optional<Path> first(List<CgroupMount> mounts, String controller) {
    return mounts.stream()
        .filter(mount -> !mount.second() && mount.controllers().contains(controller))
        .map(CgroupMount::own)
        .findFirst();
  }

  /** Mounts that runc shall not see: all but the device controller, which it insists on. */
  List<Path> hidden() {
    return mounts.stream()
        .filter(mount -> !mount.controllers().contains("devices"))
        .map(CgroupMount::point)
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Whether all controllers are in one tree (version 2). */
  boolean isUnified() {
    return mounts.size() == 1 && mounts.get(0).second();
  }

  /**
   * Says that a process will soon enter a group. The first that does so in a while waits for a grace period of the kernel's (3 to
   * 15 ms, cgroup_threadgroup_rwsem), those right after it do not; so one enters the group that it is in, while a run begins.
   */
  void expect() {
    Optional<Path> own = mounts.stream()
        .filter(mount -> mount.second() || mount.controllers().contains("memory"))
        .map(CgroupMount::own)
        .findFirst();
    if (own.isEmpty() || tops().isEmpty()) {
      return;
    }
    Thread thread = new Thread(
        () -> {
          try {
            Files.writeString(own.get().resolve("cgroup.procs"), "0");
          } catch (IOException e) {
            // Then the run waits itself.
          }
        },
        "jail-groups");
    thread.setDaemon(true);
    thread.start();
  }

  /** A group with these limits for one run, or none where this host does not let the farm. */
  Optional<ControlGroup> create(String id, Limits limits) throws IOException {
    GroupMaker maker = new GroupMaker(id, limits);
    try {
      if (unified.isPresent()) {
        return Optional.of(maker.unified(unified.get()));
      }
      return tops().isEmpty() ? Optional.empty() : Optional.of(maker.apart(apart));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Gives a group other limits before anything of a command is in it; on processors there must be none. */
  static void limit(ControlGroup group, Limits limits) throws IOException {
    GroupMaker.limit(group, limits);
  }

  /** Ends what a killed farm of this name left: every process in its groups, then the groups. */
  void sweep() throws IOException {
    for (Path top : tops()) {
      if (Files.isDirectory(top)) {
        try (Stream<Path> groups = Files.walk(top)) {
          for (Path group : groups
              .filter(Files::isDirectory)
              .sorted(Comparator.reverseOrder())
              .toList()) {
            ControlGroup.end(group);
          }
        } catch (NoSuchFileException | UncheckedIOException e) {
          // A group that ended by itself meanwhile.
        }
      }
    }
    // runc names its own groups after the container.
    for (Path parent : runtimeParents()) {
      try (Stream<Path> groups = Files.list(parent)) {
        for (Path group : groups
            .filter(g -> String.valueOf(g.getFileName()).startsWith(farm + "-"))
            .toList()) {
          ControlGroup.end(group);
        }
      }
    }
  }

  /** The farm's own groups, each in its hierarchy. */
  private List<Path> tops() {
    return Stream.of(apart.memory(), apart.pids(), apart.cpuacct(), apart.cpu(), unified)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** Removes the farm's own groups when no run is in them any more. */
  @Override
  public void close() throws IOException {
    for (Path top : tops()) {
      ControlGroup.end(top);
    }
  }

  /** Removes what a runtime that was killed left of its own groups. */
  void forget(String id) throws IOException {
    for (Path parent : runtimeParents()) {
      ControlGroup.end(parent.resolve(id));
    }
  }

  private Set<Path> runtimeParents() {
    Set<Path> parents = new HashSet<>();
    for (CgroupMount mount : mounts) {
      parents.add(mount.point());
      parents.add(mount.own());
    }
    return parents;
  }
}
