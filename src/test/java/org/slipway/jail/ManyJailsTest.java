package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.said;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jails one after the other and side by side. By default 24 in a row and 8 side by side, three times;
 * {@code -Dslipway.jails=500} has that many in a row and as many again side by side, and tells what was there before and after.
 */
final class ManyJailsTest {
  private static final int ABREAST = 8;
  private static final int ROW = Integer.getInteger("slipway.jails", 24);

  @TempDir
  Path folder;

  @Test
  void leaveNoProcessMountDeviceGroupOrFile() throws Exception {
    Path scratch = folder.resolve("jails");
    try (Jails jails = Jails.open(scratch, true)) {
      int every = ROW / 10 + 1;
      build(jails, 0);
      long heap = FloodTest.heap();
      int files = openFiles();
      for (int i = 0; i < ROW; i++) {
        build(jails, i % every);
      }
      abreast(jails);
      assertNothingLeft(scratch);
      if (Integer.getInteger("slipway.jails") != null) {
        System.out.printf(
            "%d + %d jails: heap %d -> %d KiB, open files %d -> %d%n",
            ROW, ROW / ABREAST * ABREAST, heap >> 10, FloodTest.heap() >> 10, files, openFiles());
        // Alone in its process: else other tests have what they want of both.
        assertThat(FloodTest.heap() - heap).isLessThan(4 << 20);
        assertThat(openFiles() - files).isLessThan(8);
      }
    }
    assertThat(groups(Opening.farm(scratch))).isEmpty();
  }

  private static void abreast(Jails jails) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ABREAST);
    try {
      for (int round = 0; round < ROW / ABREAST; round++) {
        List<Future<?>> builds = new ArrayList<>();
        for (int i = 0; i < ABREAST; i++) {
          int number = i;
          builds.add(threads.submit(() -> {
            build(jails, number);
            return number;
          }));
        }
        for (Future<?> build : builds) {
          build.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Now and then one with a disk of its own and parts in memory. */
  private static void build(Jails jails, int number) throws Exception {
    JailSpec rich = new JailSpec(
        "rich", new Base.Host(), List.of(), List.of(new Tmpfs("/m", 1 << 20, 0)), 32L << 20);
    boolean plain = number > 0 || jails.refusal(rich).isPresent();
    try (Jail jail = jails.create(plain ? host() : rich)) {
      assertThat(said(jail, asBuilder("echo " + number + " >file; setsid sleep 1000 & cat file")))
          .isEqualTo(number + "\n[exit status 0]");
    }
  }

  private static void assertNothingLeft(Path scratch) throws Exception {
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).containsExactly(scratch.resolve("scripts"));
    }
    await().untilAsserted(() -> {
      assertThat(Loops.behind(scratch)).isEmpty();
      assertThat(KilledFarmJailsTest.mounts(scratch)).isEmpty();
      assertThat(groups(Opening.farm(scratch) + "-")).isEmpty();
      assertThat(processes(scratch.toString())).isEmpty();
    });
  }

  private static List<Path> groups(String mark) throws IOException {
    Path top = Path.of("/sys/fs/cgroup");
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    for (String depth : List.of("", "*/", "*/*/")) {
      for (String line : glob(top + "/" + depth + mark + "*")) {
        found.add(Path.of(line));
      }
    }
    return found;
  }

  private static List<String> glob(String pattern) throws IOException {
    byte[] found = HostProgram.run(
        List.of("sh", "-c", "for f in " + pattern + "; do [ ! -e $f ] || echo $f; done"),
        Duration.ofSeconds(20),
        new byte[0]);
    return new String(found, StandardCharsets.UTF_8).lines().toList();
  }

  /** Those with this word somewhere in their command line. */
  private static List<String> processes(String word) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(word))
        .toList();
  }

  private static int openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    }
  }
}
