package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotFiles;
import org.slipway.repository.SnapshotId;
import org.slipway.schedule.Job;
import org.slipway.store.JobName;

/**
 * Repositories as pkg clients fetch them: which file an address below {@code /repo/JOB} means. A channel is looked up once
 * per request. What the catalogue consists of carries the moment of the publication as its date, since a client asks for
 * nothing more once that has not moved; packages carry their own.
 */
final class RepositoryFiles {
  static final Answer NO_FILE = new Answer.Bare(404, "The repository has no such file.");

  private static final Answer NO_JOB = new Answer.Bare(404, "There is no job of this name.");

  /** A package's address that says its sum (pkg-repo(8), --hash). */
  private static final Pattern HASHED = Pattern.compile(".+~[0-9a-f]{10,64}\\.[a-z]{3,4}");

  private record Where(JobName job, ChannelName channel) {}

  private final Listings listings = new Listings();

  /** Where channels stood when they were last asked for; there are no more than channels. */
  private final Map<Where, Standing> standings = new ConcurrentHashMap<>();

  Answer answer(Asked asked, Look look) throws IOException {
    List<String> path = asked.path().subList(1, asked.path().size());
    if (path.isEmpty()) {
      return asked.folder() ? listings.jobs(asked, look) : asked.withSlash();
    }
    Optional<Job> job = Routes.parse(path.get(0), JobName::new).flatMap(look::job);
    if (job.isEmpty()) {
      return NO_JOB;
    }
    Optional<Publisher> publisher =
        Optional.ofNullable(look.site().publishers().get(job.get().name()));
    if (path.size() == 1) {
      return asked.folder() ? listings.job(job.get(), publisher, asked, look) : asked.withSlash();
    }
    return answer(job.get(), publisher, path.subList(1, path.size()), asked, look);
  }

  private Answer answer(
      Job job, Optional<Publisher> publisher, List<String> path, Asked asked, Look look)
      throws IOException {
    String first = path.get(0);
    for (Job.Key key : job.publish().sign().keys()) {
      if (path.equals(List.of("fingerprints", "trusted", key.name()))) {
        return text(ClientSetup.trusted(key, look.site().keys()));
      }
      if (path.size() == 1 && first.equals(key.name() + ".pub")) {
        return publicKey(ClientSetup.publicKey(key, look.site().keys()));
      }
    }
    if (publisher.isEmpty()) {
      return new Answer.Bare(404, "This job has no repository.");
    }
    if (path.size() == 1 && first.endsWith(".conf")) {
      return configuration(job, first.substring(0, first.length() - 5), publisher.get(), look);
    }
    if (first.equals("snapshots") && path.size() > 1) {
      return snapshot(job, publisher.get(), path, asked);
    }
    Optional<ChannelName> channel = Routes.parse(first, ChannelName::new);
    if (channel.isEmpty()) {
      return NO_FILE;
    }
    Optional<Standing> standing = standing(job, publisher.get(), channel.get());
    if (standing.isPresent()) {
      return channel(job, standing.get(), path.subList(1, path.size()), asked);
    }
    return first.equals("snapshots") && asked.folder()
        ? listings.snapshots(job, publisher.get(), asked)
        : new Answer.Bare(404, "Nothing has been published to this channel yet.");
  }

  /** PEM for RSA and DER for ECDSA, as pkg reads them. */
  private static Answer publicKey(Optional<ByteBuffer> key) {
    return key.<Answer>map(bytes -> {
          String text = StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
          return text.startsWith("-----")
              ? new Answer.Text("text/plain; charset=utf-8", text)
              : new Answer.Octets(bytes);
        })
        .orElse(NO_FILE);
  }

  private Optional<Standing> standing(Job job, Publisher publisher, ChannelName channel)
      throws IOException {
    Where where = new Where(job.name(), channel);
    Standing known = standings.get(where);
    if (known != null && known.holds()) {
      return Optional.of(known);
    }
    Optional<Standing> now = Standing.of(publisher, channel);
    now.ifPresentOrElse(each -> standings.put(where, each), () -> standings.remove(where));
    return now;
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

  /** What a snapshot holds never changes, so that whoever has asked once need not ask again. */
  private Answer snapshot(Job job, Publisher publisher, List<String> path, Asked asked)
      throws IOException {
    Optional<SnapshotId> id = Routes.parse(path.get(1), SnapshotId::new);
    if (id.isEmpty()) {
      return NO_FILE;
    }
    Path folder = publisher.directory(id.get());
    List<String> rest = path.subList(2, path.size());
    Optional<Path> file = below(folder, rest);
    if (file.isPresent() && !asked.folder()) {
      return download(file.get(), ServedFile.Terms.IMMUTABLE, Optional.empty());
    }
    return listed(job, folder, rest, asked);
  }

  private Answer channel(Job job, Standing standing, List<String> path, Asked asked)
      throws IOException {
    Optional<Path> file = below(standing.folder(), path);
    ServedFile.Terms terms = terms(path);
    if (file.isPresent() && !asked.folder()) {
      return download(file.get(), terms, Optional.of(standing));
    }
    if (terms != ServedFile.Terms.DATED) {
      // The channel may have moved between a client's catalogue and its packages.
      for (Path before : standing.earlier()) {
        Optional<Path> found = below(before, path);
        if (found.isPresent() && !asked.folder()) {
          return download(found.get(), terms, Optional.of(standing));
        }
      }
    }
    return listed(job, standing.folder(), path, asked);
  }

  private static ServedFile.Terms terms(List<String> path) {
    if (path.size() < 2 || !path.get(0).equals("All")) {
      return ServedFile.Terms.DATED;
    }
    return path.size() == 3
            && path.get(1).equals("Hashed")
            && HASHED.matcher(path.get(2)).matches()
        ? ServedFile.Terms.IMMUTABLE
        : ServedFile.Terms.NAMED;
  }

  private static Answer download(Path file, ServedFile.Terms terms, Optional<Standing> standing)
      throws IOException {
    try {
      return new Answer.Download(
          ServedFile.read(file, terms, standing.map(Standing::since).orElse(Instant.EPOCH)),
          standing);
    } catch (NoSuchFileException removed) {
      return NO_FILE;
    }
  }

  private Answer listed(Job job, Path snapshot, List<String> path, Asked asked) throws IOException {
    Optional<Path> folder = folder(snapshot, path);
    if (folder.isEmpty()) {
      return NO_FILE;
    }
    return asked.folder()
        ? listings.folder(job, snapshot, path, folder.get(), asked)
        : asked.withSlash();
  }

  /** A real file below the folder, and nothing that a link leads to outside it. */
  static Optional<Path> below(Path folder, List<String> path) throws IOException {
    // This asks without a fault for names that are too long, or that go on below a file.
    return real(folder, path).filter(Files::isRegularFile);
  }

  /** A real folder within the folder, which may be itself. */
  static Optional<Path> folder(Path folder, List<String> path) throws IOException {
    return real(folder, path).filter(Files::isDirectory);
  }

  private static Optional<Path> real(Path folder, List<String> path) throws IOException {
    for (String part : path) {
      if (part.startsWith(".") || part.indexOf('/') >= 0 || part.indexOf('\0') >= 0) {
        return Optional.empty();
      }
    }
    try {
      return SnapshotFiles.find(folder, path);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (FileSystemException unusable) {
      // The name is too long, or goes on below a file, or links lead in a circle: there is no such
      // file. Where it is the
      // folder itself that cannot be read, the farm is to blame.
      if (Files.isReadable(folder)) {
        return Optional.empty();
      }
      throw unusable;
    }
  }
}
