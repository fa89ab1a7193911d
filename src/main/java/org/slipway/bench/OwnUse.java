package org.slipway.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What this program itself has used since its start, and what it started. */
final class OwnUse {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path STAT = Path.of("/proc/self/stat");

  /** proc(5) counts in these; every Linux that Java runs on has 100 a second. */
  private static final long TICK_MILLIS = 10;

  private OwnUse() {}

  /** CPU time of this process alone, all its threads. */
  static Optional<Duration> cpu() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      long nanos = system.getProcessCpuTime();
      return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }
    return Optional.empty();
  }

  /**
   * CPU time of all processes that this one started and waited for, and that those waited for
   * (cutime and cstime of proc(5)); Linux only.
   */
  static Optional<Duration> cpuOfChildren() {
    try {
      String stat = Files.readString(STAT);
      // The second field is the program's name in brackets, which may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
      return Optional.of(Duration.ofMillis(ticks * TICK_MILLIS));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The most memory that this process had at once, as VmHWM of proc(5) tells it; Linux only. */
  static OptionalLong peakMemoryBytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst();
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }
}
