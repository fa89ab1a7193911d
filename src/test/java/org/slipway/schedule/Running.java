package org.slipway.schedule;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slipway.jail.Jails;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotId;
import org.slipway.store.BuildRecord;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;
import org.slipway.store.LogStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;
import org.slipway.store.PackageStore;

/** A farm and what it stands on. */
final class Running implements AutoCloseable {
  final Home home;
  private final Job job;
  final FarmStore store;
  private final Farm farm;

  Running(Path folder, Job job, DatabaseSettings database) throws IOException {
    this.home = Home.open(folder);
    this.job = job;
    this.store = FarmStore.open(database, InstantSource.system());
    this.farm = Farm.open(new Farm.Parts(
        home,
        List.of(job),
        Jails.open(home.jails(), true),
        store,
        new PackageStore(home.packages()),
        new LogStore(home.logs()),
        InstantSource.system()));
    farm.start();
  }

  void look() throws FarmException {
    farm.watch(job.name());
  }

  /** Waits for the n-th build's end. */
  BuildRecord ended(int number) throws Exception {
    await(() -> {
      List<BuildRecord> builds = store.builds(Optional.empty(), 100);
      return builds.size() >= number
          && builds.get(builds.size() - number).state().finished();
    });
    List<BuildRecord> builds = store.builds(Optional.empty(), 100);
    return builds.get(builds.size() - number);
  }

  void await(java.util.function.BooleanSupplier condition) throws Exception {
    Semaphore news = new Semaphore(0);
    try (AutoCloseable listening = store.listen(event -> news.release())) {
      while (!condition.getAsBoolean()) {
        news.acquire();
      }
    }
  }

  PackageRecord of(BuildRecord build, OriginSpec spec) {
    return store.find(build.id(), spec).orElseThrow();
  }

  PackageState state(BuildRecord build, OriginSpec spec) {
    return of(build, spec).state();
  }

  Publisher publisher() {
    return Optional.ofNullable(farm.publishers().get(job.name())).orElseThrow();
  }

  Optional<SnapshotId> published() throws IOException {
    return publisher().current(job.publish().channel()).map(each -> each.snapshot());
  }

  @Override
  public void close() {
    farm.close();
    store.close();
    home.close();
  }
}
