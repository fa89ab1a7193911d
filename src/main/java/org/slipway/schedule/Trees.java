package org.slipway.schedule;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.store.BuildRecord;
import org.slipway.store.OverlayCommit;
import org.slipway.store.OverlayHead;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;

/** A job's fork and what lies over it, each a mirror of its own. */
final class Trees implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Trees.class);

  private final Job job;
  private final Home home;
  private final PortsTree fork;
  private final Map<String, PortsTree> overlays = new LinkedHashMap<>();

  private Trees(Job job, Home home, PortsTree fork) {
    this.job = job;
    this.home = home;
    this.fork = fork;
  }

  /**
   * Opens the mirrors, and fetches those that are new.
   *
   * @throws IOException where one of them was never fetched and cannot be now
   */
  static Trees open(Job job, Home home) throws IOException {
    Trees trees =
        new Trees(job, home, mirror(job.tree().url(), job.tree().branch(), home, job, ""));
    try {
      for (Job.Overlay each : job.tree().overlays()) {
        trees.overlays.put(
            each.name(), mirror(each.url(), each.branch(), home, job, "+" + each.name()));
      }
      for (PortsTree each : trees.all()) {
        if (each.head().isEmpty()) {
          each.fetch();
        }
      }
      return trees;
    } catch (IOException | RuntimeException e) {
      trees.close();
      throw e;
    }
  }

  /** Of the mirrors of a job, without {@code .git}. */
  static List<String> names(Job job) {
    List<String> names = new ArrayList<>(List.of(job.name().name()));
    job.tree().overlays().forEach(each -> names.add(job.name() + "+" + each.name()));
    return names;
  }

  /** No name of a job or of an overlay has a plus sign, so no two mirrors have one folder. */
  private static PortsTree mirror(String url, String branch, Home home, Job job, String suffix)
      throws IOException {
    return PortsTree.open(
        url, branch, home.trees().resolve(job.name() + suffix + ".git"), home.checkouts());
  }

  private List<PortsTree> all() {
    List<PortsTree> all = new ArrayList<>(List.of(fork));
    all.addAll(overlays.values());
    return all;
  }

  /** The newest commits, as far as they can be had. */
  record Heads(CommitId fork, List<OverlayHead> overlays) {
    Heads {
      overlays = List.copyOf(overlays);
    }
  }

  /**
   * Looks for news. An overlay that cannot be reached counts as it was last seen: what another team
   * keeps elsewhere must not hold back a fix in the fork.
   *
   * @throws IOException where the fork cannot be reached
   */
  Heads fetch() throws IOException {
    List<OverlayHead> heads = new ArrayList<>();
    for (Map.Entry<String, PortsTree> each : overlays.entrySet()) {
      CommitId head;
      try {
        head = each.getValue().fetch();
      } catch (IOException e) {
        Optional<CommitId> seen = each.getValue().head();
        if (seen.isEmpty()) {
          throw e;
        }
        log.warn("{}: overlay {}: {}", job.name(), each.getKey(), e.getMessage());
        head = seen.get();
      }
      heads.add(new OverlayHead(each.getKey(), head));
    }
    return new Heads(fork.fetch(), heads);
  }

  /** The fork's commits from one that was built before to its head, that one included. */
  List<Commit> news(Optional<CommitId> last, CommitId head, int most) throws IOException {
    List<Commit> news = new ArrayList<>(fork.between(last, head, most));
    news.add(fork.commit(head));
    return news;
  }

  /** These heads with all that is told of a commit. */
  List<OverlayCommit> commits(List<OverlayHead> heads) throws IOException {
    List<OverlayCommit> commits = new ArrayList<>();
    for (OverlayHead each : heads) {
      commits.add(new OverlayCommit(each.name(), overlay(each.name()).commit(each.commit())));
    }
    return commits;
  }

  /**
   * The trees of a build at the commits that it was begun with, whatever came in since.
   *
   * @throws FarmException where the job's overlays are others by now
   */
  Ground pin(BuildRecord build) throws IOException {
    List<String> names = build.overlays().stream().map(OverlayCommit::name).toList();
    if (!names.equals(List.copyOf(overlays.keySet()))) {
      throw new FarmException("it was begun with " + words(names) + ", and the job file has "
          + words(List.copyOf(overlays.keySet())) + " now; the next build has those");
    }
    Map<String, CommitId> commits = new LinkedHashMap<>();
    build.overlays().forEach(each -> commits.put(each.name(), each.commit().id()));
    return Ground.open(
        fork.checkout(build.commit().id()),
        commits,
        (name, commit) -> overlay(name).checkout(commit),
        home.overlays(job.name(), build.id()));
  }

  private static String words(List<String> names) {
    return names.isEmpty()
        ? "no overlay"
        : (names.size() == 1 ? "the overlay " : "the overlays ") + String.join(", ", names);
  }

  /**
   * When folders of a build's trees were last changed.
   *
   * @param folders as a port has them: below the fork's top, or {@code overlays/NAME/...}
   */
  Map<String, Instant> lastChanges(BuildRecord build, Collection<String> folders)
      throws IOException {
    Map<String, Instant> changes = new HashMap<>();
    Set<String> left = new HashSet<>(folders);
    for (OverlayCommit each : build.overlays()) {
      String top = Ground.OVERLAYS + each.name() + "/";
      Set<String> inside = new HashSet<>();
      left.removeIf(folder -> folder.startsWith(top) && inside.add(folder.substring(top.length())));
      overlay(each.name())
          .lastChanges(each.commit().id(), inside)
          .forEach((folder, changed) -> changes.put(top + folder, changed));
    }
    changes.putAll(fork.lastChanges(build.commit().id(), left));
    return changes;
  }

  private PortsTree overlay(String name) throws FarmException {
    PortsTree found = overlays.get(name);
    if (found == null) {
      throw new FarmException("job " + job.name() + " has no overlay " + name);
    }
    return found;
  }

  @Override
  public void close() {
    all().forEach(PortsTree::close);
  }
}
