package org.slipway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slipway.jail.Jails;
import org.slipway.schedule.Farm;
import org.slipway.schedule.Home;
import org.slipway.schedule.Job;
import org.slipway.store.FarmStore;
import org.slipway.store.LogStore;
import org.slipway.store.PackageStore;
import org.slipway.web.Site;
import org.slipway.web.StatusServer;

/** A farm with all its parts, opened in the data's order and closed the other way round. */
final class RunningFarm implements AutoCloseable {
  private final Home home;
  private final Jails jails;
  private final FarmStore store;
  private final Farm farm;
  private final StatusServer web;
  private final Deque<AutoCloseable> parts;

  private RunningFarm(
      Home home,
      Jails jails,
      FarmStore store,
      Farm farm,
      StatusServer web,
      Deque<AutoCloseable> parts) {
    this.home = home;
    this.jails = jails;
    this.store = store;
    this.farm = farm;
    this.web = web;
    this.parts = parts;
  }

  /**
   * Opens everything; nothing builds before {@link #start}.
   *
   * @param home taken already; closed with the rest
   * @param config its jobs, its database and where it listens
   * @param program the folder with templates and web
   * @throws IOException with one sentence for a person
   */
  static RunningFarm open(Home home, FarmConfig config, Path program) throws IOException {
    InstantSource clock = InstantSource.system();
    Deque<AutoCloseable> parts = new ArrayDeque<>(List.of(home));
    List<Job> jobs = config.jobs();
    try {
      HostTools.require(jobs);
      boolean allowUncontained = jobs.stream().anyMatch(job -> job.build().allowUncontained());
      Jails jails = Jails.open(home.jails(), allowUncontained);
      parts.push(jails);
      FarmStore store = FarmStore.open(config.database(), clock);
      parts.push(store);
      PackageStore packages = new PackageStore(home.packages());
      LogStore logs = new LogStore(home.logs());
      Farm farm =
          Farm.open(new Farm.Parts(home, jobs, jails, store, packages, logs, clock, config.keep()));
      parts.push(farm);
      Site site = new Site(
          jobs,
          jails.containment(),
          farm.publishers(),
          store,
          logs,
          home.keys(),
          program.resolve("templates"),
          program.resolve("web"),
          config.address(),
          clock);
      StatusServer web = StatusServer.start(site, config.listen().listening());
      parts.push(web);
      return new RunningFarm(home, jails, store, farm, web, parts);
    } catch (IOException | RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  void start() throws IOException {
    farm.start();
  }

  Home home() {
    return home;
  }

  Jails jails() {
    return jails;
  }

  FarmStore store() {
    return store;
  }

  Farm farm() {
    return farm;
  }

  StatusServer web() {
    return web;
  }

  @Override
  public void close() {
    closeAll(parts);
  }

  /** The newest part first; one that fails does not keep the others open. */
  private static void closeAll(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LoggerFactory.getLogger(RunningFarm.class)
            .warn("{} did not close: {}", part.getClass().getSimpleName(), e.getMessage());
      }
    }
  }
}
