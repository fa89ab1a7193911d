package org.slipway;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slipway.jail.Base;
import org.slipway.schedule.FarmException;
import org.slipway.schedule.Job;

/** The programs that builds on {@code base: host} find in the host's own system folders. */
final class HostTools {
  /** What every port needs; a port's other tools are its dependencies. */
  static final List<String> NEEDED = List.of("bmake", "cc", "patch", "curl", "tar");

  private static final List<Path> FOLDERS =
      List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

  private HostTools() {}

  static Optional<Path> find(String tool) {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(tool))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** @throws FarmException where a job builds on the host, or in a Linux base, that lacks a tool */
  static void require(List<Job> jobs) throws FarmException {
    List<String> missing = NEEDED.stream().filter(tool -> find(tool).isEmpty()).toList();
    for (Job job : jobs) {
      if (job.target().base() instanceof Base.Host && !missing.isEmpty()) {
        throw new FarmException(
            "job %s builds on base: host, and this host has no %s; run ./slipway setup"
                .formatted(job.name(), String.join(" and no ", missing)));
      }
      if (job.target().base() instanceof Base.Directory base && isLinux(base)) {
        requireIn(base, job);
      }
    }
  }

  private static boolean isLinux(Base base) {
    return BaseWord.system(base).filter(abi -> abi.os().equals("Linux")).isPresent();
  }

  private static void requireIn(Base.Directory base, Job job) throws FarmException {
    List<String> missing = NEEDED.stream()
        .filter(tool -> FOLDERS.stream()
            // Where a link leads to is seen from inside only.
            .map(folder -> base.root().resolve(folder.toString().substring(1)).resolve(tool))
            .noneMatch(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS)))
        .toList();
    if (!missing.isEmpty()) {
      throw new FarmException("job %s builds in %s, which has no %s; make a base that has"
          .formatted(job.name(), base.root(), String.join(" and no ", missing)));
    }
  }
}
