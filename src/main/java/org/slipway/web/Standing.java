package org.slipway.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotId;

/**
 * Where a channel stands: its snapshot, since when, and those before it. Every move of a channel makes its link anew, by
 * this process or another, so looking at the link tells whether the channel still stands there.
 */
final class Standing {
  /**
   * So many snapshots back, a package is still given to a client that holds the catalogue of that time, as far as they
   * have not been removed.
   */
  private static final int EARLIER = 64;

  /** A channel that moves more often than this while its history is read is not being used. */
  private static final int TRIES = 200;

  private record Mark(@Nullable Object file, FileTime made) {}

  private final Path link;
  private final Mark mark;
  private final Publication publication;
  private final Path folder;
  private final List<Path> earlier;

  private Standing(Path link, Mark mark, Publication publication, Path folder, List<Path> earlier) {
    this.link = link;
    this.mark = mark;
    this.publication = publication;
    this.folder = folder;
    this.earlier = List.copyOf(earlier);
  }

  /** Empty where the channel has never been published. */
  static Optional<Standing> of(Publisher publisher, ChannelName channel) throws IOException {
    Path link = link(publisher, channel);
    for (int i = 0; i < TRIES; i++) {
      Optional<Mark> before = mark(link);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      // Only moves that took place: one that another process has begun must not date the old files,
      // or whoever fetches
      // them with its date would never ask for the new ones.
      List<Publication> moves = publisher.history(channel);
      Optional<Publication> now =
          moves.isEmpty() ? publisher.current(channel) : Optional.of(moves.get(0));
      if (now.isPresent() && before.equals(mark(link))) {
        return Optional.of(new Standing(
            link,
            before.get(),
            now.get(),
            publisher.directory(now.get().snapshot()),
            earlier(publisher, moves, now.get().snapshot())));
      }
    }
    throw new IOException("channel " + channel + " does not stand still");
  }

  private static List<Path> earlier(
      Publisher publisher, List<Publication> moves, SnapshotId current) {
    return moves.stream()
        .map(Publication::snapshot)
        .filter(each -> !each.equals(current))
        .distinct()
        .limit(EARLIER)
        .map(publisher::directory)
        .toList();
  }

  /** HOME/repos/JOB/channels/NAME, beside HOME/repos/JOB/snapshots. */
  private static Path link(Publisher publisher, ChannelName channel) {
    Path snapshots = publisher.directory(new SnapshotId("0".repeat(16))).resolveSibling("");
    return snapshots.resolveSibling("channels").resolve(channel.name());
  }

  private static Optional<Mark> mark(Path link) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(link, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isSymbolicLink()
          ? Optional.of(new Mark(found.fileKey(), found.lastModifiedTime()))
          : Optional.empty();
    } catch (NoSuchFileException never) {
      return Optional.empty();
    }
  }

  /** Whether the channel has not moved since. */
  boolean holds() throws IOException {
    return mark(link).filter(mark::equals).isPresent();
  }

  /** Later with each move, whole seconds. */
  Instant since() {
    return publication.at();
  }

  SnapshotId snapshot() {
    return publication.snapshot();
  }

  /** The snapshot's folder. */
  Path folder() {
    return folder;
  }

  /** Folders of the channel's snapshots before, newest first; any of them may have been removed. */
  List<Path> earlier() {
    return earlier;
  }

  @Override
  public String toString() {
    return Objects.toString(link.getFileName()) + " at " + publication.snapshot();
  }
}
