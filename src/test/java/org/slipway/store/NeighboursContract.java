package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.KnownPackage;

/**
 * How a farm store gets on with who else is there: listeners, Quartz, interrupted threads. A
 * database a test.
 */
abstract class NeighboursContract {
  static final OriginSpec FOO = Sample.spec("devel/libfoo");

  @TempDir
  Path folder;

  private FarmStore store;

  abstract DatabaseSettings database();

  @BeforeEach
  void open() throws StoreException {
    store = FarmStore.open(database(), InstantSource.system());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void tellsListenersAfterEachChangeAndOnlyThen() throws Exception {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1)));
    List<FarmEvent> heard = new ArrayList<>();
    AtomicReference<Optional<PackageState>> seen = new AtomicReference<>(Optional.empty());
    AutoCloseable failing = store.listen(event -> {
      throw new IllegalStateException("this listener always fails");
    });
    AutoCloseable listening = store.listen(event -> {
      heard.add(event);
      seen.set(store.find(event.build(), FOO).map(PackageRecord::state));
    });

    BuildId build = store.begin(job, Sample.commitId(1));
    FarmEvent whole = new FarmEvent(job, build, Optional.empty());
    FarmEvent foo = new FarmEvent(job, build, Optional.of(FOO));
    store.state(build, BuildState.EVALUATING);
    store.plan(build, Sample.plan(Sample.build("devel/libfoo")));
    assertThat(heard).containsExactly(whole, whole, whole);
    assertThat(seen.get()).contains(PackageState.READY);

    heard.clear();
    store.state(build, BuildState.EVALUATING);
    store.ready(build, FOO);
    assertThat(heard).isEmpty();

    int attempt = store.claim(build, FOO, 1).orElseThrow();
    assertThat(seen.get()).contains(PackageState.BUILDING);
    store.phase(build, FOO, attempt, Phase.BUILD);
    assertThat(store.failed(build, FOO, attempt + 1, Sample.failed("late"))).isFalse();
    assertThat(store.failed(build, FOO, attempt, Sample.failed("no"))).isTrue();
    assertThat(seen.get()).contains(PackageState.FAILED);
    assertThat(heard).containsExactly(foo, foo, foo);

    listening.close();
    failing.close();
    store.finish(build, BuildState.DONE, Optional.empty(), Optional.empty());
    assertThat(heard).hasSize(3);
  }

  @Test
  void countsBuildsWithoutGapsThoughFarmsBeginThemAtOnce() throws Exception {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1)));
    try (FarmStore other = FarmStore.open(database(), InstantSource.system())) {
      Set<Long> numbers = new HashSet<>(IntStream.range(0, 20)
          .parallel()
          .mapToObj(
              i -> (i % 2 == 0 ? store : other).begin(job, Sample.commitId(1)).number())
          .toList());
      assertThat(numbers).hasSize(20).allMatch(number -> number >= 1 && number <= 20);
    }
  }

  @Test
  void twoFarmsThatMakeTheSamePackageAtOnceBothKeepIt() throws Exception {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1)));
    KnownPackage known = Sample.known("devel/libfoo", "source", "content");
    List<BuildId> builds = IntStream.range(0, 12)
        .mapToObj(i -> {
          BuildId build = store.begin(job, Sample.commitId(1));
          store.plan(build, Sample.plan(Sample.build("devel/libfoo")));
          return build;
        })
        .toList();
    try (FarmStore other = FarmStore.open(database(), InstantSource.system())) {
      List<Boolean> kept = builds.parallelStream()
          .map(build -> {
            FarmStore farm = build.number() % 2 == 0 ? store : other;
            int attempt = farm.claim(build, FOO, 1).orElseThrow();
            return farm.built(build, attempt, known, List.of());
          })
          .toList();
      assertThat(kept).hasSize(12).containsOnly(true);
    }
    assertThat(store.inventory(job).byKey()).hasSize(1);
  }

  @Test
  void interruptedThreadsBreakNothingForOthers() throws Exception {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1)));
    BuildId build = store.begin(job, Sample.commitId(1));
    store.plan(
        build,
        Sample.plan(
            IntStream.range(0, 400).mapToObj(i -> Sample.build("devel/p" + i)).toList(),
            List.of()));
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch rounds = new CountDownLatch(40);
    Thread slot = new Thread(() -> {
      int next = 0;
      while (!stop.get()) {
        OriginSpec spec = Sample.spec("devel/p" + next++ % 400);
        // Interrupted from the start now, and by the other thread at any moment.
        Thread.currentThread().interrupt();
        try {
          store.claim(build, spec, 1);
          store.packages(build);
        } catch (RuntimeException e) {
          // An interrupted thread may well be told so; what counts is what the others see.
          assertThat(e).hasStackTraceContaining("nterrupt");
        }
        Thread.interrupted();
        rounds.countDown();
      }
    });
    slot.start();
    while (!rounds.await(3, TimeUnit.MILLISECONDS)) {
      slot.interrupt();
      assertThat(store.packages(build)).hasSize(400);
    }
    stop.set(true);
    slot.join();
    store.finish(build, BuildState.DONE, Optional.empty(), Optional.empty());
    close();

    open();
    assertThat(store.packages(build)).hasSize(400);
  }

  @Test
  void quartzRunsOnTheTablesThatAreThere() throws Exception {
    try (Connection connection = store.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM qrtz_triggers")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isZero();
    }
    String name = "store-" + Sample.job();
    DBConnectionManager.getInstance().addConnectionProvider(name, new ConnectionProvider() {
      @Override
      public Connection getConnection() throws java.sql.SQLException {
        return store.dataSource().getConnection();
      }

      @Override
      public void shutdown() {}

      @Override
      public void initialize() {}
    });
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", name);
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.threadPool.threadCount", "1");
    properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
    properties.setProperty("org.quartz.jobStore.dataSource", name);
    properties.setProperty(
        "org.quartz.jobStore.driverDelegateClass",
        store.postgres()
            ? "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate"
            : "org.quartz.impl.jdbcjobstore.StdJDBCDelegate");
    Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
    try {
      scheduler.scheduleJob(
          JobBuilder.newJob(Note.class)
              .withIdentity("note")
              .usingJobData("text", name)
              .requestRecovery()
              .build(),
          TriggerBuilder.newTrigger().startNow().build());
      scheduler.start();
      await().until(() -> Note.NOTES.contains(name));
    } finally {
      scheduler.shutdown(true);
    }
  }

  /** Notes that it ran, with what the database kept for it. */
  public static final class Note implements Job {
    static final Set<String> NOTES = java.util.concurrent.ConcurrentHashMap.newKeySet();

    @Override
    public void execute(JobExecutionContext context) {
      NOTES.add(context.getMergedJobDataMap().getString("text"));
    }
  }
}
