package org.slipway.publish;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slipway.repository.SnapshotId;

/**
 * A channel's two files: the symbolic link {@code channels/NAME} and {@code NAME.history}. Reading
 * is safe for several threads while another, or another process, writes; writing is for who has
 * the job's {@link MoveLock}.
 */
final class ChannelFiles {
  /** How the link is called before its rename. */
  static final String UNFINISHED = ".new-";

  private static final String HISTORY = ".history";

  private final Path folder;
  private final ChannelName channel;
  private final Path link;
  private final HistoryFile seen;
  private final HistoryFile written;
  private @Nullable ChannelState state;

  ChannelFiles(Path folder, ChannelName channel) {
    this.folder = folder;
    this.channel = channel;
    this.link = folder.resolve(channel.name());
    Path history = folder.resolve(channel + HISTORY);
    this.seen = new HistoryFile(history, channel);
    this.written = new HistoryFile(history, channel);
  }

  /** The channel at one moment between the beginning and the end of this call. */
  synchronized ChannelState read() throws IOException {
    while (true) {
      Optional<SnapshotId> target = target();
      List<ChannelEvent> events = seen.read();
      ChannelState known = state;
      if (known != null && known.events() == events && known.target().equals(target)) {
        return known;
      }
      // A move between the two readings would give a link and a history that never were together.
      if (target.equals(target())) {
        if (target.isPresent() && events.isEmpty()) {
          throw new IOException("channel " + channel + " has no history; put back " + seen.path());
        }
        ChannelState now = ChannelState.of(channel, target, events);
        state = now;
        return now;
      }
    }
  }

  private Optional<SnapshotId> target() throws IOException {
    try {
      Path target = Files.readSymbolicLink(link);
      try {
        return Optional.of(new SnapshotId(String.valueOf(target.getFileName())));
      } catch (IllegalArgumentException e) {
        throw new IOException(link + " points to " + target + ", which is no snapshot", e);
      }
    } catch (NoSuchFileException | NotLinkException e) {
      return Optional.empty();
    }
  }

  /** Adds to the history alone. */
  void append(ChannelEvent event) throws IOException {
    written.append(event);
  }

  /**
   * Moves, on the disk when this returns. First the history, then the link: where a kill comes
   * between them, the line counts for nothing but that later moves are later than it.
   */
  void move(Publication move) throws IOException {
    written.append(move);
    Path temporary = folder.resolve(UNFINISHED + channel + "-" + UUID.randomUUID());
    Files.createSymbolicLink(
        temporary, Path.of("..", "snapshots", move.snapshot().hex()));
    try {
      Files.move(
          temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
