package org.slipway.web;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotFiles;
import org.slipway.repository.SnapshotId;
import org.slipway.schedule.Job;

/**
 * Folders of repositories as pages for people. What was read of the last few folders is kept while the folder has not
 * changed, so that a page of 30,000 names costs no more than one of ten. Safe for several threads.
 */
final class Listings {
  private static final int FOLDERS = 4;

  /** A folder that holds more is shown as far as this. */
  private static final int MOST = 200_000;

  private static final Comparator<ListingView.Row> ORDER = Comparator.comparing(
          (ListingView.Row each) -> !each.folder())
      .thenComparing(each -> each.name().toLowerCase(Locale.ROOT))
      .thenComparing(ListingView.Row::name);

  private record Known(FileTime changed, List<ListingView.Row> rows) {}

  private final Map<Path, Known> folders = new LinkedHashMap<>(8, 0.75f, true);

  /** {@code /repo/}. */
  Answer jobs(Asked asked, Look look) {
    List<ListingView.Row> rows = new ArrayList<>();
    for (Job job : look.site().jobs()) {
      rows.add(ListingView.Row.folder(job.name().name(), Optional.empty()));
    }
    return page(rows, asked, Optional.empty());
  }

  /** {@code /repo/JOB/}: its channels, and what a client needs to trust and use them. */
  Answer job(Job job, Optional<Publisher> publisher, Asked asked, Look look) throws IOException {
    List<ListingView.Row> rows = new ArrayList<>();
    if (publisher.isPresent()) {
      for (ChannelName each : publisher.get().channels()) {
        Optional<Standing> standing = Standing.of(publisher.get(), each);
        rows.add(ListingView.Row.folder(each.name(), standing.map(Standing::since)));
        rows.add(ListingView.Row.text(each.name() + ".conf"));
      }
      rows.add(ListingView.Row.folder("snapshots", Optional.empty()));
    }
    for (Job.Key key : job.publish().sign().keys()) {
      if (ClientSetup.publicKey(key, look.site().keys()).isPresent()) {
        rows.add(ListingView.Row.text(key.name() + ".pub"));
      }
      if (ClientSetup.trusted(key, look.site().keys()).isPresent()) {
        rows.add(ListingView.Row.text("fingerprints/trusted/" + key.name()));
      }
    }
    return page(rows, asked, Optional.of(job));
  }

  /** {@code /repo/JOB/snapshots/}. */
  Answer snapshots(Job job, Publisher publisher, Asked asked) throws IOException {
    List<ListingView.Row> rows = new ArrayList<>();
    for (SnapshotId each : publisher.snapshots()) {
      Path folder = publisher.directory(each);
      if (Files.isDirectory(folder)) {
        rows.add(ListingView.Row.folder(
            each.hex(), Optional.of(Files.getLastModifiedTime(folder).toInstant())));
      }
    }
    return page(rows, asked, Optional.of(job));
  }

  /**
   * A folder of a snapshot.
   *
   * @param path the folder's, from the snapshot's
   */
  Answer folder(Job job, Path snapshot, List<String> path, Path folder, Asked asked)
      throws IOException {
    // A hashed snapshot's packages lie together with those of others.
    List<ListingView.Row> rows = folder.startsWith(snapshot.toRealPath())
        ? read(folder, () -> rows(folder))
        : read(snapshot.resolve(String.join("/", path)), () -> pooled(snapshot, path));
    return new Answer.View("listing.ftlh", ListingView.of(rows, asked, Optional.of(job)));
  }

  private static Answer page(List<ListingView.Row> rows, Asked asked, Optional<Job> job) {
    List<ListingView.Row> sorted = rows.stream().sorted(ORDER).toList();
    return new Answer.View("listing.ftlh", ListingView.of(sorted, asked, job));
  }

  private interface Reading {
    List<ListingView.Row> rows() throws IOException;
  }

  private List<ListingView.Row> read(Path folder, Reading reading) throws IOException {
    FileTime changed = Files.getLastModifiedTime(folder);
    synchronized (folders) {
      Known known = folders.get(folder);
      if (known != null && known.changed().equals(changed)) {
        return known.rows();
      }
    }
    List<ListingView.Row> sorted = reading.rows().stream().sorted(ORDER).toList();
    synchronized (folders) {
      folders.put(folder, new Known(changed, sorted));
      if (folders.size() > FOLDERS) {
        folders.remove(folders.keySet().iterator().next());
      }
    }
    return sorted;
  }

  private static List<ListingView.Row> rows(Path folder) throws IOException {
    List<ListingView.Row> rows = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path each : entries) {
        if (rows.size() < MOST) {
          row(String.valueOf(each.getFileName()), each).ifPresent(rows::add);
        }
      }
    }
    return rows;
  }

  private static List<ListingView.Row> pooled(Path snapshot, List<String> path) throws IOException {
    String prefix = String.join("/", path) + "/";
    SortedMap<String, Path> files =
        SnapshotFiles.pooled(snapshot).orElse(Collections.emptySortedMap()).tailMap(prefix);
    List<ListingView.Row> rows = new ArrayList<>();
    String folder = "";
    for (Map.Entry<String, Path> each : files.entrySet()) {
      if (!each.getKey().startsWith(prefix) || rows.size() == MOST) {
        break;
      }
      String name = each.getKey().substring(prefix.length());
      int slash = name.indexOf('/');
      if (slash < 0) {
        row(name, each.getValue()).ifPresent(rows::add);
      } else if (!name.substring(0, slash).equals(folder)) {
        folder = name.substring(0, slash);
        rows.add(ListingView.Row.folder(folder, Optional.empty()));
      }
    }
    return rows;
  }

  /** Nothing for what is hidden, is neither file nor folder, or went away meanwhile. */
  private static Optional<ListingView.Row> row(String name, Path file) {
    if (name.startsWith(".")) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      Instant date = found.lastModifiedTime().toInstant();
      if (found.isDirectory()) {
        return Optional.of(ListingView.Row.folder(name, Optional.of(date)));
      }
      return found.isRegularFile()
          ? Optional.of(ListingView.Row.file(name, found.size(), date))
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }
}
