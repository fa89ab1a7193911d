package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slipway.jail.Jails;

/**
 * Builds one after the other and side by side leave nothing behind on the host. How many: {@code
 * -Dslipway.builds=500}; the ordinary run makes do with few. Alone, for it looks at the heap and at
 * all processes of the host.
 */
@Isolated
class ManyBuildsTest {
  private static final int BUILDS = Integer.getInteger("slipway.builds", 6);
  private static final int AT_ONCE = 8;

  /** What a heap may grow by: collectors keep what they do not need yet. */
  private static final long STEADY_BYTES = 24L << 20;

  @TempDir
  Path folder;

  private static final String PORT = """
      DISTFILES=
      NO_BUILD=yes
      PLIST_FILES=share/note
      do-install:
      	@mkdir -p ${STAGEDIR}${PREFIX}/share
      	@echo note > ${STAGEDIR}${PREFIX}/share/note
      """;

  @Test
  void buildsLeaveNoFileMountOrProcess() throws Exception {
    SmallTree tree = new SmallTree(folder);
    BuildRequest good = tree.request(tree.port("misc/good", PORT).port());
    BuildRequest bad = tree.request(tree.port(
            "misc/bad",
            PORT.replace("NO_BUILD=yes\n", "") + "do-build:\n\t@sleep 900 &\n\t@false\n")
        .port());
    Path scratch = folder.resolve("jails");
    try (Jails jails = Jails.open(scratch, true)) {
      PackageBuilder builder =
          new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"));
      List<String> before = names(scratch);
      long heap = 0;
      for (int at = 0; at < BUILDS; at++) {
        build(builder, at % 3 == 2 ? bad : good);
        if (at == BUILDS / 3) {
          heap = heap();
        }
      }
      assertThat(heap()).isLessThan(heap + STEADY_BYTES);
      sideBySide(builder, good, bad);
      assertThat(names(scratch)).isEqualTo(before);
      assertThat(names(folder.resolve("spool"))).isEmpty();
      assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
          .doesNotContain(folder.toString());
    }
    // While jails are open the first process of the next run may wait, which is begun ahead.
    assertThat(commandLines()).noneMatch(line -> line.contains(folder.toString()));
  }

  private static void sideBySide(PackageBuilder builder, BuildRequest good, BuildRequest bad)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int at = 0; at < AT_ONCE; at++) {
        BuildRequest request = at % 3 == 2 ? bad : good;
        running.add(threads.submit(() -> {
          build(builder, request);
          return request;
        }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void build(PackageBuilder builder, BuildRequest request) throws Exception {
    BuildResult result = builder.build(request, OutputStream.nullOutputStream(), phase -> {});
    if (result instanceof BuildResult.Built built) {
      assertThat(request.port().name().base()).isEqualTo("good");
      Files.delete(built.file());
    } else {
      assertThat(request.port().name().base()).as(result.toString()).isEqualTo("bad");
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static List<String> commandLines() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : all.filter(path -> path.getFileName().toString().matches("\\d+"))
          .filter(path -> !path.endsWith(String.valueOf(ProcessHandle.current().pid())))
          .toList()) {
        try {
          lines.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
          // It has ended meanwhile.
        }
      }
    }
    return lines;
  }
}
