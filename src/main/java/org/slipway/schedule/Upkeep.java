package org.slipway.schedule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.jail.Base;
import org.slipway.jail.Bases;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;

/**
 * Takes out of the farm's folder what is only kept for later and was not used for long. What was
 * used since the oldest unfinished build began stays, whatever the settings. A folder that is a
 * symbolic link is somebody's own and is left alone.
 */
final class Upkeep {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  /** Files' times are coarser than the clock, and another host's clock may be behind. */
  private static final Duration GRAIN = Duration.ofSeconds(30);

  /** Names that {@code Kit}, {@code RigFolder} and {@code RecordedBase} give: digests. */
  private static final String DIGEST = "[0-9a-f]{32}([0-9a-f]{32})?";

  /** What a process that was killed had half laid out or half deleted. */
  private static final String HALF = "\\.(new|gone)-.*";

  private static final String MIRROR = ".git";
  private static final String GONE = ".gone-";

  private final Home home;
  private final List<Job> jobs;
  private final FarmStore store;
  private final LogStore logs;
  private final Keep keep;
  private final InstantSource clock;

  Upkeep(
      Home home, List<Job> jobs, FarmStore store, LogStore logs, Keep keep, InstantSource clock) {
    this.home = home;
    this.jobs = List.copyOf(jobs);
    this.store = store;
    this.logs = logs;
    this.keep = keep;
    this.clock = clock;
  }

  private interface Part {
    int sweep() throws IOException;
  }

  /** One look at everything; what cannot be removed is told and left for the next. */
  void sweep() {
    Instant inUse = oldestUnfinished();
    Instant caches = before(keep.caches(), inUse);
    Instant half = before(Keep.SHORTEST, inUse);
    part("kits", () -> folders(home.kits(), caches, half, Set.of()));
    part("rigs", () -> folders(home.rigs(), caches, half, Set.of()));
    part("lists of bases", () -> folders(home.baseLists(), caches, half, roots()));
    part("half-made bases", () -> {
      new Bases(home.bases()).sweep();
      return 0;
    });
    part("spooled archives", () -> spooled(half));
    part("distfiles", () -> distfiles(before(keep.distfiles(), inUse)));
    part("builds' logs", () -> logs(clock.instant().minus(keep.logs())));
    part("trees", () -> trees(clock.instant().minus(keep.trees())));
    part("kept work directories", this::work);
  }

