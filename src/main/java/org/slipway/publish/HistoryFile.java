package org.slipway.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.repository.SnapshotId;

/**
 * A channel's moves, one JSON object a line ({@code at} in seconds since 1970, {@code snapshot},
 * {@code previous}), only ever appended to. A last line that a kill cut short does not count.
 */
record HistoryFile(Path path, ChannelName channel) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Every move that was begun, oldest first. */
  List<Publication> read() throws IOException {
    List<Publication> moves = new ArrayList<>();
    for (String line : wholeLines().split("\n", -1)) {
      if (!line.isEmpty()) {
        moves.add(move(line));
      }
    }
    return moves;
  }

  /** Adds a move, on the disk when this returns. */
  void append(Publication move) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("at", move.at().getEpochSecond());
    node.put("snapshot", move.snapshot().hex());
    move.previous().ifPresent(previous -> node.put("previous", previous.hex()));
    byte[] line = (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Over what a kill left of an unfinished line.
      file.truncate(wholeLines().getBytes(StandardCharsets.UTF_8).length);
      file.position(file.size());
      ByteBuffer buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      file.force(true);
    }
  }

  /**
   * The moves that took place: a kill can come between a move's line and the move itself, and then
   * the next line, or the channel, still stands where the one before left it.
   *
   * @param now where the channel points
   */
  static List<Publication> effective(List<Publication> moves, SnapshotId now) {
    List<Publication> effective = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      Optional<SnapshotId> after =
          i + 1 < moves.size() ? moves.get(i + 1).previous() : Optional.of(now);
      if (after.equals(Optional.of(moves.get(i).snapshot()))) {
        effective.add(moves.get(i));
      }
    }
    return effective;
  }

  private String wholeLines() throws IOException {
    if (!Files.exists(path)) {
      return "";
    }
    String text = Files.readString(path);
    return text.substring(0, text.lastIndexOf('\n') + 1);
  }

  private Publication move(String line) throws IOException {
    try {
      JsonNode node = JSON.readTree(line);
      return new Publication(
          channel,
          new SnapshotId(node.path("snapshot").asText()),
          Optional.ofNullable(node.get("previous")).map(id -> new SnapshotId(id.asText())),
          Instant.ofEpochSecond(node.path("at").asLong()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException(path + " is damaged at: " + line, e);
    }
  }
}
