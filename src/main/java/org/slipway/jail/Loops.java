package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loop devices of this host. Those of a root on a limited disk are made to go with their mount (LO_FLAGS_AUTOCLEAR, see
 * loop(4)), so none is left but where a mount was never made of one.
 */
final class Loops {
  private static final Path BLOCKS = Path.of("/sys/block");

  private Loops() {}

  /** Devices whose file is below this folder, also if it was removed. */
  static List<Path> behind(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(BLOCKS)) {
      return found;
    }
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(BLOCKS, "loop[0-9]*")) {
      for (Path device : devices) {
        try {
          // Of a removed file the name goes on with " (deleted)".
          String file = Files.readString(device.resolve("loop/backing_file")).strip();
          if (Path.of(file).startsWith(folder)) {
            found.add(Path.of("/dev").resolve(device.getFileName()));
          }
        } catch (IOException e) {
          // It is behind no file.
        }
      }
    }
    return found;
  }

  /** Takes them from their files. */
  static void detach(Path folder) throws IOException {
    for (Path device : behind(folder)) {
      String said = HostProcess.run(List.of("losetup", "-d", device.toString()), 10);
      if (said != null) {
        throw new IOException(device + " of an earlier farm cannot be detached: " + said);
      }
    }
  }
}
