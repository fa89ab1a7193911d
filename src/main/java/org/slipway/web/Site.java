package org.slipway.web;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.jail.Containment;
import org.slipway.publish.Publisher;
import org.slipway.schedule.Job;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;

/**
 * What the pages show.
 *
 * @param publishers by job
 * @param keys HOME/keys; only NAME.pub and fingerprints/ of it are read
 * @param templates the folder of page templates
 * @param assets the folder of style sheets and scripts
 * @param address what clients call the farm; where absent, what each visitor calls it
 */
public record Site(
    List<Job> jobs,
    Containment containment,
    Map<JobName, Publisher> publishers,
    FarmStore store,
    LogStore logs,
    Path keys,
    Path templates,
    Path assets,
    Optional<URI> address,
    InstantSource clock) {
  public Site {
    jobs = List.copyOf(jobs);
    publishers = Map.copyOf(publishers);
  }
}
