package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Builds that want all there is. */
abstract class HostileResources extends HostileGround {
  HostileResources(Containment kind) {
    super(kind);
  }

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private Exit run(JailSpec spec, Limits limits, String script, OutputStream output)
      throws Exception {
    try (Jail jail = jails.create(spec)) {
      return jail.run(script(Command.User.BUILDER, limits, script), output);
    }
  }

  private static boolean counts(boolean memory) throws IOException {
    try (ControlGroups groups = ControlGroups.find("slipway-test-" + System.nanoTime())) {
      Optional<ControlGroup> group = groups.create("probe", Limits.of(MINUTE));
      if (group.isEmpty()) {
        return false;
      }
      try (ControlGroup made = group.get()) {
        return (memory ? made.memory() : made.pids()).isPresent();
      }
    }
  }

  @Test
  void stopsForkingAtItsLimit() throws Exception {
    Limits limits = new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), 1 << 20, 0, 64);
    String bomb = "i=0; while [ $i -lt 500 ]; do sleep 1000 & i=$((i + 1)); done; echo all";
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Exit exit = run(host(), limits, bomb, output);
    assertThat(exit.succeeded()).isFalse();
    assertThat(output.toString(StandardCharsets.UTF_8)).doesNotContain("all");
    if (counts(false)) {
      assertThat(exit.used().orElseThrow().processLimit()).isTrue();
    }
  }

  @Test
  void endsAForkBombByItsTimeAtTheLatest() throws Exception {
    String mark = "6" + Integer.toUnsignedString(folder.hashCode());
    Limits limits =
        new Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), 1 << 20, 256L << 20, 64, 0, 0);
    Exit exit = run(
        host(),
        limits,
        "b() { b | b & }; sleep " + mark + " & b; trap '' TERM; while :; do sleep 1; done",
        OutputStream.nullOutputStream());
    assertThat(exit.succeeded()).isFalse();
    assertThat(BackEndsTest.running(mark)).isEmpty();
  }

  @Test
  void diesAloneWhenItTakesTooMuchMemory() throws Exception {
    long limit = 96L << 20;
    Limits limits = new Limits(MINUTE, MINUTE, 1 << 20, limit, 64);
    // The shell goes on after its child is killed, as make would.
    String eat = "perl -e '$x = q(x) x (1 << 29); sleep 5; print length $x'; exit 1";
    assertThat(run(host(), limits, eat, OutputStream.nullOutputStream()))
        .isInstanceOfSatisfying(
            Exit.OutOfMemory.class, exit -> assertThat(exit.limitBytes()).isEqualTo(limit));
  }

  @Test
  void hasWhatItKeepsInMemoryCountedAsMemory() throws Exception {
    Assumptions.assumeTrue(counts(true), "no memory control group here");
    Limits limits = new Limits(MINUTE, MINUTE, 1 << 20, 64L << 20, 64);
    JailSpec spec =
        new JailSpec("test", new Base.Host(), List.of(), List.of(new Tmpfs("/m", 1L << 30, 0)), 0);
    for (String place : List.of("/m", "/dev/shm")) {
      Exit exit = run(
          spec,
          limits,
          "head -c 200000000 /dev/zero >" + place + "/large; rm " + place + "/large; exit 1",
          OutputStream.nullOutputStream());
      assertThat(exit).as(place).isInstanceOf(Exit.OutOfMemory.class);
    }
  }

  @Test
  void fillsItsOwnDiskAndNotTheHosts() throws Exception {
    JailSpec spec = new JailSpec("test", new Base.Host(), List.of(), List.of(), 40L << 20);
    Optional<String> refusal = jails.refusal(spec);
    Assumptions.assumeTrue(refusal.isEmpty(), refusal.orElse(""));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Exit exit = run(
        spec, Limits.of(MINUTE), "cat /dev/zero >a; cat /dev/zero >/tmp/b; ls >c; exit 1", output);
    assertThat(output.toString(StandardCharsets.UTF_8)).contains("No space left on device");
    Exit.Usage usage = exit.used().orElseThrow();
    assertThat(usage.diskLimit()).isTrue();
    assertThat(usage.diskBytes().orElseThrow()).isBetween(20L << 20, 40L << 20);
  }
}
