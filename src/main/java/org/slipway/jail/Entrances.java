package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first processes of runs. While a run goes on, the next one's is made ahead, because the kernel takes its time to make
 * namespaces and to let a process into a control group. One waits at most, not longer than {@link #IDLE_NANOS}, and none before
 * the first run. It has seen the mounts of the host as they were: when these have changed, it is not used.
 */
final class Entrances implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jails.class);

  /** Longer is a host at rest, which it must not keep from unmounting a disk. */
  private static final long IDLE_NANOS = 3_000_000_000L;

  /** More than a runtime takes to make a jail, which has the processors meanwhile; and less than most of what runs in one. */
  private static final long HEAD_START_NANOS = 50_000_000;

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a group may have before it is known for what it is: no more than what waits there needs. */
  private static final Limits WAITING = Limits.of(Duration.ZERO);

  private final String farm;
  private final BackEnd backEnd;
  private final ControlGroups controlGroups;
  private boolean ahead;
  private boolean making;
  private boolean held;
  private @Nullable Entrance waiting;
  private String mounts = "";
  private @Nullable Thread thread;

  Entrances(String farm, BackEnd backEnd, ControlGroups controlGroups) {
    this.farm = farm;
    this.backEnd = backEnd;
    this.controlGroups = controlGroups;
  }

  /** From here on {@link #prepare} does something. */
  synchronized void lookAhead() {
    ahead = true;
  }

  /** One for a run, in a control group with its limits; empty where the back end has none. */
  Optional<Entrance> enter(Root root, Optional<Keeper> keeper, Limits limits)
      throws IOException, InterruptedException {
    Optional<BackEnd.Launch> first = backEnd.first(keeper);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    // A keeper's mounts are another namespace's; a limit on processors may want one more group.
    Entrance ready = keeper.isEmpty() && limits.cpuPercent() == 0 ? take() : null;
    if (ready != null) {
      try {
        if (ready.group().isPresent()) {
          ControlGroups.limit(ready.group().get(), limits);
        }
        return Optional.of(ready);
      } catch (IOException e) {
        // Less memory than a shell has, perhaps; an empty group can be given any limit.
        discard(ready);
      }
    }
    return Optional.of(Entrance.make(first.get(), controlGroups.create(root.id(), limits)));
  }

  private @Nullable Entrance take() throws InterruptedException {
    Entrance taken;
    String seen;
    synchronized (this) {
      while (making) {
        // Somebody waits for it.
        ended();
        wait();
      }
      taken = waiting;
      seen = mounts;
      waiting = null;
      notifyAll();
    }
    if (taken == null || (taken.waits() && !seen.isEmpty() && seen.equals(mountsNow()))) {
      return taken;
    }
    discard(taken);
    return null;
  }

  /** Empty where they cannot be read. */
  private static String mountsNow() {
    try {
      return Files.readString(MOUNTS, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Makes the next one, in a thread of its own, unless there is one. */
  synchronized void prepare() {
    Optional<BackEnd.Launch> first = backEnd.first(Optional.empty());
    if (!ahead || making || waiting != null || first.isEmpty()) {
      return;
    }
    making = true;
    held = true;
    Thread next = new Thread(() -> keep(first.get()), "jail-entrance");
    next.setDaemon(true);
    try {
      next.start();
      thread = next;
    } finally {
      // Nobody is to wait for what a host without a thread to spare does not make.
      making = next.isAlive();
    }
  }

  /** The run that goes on has ended, or could not begin. */
  synchronized void ended() {
    held = false;
    notifyAll();
  }

  private synchronized void holdBack() throws InterruptedException {
    long end = System.nanoTime() + HEAD_START_NANOS;
    for (long left = HEAD_START_NANOS; held && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    held = false;
  }

  private void keep(BackEnd.Launch first) {
    Entrance made = null;
    String seen = "";
    try {
      holdBack();
      seen = mountsNow();
      byte[] unique = new byte[6];
      RANDOM.nextBytes(unique);
      String id = farm + "-" + HexFormat.of().formatHex(unique);
      made = Entrance.make(first, controlGroups.create(id, WAITING));
    } catch (IOException e) {
      LOG.debug("No run can be prepared", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (stays(made, seen) && made != null) {
        discard(made);
      }
    }
  }

  /** Offers it until it is taken, which gives false, or nobody wants it. */
  private synchronized boolean stays(@Nullable Entrance made, String seen) {
    making = false;
    waiting = made;
    mounts = seen;
    notifyAll();
    long end = System.nanoTime() + IDLE_NANOS;
    try {
      for (long left = IDLE_NANOS; ahead && waiting == made && left > 0; ) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean left = waiting == made;
    if (left) {
      waiting = null;
    }
    return left;
  }

  private static void discard(Entrance entrance) {
    try {
      entrance.end();
      if (entrance.group().isPresent()) {
        entrance.group().get().close();
      }
    } catch (IOException e) {
      LOG.debug("What was prepared for a run is swept at the next start", e);
    }
  }

  /** Ends the one that waits, and waits for that. */
  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      ahead = false;
      last = thread;
      notifyAll();
    }
    try {
      if (last != null) {
        last.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
