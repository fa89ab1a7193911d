package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageFile;
import org.slipway.packages.PackageLimits;
import org.slipway.store.BuildId;
import org.slipway.store.LogStore;
import org.slipway.store.LogWriter;
import org.slipway.store.StoredLog;

/**
 * A package and a log of a size that no port should have. How large: with {@code
 * -Dslipway.big=true} 3 GiB and 10 GiB, for which some 20 GB of disk are needed; the ordinary run
 * makes do with MiB. Alone, for it looks at the heap.
 */
@Isolated
class BigBuildsTest {
  private static final boolean BIG = Boolean.getBoolean("slipway.big");
  private static final long UNIT = BIG ? 1L << 30 : 1L << 20;

  /** What a heap may grow by: far less than anything that is read here. */
  private static final long STEADY_BYTES = 24L << 20;

  private static final Duration HOURS = Duration.ofHours(4);

  @TempDir
  Path folder;

  @Test
  void aLargePackageIsBuiltWithoutBeingHeldInMemory() throws Exception {
    long bytes = 3 * UNIT;
    SmallTree tree = new SmallTree(folder);
    BuildRequest request = SmallTree.within(
        tree.request(tree.port("misc/large", """
                DISTFILES=
                NO_BUILD=yes
                PLIST_FILES=share/large
                do-install:
                	@mkdir -p ${STAGEDIR}${PREFIX}/share
                	@head -c %d /dev/urandom > ${STAGEDIR}${PREFIX}/share/large
                """.formatted(bytes)).port()), limits(8L << 20));
    try (Jails jails = Jails.open(folder.resolve("jails"), true)) {
      PackageBuilder builder =
          new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"));
      long before = heap();
      long began = System.nanoTime();
      BuildResult result = builder.build(request, OutputStream.nullOutputStream(), phase -> {});
      tell("a package of " + bytes + " bytes", began, before);
      assertThat(result).isInstanceOf(BuildResult.Built.class);
      BuildResult.Built built = (BuildResult.Built) result;
      assertThat(built.built().flatSizeBytes()).isEqualTo(bytes);
      // What is random cannot be packed.
      assertThat(Files.size(built.file())).isGreaterThan(bytes);
      assertThat(PackageFile.verify(built.file(), PackageLimits.DEFAULT).sound())
          .isTrue();
      assertThat(heap()).isLessThan(before + STEADY_BYTES);
      Files.delete(built.file());
      assertThat(names(folder.resolve("spool"))).isZero();
    }
  }

  @Test
  void aLargeLogIsKeptAndReadWithoutBeingHeldInMemory() throws Exception {
    long bytes = 10 * UNIT;
    log(bytes, Long.MAX_VALUE / 4);
  }

  @Test
  void ofALargeLogNoMoreIsKeptThanTheJobAllows() throws Exception {
    long bytes = 10 * UNIT;
    long kept = log(bytes, bytes / 160);
    assertThat(kept).isBetween(bytes / 160, bytes / 160 + (1 << 16));
  }

  /** Builds a port that says that much; gives the bytes that the store has of it. */
  private long log(long bytes, long limit) throws Exception {
    SmallTree tree = new SmallTree(folder);
    BuildRequest request = SmallTree.within(
        tree.request(tree.port("misc/loud", """
                DISTFILES=
                PLIST_FILES=share/loud
                do-build:
                	@yes 'cc -O2 -pipe -fstack-protector-strong -c loud.c -o loud.o' | head -c %d
                do-install:
                	@mkdir -p ${STAGEDIR}${PREFIX}/share
                	@echo loud > ${STAGEDIR}${PREFIX}/share/loud
                """.formatted(bytes)).port()), limits(limit));
    LogStore logs = new LogStore(folder.resolve("logs"));
    BuildId build = new BuildId(1);
    OriginSpec spec = OriginSpec.parse("misc/loud");
    try (Jails jails = Jails.open(folder.resolve("jails"), true)) {
      PackageBuilder builder =
          new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"));
      long before = heap();
      long began = System.nanoTime();
      BuildResult result;
      try (LogWriter log = logs.write(build, spec)) {
        result = builder.build(request, log, log::phase);
        tell("a build that says " + bytes + " bytes", began, before);
      }
      tell("and its log packed", began, before);
      assertThat(result).isInstanceOf(BuildResult.Built.class);
      assertThat(result.footprint().logBytes()).isGreaterThan(bytes);
      try (StoredLog log = logs.open(build, spec).orElseThrow()) {
        assertThat(log.index().bytes()).isGreaterThan(Math.min(bytes, limit));
        assertThat(heap()).isLessThan(before + STEADY_BYTES);
        return log.index().bytes();
      }
    }
  }

  private static Limits limits(long outputBytes) {
    return new Limits(HOURS, HOURS, outputBytes, 0, 512);
  }

  private static void tell(String what, long began, long before) {
    if (BIG) {
      System.out.printf(
          "%s: %d s, heap %d kB before, %d kB after, at most %d kB of %d kB%n",
          what,
          (System.nanoTime() - began) / 1_000_000_000L,
          before >> 10,
          heap() >> 10,
          ManagementFactory.getMemoryPoolMXBeans().stream()
                  .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                  .mapToLong(pool -> pool.getPeakUsage().getUsed())
                  .sum()
              >> 10,
          Runtime.getRuntime().maxMemory() >> 10);
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.count();
    }
  }
}
