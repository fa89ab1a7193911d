package org.slipway;

import java.nio.file.Files;
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

  /** @throws FarmException where a job builds on the host and the host lacks a tool */
  static void require(List<Job> jobs) throws FarmException {
    List<String> missing = NEEDED.stream().filter(tool -> find(tool).isEmpty()).toList();
    for (Job job : jobs) {
      if (job.target().base() instanceof Base.Host && !missing.isEmpty()) {
        throw new FarmException(
            "job %s builds on base: host, and this host has no %s; run ./slipway setup"
                .formatted(job.name(), String.join(" and no ", missing)));
      }
    }
  }
}
