package org.slipway.jail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that make a Debian system: mmdebstrap(1), debootstrap(8). No shell reads them. */
final class BaseDebian {
  private BaseDebian() {}

  /** Writes the system to its standard output as a tar archive. */
  static List<String> mmdebstrap(BaseSource.Debian debian) {
    List<String> argv = new ArrayList<>(List.of("mmdebstrap", "--variant=minbase", "--format=tar"));
    if (!debian.packages().isEmpty()) {
      argv.add("--include=" + String.join(",", debian.packages()));
    }
    argv.add(debian.suite());
    argv.add("-");
    debian.mirror().ifPresent(mirror -> argv.add(mirror.toString()));
    return argv;
  }

  /** Writes the system into a folder; needs root. */
  static List<String> debootstrap(BaseSource.Debian debian, Path into) {
    List<String> argv = new ArrayList<>(List.of("debootstrap", "--variant=minbase"));
    if (!debian.packages().isEmpty()) {
      argv.add("--include=" + String.join(",", debian.packages()));
    }
    argv.add(debian.suite());
    argv.add(into.toString());
    debian.mirror().ifPresent(mirror -> argv.add(mirror.toString()));
    return argv;
  }
}
