package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostPipeTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final long MUCH = 3L << 20;

  @Test
  void carriesMoreThanAPipeHoldsBothWaysAtOnce() throws IOException {
    long[] came = {0};
    try (HostPipe pipe = new HostPipe()) {
      HostPipe.End end = pipe.run(
          List.of("cat"), LONG, HostPipeTest::much, from -> came[0] = from.skip(Long.MAX_VALUE));
      assertThat(end).isEqualTo(new HostPipe.End(0, ""));
    }
    assertThat(came[0]).isEqualTo(MUCH);
  }

  @Test
  void tellsTheStatusAndTheLastWords() throws IOException {
    try (HostPipe pipe = new HostPipe()) {
      HostPipe.End end = pipe.run(
          List.of("/bin/sh", "-c", "printf 'no\\n such\\033[1m thing' >&2; exit 3"),
          LONG,
          HostPipeTest::much,
          HostPipe.Output.NOBODY);
      assertThat(end).isEqualTo(new HostPipe.End(3, "no such [1m thing"));
    }
  }

  @Test
  void failsWhereTheInputFailsThoughTheProgramDoesNot() {
    try (HostPipe pipe = new HostPipe()) {
      assertThatThrownBy(() -> pipe.run(
              List.of("cat"),
              LONG,
              to -> {
                to.write("half a file".getBytes(StandardCharsets.UTF_8));
                throw new IOException("the disk broke");
              },
              HostPipe.Output.NOBODY))
          .hasMessage("the disk broke");
    }
  }

  @Test
  void killsWhatTakesTooLongAndWhatItStarted() {
    try (HostPipe pipe = new HostPipe()) {
      assertThatThrownBy(() -> pipe.run(
              List.of("/bin/sh", "-c", "sleep 1000; echo over"),
              Duration.ofMillis(200),
              HostPipe.Input.NOTHING,
              HostPipe.Output.NOBODY))
          .isInstanceOf(JailException.class)
          .hasMessage("/bin/sh did not end within 0 s");
    }
  }

  @Test
  void endsWhatRunsWhenItIsClosed() throws Exception {
    HostPipe pipe = new HostPipe();
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<HostPipe.End> end = CompletableFuture.supplyAsync(() -> {
      try {
        return pipe.run(
            List.of("/bin/sh", "-c", "echo ready; sleep 1000"),
            LONG,
            HostPipe.Input.NOTHING,
            from -> {
              assertThat(from.read()).isEqualTo('r');
              running.countDown();
              from.skip(Long.MAX_VALUE);
            });
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
    assertThat(running.await(1, TimeUnit.MINUTES)).isTrue();
    pipe.close();
    assertThatThrownBy(() -> end.get(1, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasStackTraceContaining("was stopped, for the farm ends");
    assertThatThrownBy(() -> pipe.run(
            List.of("sleep", "1000"), LONG, HostPipe.Input.NOTHING, HostPipe.Output.NOBODY))
        .isInstanceOf(JailException.class);
  }

  @Test
  void saysThatAProgramIsNotThere() {
    try (HostPipe pipe = new HostPipe()) {
      assertThatThrownBy(() -> pipe.run(
              List.of("/no/such/program"), LONG, HostPipe.Input.NOTHING, HostPipe.Output.NOBODY))
          .isInstanceOf(JailException.class)
          .hasMessageStartingWith("/no/such/program cannot be started: ");
    }
  }

  private static void much(OutputStream to) throws IOException {
    byte[] bytes = new byte[1 << 16];
    for (long sent = 0; sent < MUCH; sent += bytes.length) {
      to.write(bytes);
    }
  }
}
