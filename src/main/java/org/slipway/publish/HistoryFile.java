package org.slipway.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.repository.SnapshotId;

/**
 * A channel's moves, holds and releases, one JSON object a line, only ever appended to: {@code at}
 * in seconds since 1970, {@code kind} (publish, promote, rollback, hold, release), {@code snapshot}
 * and {@code previous} of a move, {@code build} or {@code from} where it came from, {@code who},
 * {@code why}. A line without {@code kind} is a publish. A last line that a kill cut short does not
 * count.
 *
 * <p>Readers in other threads and processes need no lock: what they have read never changes, so
 * only what came after it is read again. Not safe for several threads.
 */
final class HistoryFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A history that a careless hand replaced by something else must not fill the memory. */
  private static final long LARGEST_BYTES = 1L << 28;

  private final Path path;
  private final ChannelName channel;

  /** What was read so far, replaced by a longer list when there is more. */
  private List<ChannelEvent> events = List.of();

  /** How many bytes of whole lines that was. */
  private long readBytes;

  HistoryFile(Path path, ChannelName channel) {
    this.path = path;
    this.channel = channel;
  }

  Path path() {
    return path;
  }

  /**
   * Every line, oldest first, moves that were only begun among them; the same list again where
   * there is nothing new.
   */
  List<ChannelEvent> read() throws IOException {
    if (Files.notExists(path)) {
      forget();
      return events;
    }
    // Not a channel: an interrupt of one reader must not end another's reading.
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long size = file.length();
      if (size < readBytes) {
        // Somebody put back an older one.
        forget();
      }
      if (size > LARGEST_BYTES) {
        throw new IOException(path + " has " + size + " bytes and is no channel's history");
      }
      if (size > readBytes) {
        byte[] bytes = new byte[(int) (size - readBytes)];
        file.seek(readBytes);
        // Shorter where an unfinished line is being written over.
        take(bytes, Math.max(0, file.read(bytes)));
      }
    }
    return events;
  }

  private void forget() {
    events = List.of();
    readBytes = 0;
  }

  private void take(byte[] bytes, int length) throws IOException {
    List<ChannelEvent> more = new ArrayList<>(events);
    int start = 0;
    for (int at = 0; at < length; at++) {
      if (bytes[at] == '\n') {
        if (at > start) {
          more.add(event(new String(bytes, start, at - start, StandardCharsets.UTF_8)));
        }
        start = at + 1;
      }
    }
    if (start > 0) {
      events = List.copyOf(more);
      readBytes += start;
    }
  }

  /** Adds a line, on the disk when this returns; over what a kill left of an unfinished one. */
  void append(ChannelEvent event) throws IOException {
    read();
    byte[] line = (JSON.writeValueAsString(json(event)) + "\n").getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(readBytes);
      file.seek(readBytes);
      file.write(line);
      file.getFD().sync();
    }
  }

  private static ObjectNode json(ChannelEvent event) {
    ObjectNode node = JSON.createObjectNode();
    node.put("at", event.at().getEpochSecond());
    if (event instanceof Publication move) {
      node.put("snapshot", move.snapshot().hex());
      move.previous().ifPresent(previous -> node.put("previous", previous.hex()));
      if (move.source() instanceof Source.Promotion promotion) {
        node.put("kind", "promote").put("from", promotion.from().name());
      } else if (move.source() instanceof Source.Build build) {
        node.put("kind", "publish");
        build.build().ifPresent(number -> node.put("build", number));
      } else {
        node.put("kind", "rollback");
      }
    } else {
      node.put("kind", event instanceof Hold ? "hold" : "release");
    }
    node.put("who", event.who());
    if (!event.why().isEmpty()) {
      node.put("why", event.why());
    }
    return node;
  }

  private ChannelEvent event(String line) throws IOException {
    try {
      JsonNode node = JSON.readTree(line);
      Instant at = Instant.ofEpochSecond(node.path("at").asLong());
      String who = node.path("who").asText();
      String why = node.path("why").asText();
      String kind = node.path("kind").asText("publish");
      return switch (kind) {
        case "hold" -> new Hold(channel, at, who, why);
        case "release" -> new Release(channel, at, who, why);
        default ->
          new Publication(
              channel,
              new SnapshotId(node.path("snapshot").asText()),
              Optional.ofNullable(node.get("previous")).map(id -> new SnapshotId(id.asText())),
              at,
              source(kind, node),
              who,
              why);
      };
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(path + " is damaged at: " + line, e);
    }
  }

  private static Source source(String kind, JsonNode node) {
    return switch (kind) {
      case "publish" ->
        new Source.Build(
            node.path("build").isIntegralNumber()
                ? OptionalLong.of(node.path("build").asLong())
                : OptionalLong.empty());
      case "promote" -> new Source.Promotion(new ChannelName(node.path("from").asText()));
      case "rollback" -> new Source.Rollback();
      default -> throw new IllegalArgumentException("no kind of move is called " + kind);
    };
  }
}
