package org.slipway.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotId;
import org.slipway.schedule.Job;

/**
 * Repositories as pkg clients fetch them: which file an address below {@code /repo/JOB} means. A
 * channel is looked up once per request. Catalogue files carry the moment of the publication as
 * their date, since a client asks for nothing more once that has not moved; packages carry their
 * own.
 */
final class RepositoryFiles {
  /**
   * So many moves back, a package is still given to a client that holds the catalogue of that time.
   */
  private static final int EARLIER = 8;

  private static final Answer NO_FILE = Answer.missing("The repository has no such file.");

  Answer answer(Job job, List<String> path, Look look) throws IOException {
    Publisher publisher = look.site().publishers().get(job.name());
    String first = path.get(0);
    if (path.equals(List.of("fingerprints", "trusted", job.publish().sign()))) {
      return text(ClientSetup.trusted(job, look.site().keys()));
    }
    if (path.size() == 1 && first.equals(job.publish().sign() + ".pub")) {
      return text(ClientSetup.publicKey(job, look.site().keys()));
    }
    if (publisher == null) {
      return Answer.missing("This job has no repository.");
    }
    if (path.size() == 1 && first.endsWith(".conf")) {
      return configuration(job, first.substring(0, first.length() - 5), publisher, look);
    }
    Optional<ChannelName> channel = Routes.parse(first, ChannelName::new);
    if (channel.isEmpty()) {
      return NO_FILE;
    }
    if (path.size() == 1) {
      return new Answer.Elsewhere("/jobs/" + job.name() + "/channels/" + channel.get());
    }
    return file(publisher, channel.get(), path.subList(1, path.size()));
  }

  private static Answer text(Optional<String> text) {
    return text.<Answer>map(found -> new Answer.Text("text/plain; charset=utf-8", found))
        .orElse(NO_FILE);
  }

  private static Answer configuration(Job job, String name, Publisher publisher, Look look)
      throws IOException {
    Optional<ChannelName> channel = Routes.parse(name, ChannelName::new);
    boolean known = channel.isPresent()
        && (channel.get().equals(job.publish().channel())
            || publisher.channels().contains(channel.get()));
    return known
        ? text(Optional.of(ClientSetup.of(job, channel.get(), look).configuration()))
        : NO_FILE;
  }

  private static Answer file(Publisher publisher, ChannelName channel, List<String> path)
      throws IOException {
    Optional<Publication> current = publisher.current(channel);
    if (current.isEmpty()) {
      return Answer.missing("Nothing has been published to this channel yet.");
    }
    Path folder = publisher.directory(current.get().snapshot());
    Optional<Path> file = below(folder, path);
    if (file.isPresent()) {
      boolean catalogue = path.size() == 1;
      Instant date =
          catalogue ? current.get().at() : Files.getLastModifiedTime(file.get()).toInstant();
      return new Answer.Download(file.get(), date.truncatedTo(ChronoUnit.SECONDS));
    }
    return path.size() > 1 ? earlier(publisher, channel, current.get(), path) : NO_FILE;
  }

  /** The channel may have moved between a client's catalogue and its packages. */
  private static Answer earlier(
      Publisher publisher, ChannelName channel, Publication current, List<String> path)
      throws IOException {
    List<SnapshotId> before = publisher.history(channel).stream()
        .map(Publication::snapshot)
        .filter(each -> !each.equals(current.snapshot()))
        .distinct()
        .limit(EARLIER)
        .toList();
    for (SnapshotId each : before) {
      Optional<Path> file = below(publisher.directory(each), path);
      if (file.isPresent()) {
        return new Answer.Download(
            file.get(),
            Files.getLastModifiedTime(file.get()).toInstant().truncatedTo(ChronoUnit.SECONDS));
      }
    }
    return NO_FILE;
  }

  /** A real file below the folder, and nothing that a link leads to outside it. */
  static Optional<Path> below(Path folder, List<String> path) throws IOException {
    for (String part : path) {
      if (part.startsWith(".") || part.indexOf('/') >= 0 || part.indexOf('\0') >= 0) {
        return Optional.empty();
      }
    }
    try {
      Path top = folder.toRealPath();
      Path file = top.resolve(String.join("/", path));
      // This asks without a fault for names that are too long, or that go on below a file.
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      Path real = file.toRealPath();
      return real.startsWith(top) ? Optional.of(real) : Optional.empty();
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }
}
