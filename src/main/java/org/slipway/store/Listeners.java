package org.slipway.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who hears of changes; a listener that throws harms neither the writer nor the other listeners.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private final List<Registration> registrations = new CopyOnWriteArrayList<>();

  AutoCloseable add(Consumer<FarmEvent> listener) {
    Registration registration = new Registration(listener);
    registrations.add(registration);
    return () -> registrations.remove(registration);
  }

  void tell(FarmEvent event) {
    for (Registration each : registrations) {
      try {
        each.listener.accept(event);
      } catch (RuntimeException e) {
        LOG.warn("a listener failed on {}", event, e);
      }
    }
  }

  /** Of its own identity: the same listener may be added twice and each ended by itself. */
  private static final class Registration {
    private final Consumer<FarmEvent> listener;

    Registration(Consumer<FarmEvent> listener) {
      this.listener = listener;
    }
  }
}