  private static void part(String what, Part part) {
    try {
      int gone = part.sweep();
      if (gone > 0) {
        log.info("{} {} that were not used for long are gone", gone, what);
      }
    } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
      log.warn("{} were not looked through: {}", what, e.getMessage());
    }
  }

  private Instant before(Duration age, Instant inUse) {
    Instant due = clock.instant().minus(age);
    return due.isBefore(inUse) ? due : inUse;
  }

  /** All that a build uses it has used since it was begun. A build of a job that is gone rests. */
  private Instant oldestUnfinished() {
    Set<JobName> here = new HashSet<>();
    jobs.forEach(job -> here.add(job.name()));
    return store.unfinished().stream()
        .filter(each -> here.contains(each.job()))
        .map(each -> each.created().minus(GRAIN))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  /** Folders that are named by what is in them and whose time is that of their last use. */
  private static int folders(Path top, Instant due, Instant half, Set<Path> used)
      throws IOException {
    int gone = 0;
    for (Path each : children(top)) {
      String name = name(each);
      Instant last = time(each);
      if ((name.matches(DIGEST) && !used.contains(each) && last.isBefore(due))
          || (name.matches(HALF) && last.isBefore(half))) {
        Home.remove(each);
        gone++;
      }
    }
    return gone;
  }

  private Set<Path> roots() {
    Set<Path> roots = new HashSet<>();
    for (Job job : jobs) {
      if (job.target().base() instanceof Base.Directory base) {
        roots.add(base.root());
      }
    }
    return roots;
  }

  /** What the store could not take is of no use to anyone. */
  private int spooled(Instant due) throws IOException {
    int gone = 0;
    for (Path each : children(home.spool())) {
      if (time(each).isBefore(due)) {
        Home.remove(each);
        gone++;
      }
    }
    return gone;
  }

  /** @param used when a link to it was last made or removed, which changes nothing else of it */
  private record Distfile(Path path, long bytes, Instant used, boolean linked) {}

  /** A build has links of its own to what it uses, so it keeps that even where the name goes. */
  private int distfiles(Instant due) throws IOException {
    List<Distfile> all = new ArrayList<>();
    for (Path each : tree(home.distfiles())) {
      if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) && !name(each).startsWith(".")) {
        distfile(each).ifPresent(all::add);
      }
    }
    all.sort(Comparator.comparing(Distfile::used));
    long left = all.stream().mapToLong(Distfile::bytes).sum();
    long most = keep.distfileBytes().orElse(Long.MAX_VALUE);
    int gone = 0;
    for (Distfile each : all) {
      if (!each.linked() && (each.used().isBefore(due) || left > most)) {
        Files.deleteIfExists(each.path());
        left -= each.bytes();
        gone++;
      }
    }
    return gone;
  }

  private static Optional<Distfile> distfile(Path path) throws IOException {
    try {
      Map<String, Object> found =
          Files.readAttributes(path, "unix:ctime,nlink,size", LinkOption.NOFOLLOW_LINKS);
      return Optional.of(new Distfile(
          path,
          ((Number) required(found, "size")).longValue(),
          ((FileTime) required(found, "ctime")).toInstant(),
          ((Number) required(found, "nlink")).longValue() > 1));
    } catch (NoSuchFileException e) {
      // Another version took its place meanwhile.
      return Optional.empty();
    }
  }

  private static Object required(Map<String, Object> found, String name) throws IOException {
    Object value = found.get(name);
    if (value == null) {
      throw new IOException("this file system tells no " + name + " of a file");
    }
    return value;
  }

  /** Of builds that ended before; each job's newest is what a person looks for first. */
  private int logs(Instant due) throws IOException {
    Set<BuildId> newest = new HashSet<>();
    int gone = 0;
    if (!Files.isDirectory(home.logs(), LinkOption.NOFOLLOW_LINKS)) {
      return gone;
    }
    for (BuildId each : logs.builds()) {
      Optional<BuildRecord> build = store.build(each);
      if (build.isPresent()) {
        store.builds(Optional.of(build.get().job()), 1).forEach(last -> newest.add(last.id()));
      }
      boolean stays = build.isPresent()
          ? newest.contains(each)
              || build.get().finished().filter(end -> end.isBefore(due)).isEmpty()
          : !logs.lastChanged(each).isBefore(due);
      if (!stays) {
        logs.remove(each);
        gone++;
      }
    }
    return gone;
  }

  /** Mirrors and checkouts that no job of this farm has; a file beside each says when one had. */
  private int trees(Instant due) throws IOException {
    Set<String> here = new HashSet<>();
    jobs.forEach(job -> here.addAll(Trees.names(job)));
    int gone = 0;
    for (Path each : children(home.trees())) {
      String name = name(each);
      if (name.startsWith(GONE)) {
        Home.remove(each);
      } else if (name.endsWith(MIRROR)) {
        String tree = name.substring(0, name.length() - MIRROR.length());
        Path used = each.resolveSibling(name + ".lock");
        if (here.contains(tree)) {
          Files.setLastModifiedTime(used, FileTime.from(clock.instant()));
        } else if (time(Files.exists(used) ? used : each).isBefore(due)) {
          // Under another name first: half a mirror would stop a job that comes back.
          Path aside =
              Files.move(each, each.resolveSibling(GONE + name), StandardCopyOption.ATOMIC_MOVE);
          Home.remove(aside);
          Home.remove(home.checkouts().resolve(tree));
          Files.deleteIfExists(used);
          gone++;
        }
      }
    }
    return gone;
  }

  /** Of each job as it says; of a job that is gone as long as its trees. */
  private int work() throws IOException {
    KeptWork work = new KeptWork(home.work(), clock);
    for (Path each : children(home.work())) {
      if (!JobName.isOne(name(each))) {
        continue;
      }
      Duration longest = jobs.stream()
          .filter(job -> job.name().name().equals(name(each)))
          .map(job -> job.build().manner().keepWork().orElse(Duration.ZERO))
          .findFirst()
          .orElse(keep.trees());
      work.prune(new JobName(name(each)), longest);
    }
    return 0;
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        all.forEach(children::add);
      }
    }
    return children;
  }

  private static List<Path> tree(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.toList();
    }
  }

  private static Instant time(Path path) throws IOException {
    return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
