package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes of a killed farm that are still there. Every run ends by itself when its farm does; this waits for that and helps
 * where it has to.
 */
final class Leftovers {
  private static final int ROUNDS = 200;
  private static final List<String> FIRST = List.of("wrap.sh", "keep.sh", "proot.sh");

  private Leftovers() {}

  /** Ends the runs whose first program is one of this folder's scripts, and waits until none is left. */
  static void end(Path scratch) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessHandle> found = find(scratch.resolve("scripts"));
      if (found.isEmpty()) {
        return;
      }
      // By then it is not just about to end. The kernel ends the rest of a run with its first
      // process.
      if (round == ROUNDS / 2) {
        found.forEach(ProcessHandle::destroyForcibly);
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new JailException(
        "processes of an earlier farm are still running below " + scratch + "; end them first");
  }

  private static List<ProcessHandle> find(Path scripts) throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
          for (String word : line.split("\0", -1)) {
            if (FIRST.stream()
                .anyMatch(name -> word.equals(scripts.resolve(name).toString()))) {
              ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                  .ifPresent(found::add);
            }
          }
        } catch (IOException e) {
          // It ended, or is another user's.
        }
      }
    }
    return found;
  }
}
