package org.slipway.schedule;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slipway.store.BuildId;
import org.slipway.store.JobName;

/** HOME/work: archives of failed builds' work directories, a folder for each job and build. */
final class KeptWork {
  private final Path folder;
  private final InstantSource clock;

  KeptWork(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Where those of a build are kept. */
  Path of(JobName job, BuildId build) {
    return folder.resolve(job.name()).resolve(build.toString());
  }

  /** Removes what a job has kept for longer, and the folders that are empty then. */
  void prune(JobName job, Duration longest) throws IOException {
    Path top = folder.resolve(job.name());
    if (!Files.isDirectory(top)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(top)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      if (Files.isDirectory(each)) {
        try {
          Files.delete(each);
        } catch (DirectoryNotEmptyException e) {
          // Something younger is in it.
        }
      } else if (Files.getLastModifiedTime(each)
          .toInstant()
          .plus(longest)
          .isBefore(clock.instant())) {
        Files.delete(each);
      }
    }
  }
}
