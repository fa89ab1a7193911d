package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;

class EngineTest {
  @TempDir
  Path folder;

  @Test
  void takesReadyTasksByPriority() throws Exception {
    try (FarmStore store =
        FarmStore.open(DatabaseSettings.embedded(folder), InstantSource.system())) {
      assertThat(orderOf(store)).containsExactly("e", "d", "c", "b", "a");
    }
  }

  @Test
  void takesReadyTasksByPriorityOnPostgresToo() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        FarmStore store = FarmStore.open(
            new DatabaseSettings(
                postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres"),
            InstantSource.system())) {
      assertThat(orderOf(store)).containsExactly("e", "d", "c", "b", "a");
    }
  }

  private static List<String> orderOf(FarmStore store) throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch all = new CountDownLatch(5);
    Engine.Task task = words -> {
      order.add(String.valueOf(words.get("name")));
      all.countDown();
    };
    try (Engine engine = Engine.open("test", 1, store, Map.of("build", task))) {
      int priority = 1;
      for (String name : List.of("a", "b", "c", "d", "e")) {
        engine.submit("build", name, Map.of("name", name), priority++);
      }
      engine.start();
      assertThat(all.await(1, TimeUnit.MINUTES)).isTrue();
    }
    return order;
  }

  @Test
  void keepsTasksThatAKilledFarmHadQueuedAndForgetsThemWhenTold() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    try (FarmStore store =
        FarmStore.open(DatabaseSettings.embedded(folder), InstantSource.system())) {
      try (Engine engine = Engine.open("kept", 1, store, Map.of())) {
        engine.submit("build", "one", Map.of(), 1);
        engine.submit("publish", "two", Map.of(), 1);
      }
      Engine.Task forbidden = words -> {
        throw new IllegalStateException("was cleared");
      };
      try (Engine engine = Engine.open(
          "kept", 1, store, Map.of("publish", forbidden, "build", words -> ran.countDown()))) {
        engine.clear("publish");
        engine.start();
        assertThat(ran.await(1, TimeUnit.MINUTES)).isTrue();
      }
    }
  }

  @Test
  void repeatsATaskAtOnceAndAgain() throws Exception {
    CountDownLatch twice = new CountDownLatch(2);
    try (FarmStore store =
            FarmStore.open(DatabaseSettings.embedded(folder), InstantSource.system());
        Engine engine =
            Engine.open("repeat", 1, store, Map.of("watch", words -> twice.countDown()))) {
      engine.repeat("watch", "tree", Map.of(), Duration.ofMillis(50));
      engine.start();
      assertThat(twice.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }
}
