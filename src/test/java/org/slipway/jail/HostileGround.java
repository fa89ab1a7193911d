package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.said;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What hostile builds are tried on, by HostileBuildsTest: jails of one kind, with a neighbour that builds meanwhile and is looked after when each has
 * ended. The hostile builds that a farm must survive, and where each is tried under every kind that claims to hold:
 *
 * <pre>
 *  1 connects to the world            HostileNetwork       15 takes all memory          HostileResources
 *  2 resolves a name                  HostileNetwork       16 fills the disk            HostileResources    , LimitsTest
 *  3 opens a raw socket               HostileNetwork       17 makes too many files      LimitsTest
 *  4 connects to the farm's port      HostileNetwork       18 leaves a daemon           BackEndsTest
 *  5 looks for sockets of the host    HostileNetwork       19 sleeps for ever           BackEndsTest
 *  6 reads the farm's environment     HostileFiles         20 never stops talking       FloodTest, BackEndsTest
 *  7 reads the farm's files           HostileFiles         21 outlives the farm         KilledFarmJailsTest
 *  8 writes to the tree               HostileFiles         22 hands out a link, a pipe  HostileFiles    ; room build
 *  9 writes to /etc                   HostileFiles         23 packs a bad archive       room packages
 * 10 makes a device                   HostileRights        24 replaces the base's tools HostileBase
 * 11 writes to the kernel's settings  HostileRights        25 ends in its own ways      BackEndsTest
 * 12 mounts, makes namespaces         HostileRights        26 leaves what is hard to remove HostileFiles
 * 13 makes a setuid program           HostileRights        27 types into the terminal   HostileRights
 * 14 forks without end                HostileResources     28 sets clock and name       HostileRights
 * </pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileGround {
  private static final long BEAT = "mine\n".length();

  final Containment kind;
  Path folder;
  Jails jails;
  private Jail neighbour;
  private final AtomicLong beats = new AtomicLong();
  private volatile String wrong = "";

  HostileGround(Containment kind) {
    this.kind = kind;
  }

  @BeforeAll
  void open(@TempDir Path temporary) throws Exception {
    folder = Files.createDirectory(temporary.resolve(kind.name()));
    try {
      jails = new Opening(folder.resolve("jails"), false).open(Set.of(kind));
    } catch (JailException e) {
      Assumptions.abort(kind + " cannot be tried here: " + e.getMessage());
      throw e;
    }
    neighbour = jails.create(host());
    Thread thread = new Thread(this::build, "neighbour");
    thread.setDaemon(true);
    thread.start();
    await().atMost(Duration.ofMinutes(1)).until(() -> beats.get() > 0 || !wrong.isEmpty());
  }

  private void build() {
    OutputStream output = new OutputStream() {
      @Override
      public void write(int b) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void write(byte[] bytes, int from, int count) {
        String said = new String(bytes, from, count, StandardCharsets.US_ASCII);
        if (!said.matches("(mine\n)+")) {
          wrong = "said " + said;
        }
        beats.addAndGet(count / BEAT);
      }
    };
    Command command = asBuilder("echo mine >own; while cat own; do sleep 0.2; done");
    try {
      Exit exit = neighbour.run(
          Commands.script(
              command.user(), Limits.of(Duration.ofMinutes(10)), command.argv().get(2)),
          output);
      wrong = exit.inWords();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void leavesTheNeighbourAlone() {
    long before = beats.get();
    await().until(() -> beats.get() > before || !wrong.isEmpty());
    assertThat(wrong).isEmpty();
  }

  @AfterAll
  void close() throws Exception {
    if (jails != null) {
      jails.close();
    }
  }

  /** What a build says in a jail of its own, and how it ended. */
  String tries(String script) throws Exception {
    try (Jail jail = jails.create(host())) {
      return said(jail, asBuilder(script));
    }
  }

  /** The same as a root phase. */
  String triesAsRoot(String script) throws Exception {
    try (Jail jail = jails.create(host())) {
      return said(jail, asRoot(script));
    }
  }

  /** Whether the kind has a filter of system calls. */
  boolean filters() {
    return kind != Containment.UNSHARE;
  }
}
