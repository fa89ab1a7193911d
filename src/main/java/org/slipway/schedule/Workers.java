package org.slipway.schedule;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.store.BuildId;

/**
 * Which threads work for which build, so that a build can be ended in the middle: they are told to
 * stop, and what they work with is kept until the last one has. Safe for several threads.
 */
final class Workers {
  private final Map<BuildId, Crew> crews = new HashMap<>();

  private static final class Crew {
    private int count;
    private boolean over;
    private Optional<Runnable> last = Optional.empty();

    /** Those that may be interrupted now. */
    private final Set<Thread> stoppable = new HashSet<>();
  }

  /** Work that ends soon after an interrupt, and leaves nothing behind then. */
  interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /** The caller begins to work for a build; false where that is over. */
  synchronized boolean enter(BuildId build) {
    Crew crew = crews.computeIfAbsent(build, any -> new Crew());
    if (crew.over) {
      return false;
    }
    crew.count++;
    return true;
  }

  /** The caller, who has entered, works for it no more. */
  void leave(BuildId build) {
    Optional<Runnable> last = Optional.empty();
    synchronized (this) {
      Crew crew = crew(build);
      crew.count--;
      if (crew.count == 0) {
        crews.remove(build);
        last = crew.last;
      }
    }
    last.ifPresent(Runnable::run);
  }

  /** Whether a build that somebody works for is to end. */
  synchronized boolean over(BuildId build) {
    Crew crew = crews.get(build);
    return crew != null && crew.over;
  }

  /**
   * Does work that is interrupted when the build ends meanwhile, for a caller who has entered. The
   * caller is not interrupted outside of it.
   */
  <T> T stoppable(BuildId build, Work<T> work) throws IOException, InterruptedException {
    Crew crew;
    synchronized (this) {
      crew = crew(build);
      if (crew.over) {
        throw new InterruptedException("build " + build + " is over");
      }
      crew.stoppable.add(Thread.currentThread());
    }
    try {
      return work.run();
    } finally {
      synchronized (this) {
        crew.stoppable.remove(Thread.currentThread());
        if (crew.over) {
          // It was for the work alone.
          Thread.interrupted();
        }
      }
    }
  }

  /**
   * Lets nobody begin any more, stops who can be stopped, and does the last thing when all have
   * left: here and now where nobody is there.
   */
  void end(BuildId build, Runnable last) {
    synchronized (this) {
      Crew crew = crews.get(build);
      if (crew != null) {
        if (!crew.over) {
          crew.over = true;
          crew.last = Optional.of(last);
          crew.stoppable.forEach(Thread::interrupt);
        }
        return;
      }
    }
    last.run();
  }

  private Crew crew(BuildId build) {
    Crew crew = crews.get(build);
    if (crew == null) {
      throw new IllegalStateException("nobody works for build " + build);
    }
    return crew;
  }
}
