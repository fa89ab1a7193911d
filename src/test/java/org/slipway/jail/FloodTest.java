package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.script;

import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A command that never stops talking. By default 256 MiB; {@code -Dslipway.flood.bytes=10737418240} has it say 10 GiB, and tells
 * how long that took.
 */
final class FloodTest {
  private static final long BYTES = Long.getLong("slipway.flood.bytes", 256L << 20);
  private static final long KEPT = 1 << 20;

  @TempDir
  Path folder;

  @Test
  void keepsNoMoreOfALogThanItsLimitNorHoldsItInMemory() throws Exception {
    AtomicLong kept = new AtomicLong();
    OutputStream output = new OutputStream() {
      @Override
      public void write(int b) {
        kept.incrementAndGet();
      }

      @Override
      public void write(byte[] bytes, int from, int count) {
        kept.addAndGet(count);
      }
    };
    Limits limits = new Limits(Duration.ofMinutes(30), Duration.ofMinutes(5), KEPT, 0, 64);
    try (Jails jails = Jails.open(folder.resolve("jails"), true);
        Jail jail = jails.create(host())) {
      long before = heap();
      Exit exit = jail.run(script(Command.User.BUILDER, limits, "yes | head -c " + BYTES), output);
      long after = heap();
      assertThat(exit.succeeded()).isTrue();
      assertThat(kept.get()).isEqualTo(KEPT);
      Exit.Usage usage = exit.used().orElseThrow();
      assertThat(usage.outputBytes()).isEqualTo(BYTES);
      if (Long.getLong("slipway.flood.bytes") != null) {
        System.out.printf(
            "%d MiB in %.1f s, heap %d -> %d KiB%n",
            BYTES >> 20, usage.wall().toMillis() / 1000.0, before >> 10, after >> 10);
        // Alone in its process: else other tests have what they want of the heap.
        assertThat(after - before).isLessThan(4 << 20);
      }
    }
  }

  /** What is reachable, after the collector has been through. */
  static long heap() throws InterruptedException {
    WeakReference<Object> gone = new WeakReference<>(new Object());
    while (gone.get() != null) {
      System.gc();
      Thread.onSpinWait();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
