package org.slipway;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.store.LogStore;
import org.slipway.store.StoredLog;

/** A log in a farm's folder, whether the farm runs or not. */
final class FolderLog implements LogSource {
  private final LogStore logs;
  private final BuildId build;
  private final OriginSpec spec;

  private FolderLog(LogStore logs, BuildId build, OriginSpec spec) {
    this.logs = logs;
    this.build = build;
    this.spec = spec;
  }

  /** @param wanted the build, else the newest that has a log of this package */
  static FolderLog find(Path home, Optional<BuildId> wanted, OriginSpec spec) throws IOException {
    Path folder = home.resolve("logs");
    if (!Files.isDirectory(folder)) {
      throw new IOException("there are no logs in " + home + "; give a farm's folder with --home");
    }
    LogStore logs = new LogStore(folder);
    List<BuildId> builds = logs.builds(spec);
    if (builds.isEmpty()) {
      throw new IOException("there is no log of " + spec + " in " + folder);
    }
    BuildId build = wanted.orElse(builds.get(0));
    if (!builds.contains(build)) {
      throw new IOException("there is no log of " + spec + " in build " + build
          + "; the newest one is of build " + builds.get(0));
    }
    return new FolderLog(logs, build, spec);
  }

  private StoredLog open() throws IOException {
    return logs.open(build, spec)
        .orElseThrow(
            () -> new IOException("the log of " + spec + " in build " + build + " was removed"));
  }

  @Override
  public Shape shape() throws IOException {
    try (StoredLog log = open()) {
      return new Shape(
          log.index().lines(),
          log.finished(),
          log.index().sections().stream()
              .map(each -> new Start(each.phase().word(), each.line(), each.started()))
              .toList());
    }
  }

  @Override
  public InputStream lines(long first, long count, boolean times) throws IOException {
    StoredLog log = open();
    return new FilterInputStream(log.text(first, count, times)) {
      @Override
      public void close() throws IOException {
        log.close();
      }
    };
  }
}
