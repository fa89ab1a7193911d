package org.slipway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.publish.ChannelEvent;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Comparison;
import org.slipway.publish.Export;
import org.slipway.publish.Hold;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.publish.Source;

/**
 * Channels for programs: one JSON value a run. Moments are ISO 8601 in UTC, sizes in bytes; what is
 * not known is left out.
 */
final class ChannelJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChannelJson() {}

  static void list(Map<String, Publisher> jobs, PrintStream out) throws IOException {
    ArrayNode all = JSON.createArrayNode();
    for (Map.Entry<String, Publisher> job : jobs.entrySet()) {
      for (ChannelName channel : job.getValue().channels()) {
        Optional<Publication> current = job.getValue().current(channel);
        if (current.isPresent()) {
          ObjectNode node = all.addObject();
          node.put("job", job.getKey());
          node.setAll(event(current.get()));
          job.getValue().before(channel).ifPresent(before -> node.put("before", before.hex()));
          job.getValue().held(channel).ifPresent(hold -> node.set("hold", event(hold)));
        }
      }
    }
    print(all.toPrettyString(), out);
  }

  static void history(List<ChannelEvent> events, int limit, PrintStream out) {
    ArrayNode all = JSON.createArrayNode();
    events.stream()
        .limit(limit == 0 ? Integer.MAX_VALUE : limit)
        .forEach(each -> all.add(event(each)));
    print(all.toPrettyString(), out);
  }

  static void event(ChannelEvent event, PrintStream out) {
    print(event(event).toPrettyString(), out);
  }

  private static ObjectNode event(ChannelEvent event) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("channel", event.channel().name());
    node.put("at", event.at().toString());
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
    if (!event.who().isEmpty()) {
      node.put("who", event.who());
    }
    if (!event.why().isEmpty()) {
      node.put("why", event.why());
    }
    return node;
  }

  static void comparison(Comparison comparison, PrintStream out) {
    ObjectNode node = JSON.createObjectNode();
    node.set("from", side(comparison.from()));
    node.set("to", side(comparison.to()));
    node.put("same", comparison.same());
    ArrayNode differences = node.putArray("differences");
    for (Comparison.Difference each : comparison.differences()) {
      ObjectNode one = differences.addObject();
      one.put("kind", ChannelText.word(each.kind()));
      one.put("name", each.name());
      one.put("origin", each.origin().toString());
      each.from().ifPresent(from -> one.put("from", from));
      each.to().ifPresent(to -> one.put("to", to));
      one.put("bytes", each.bytes());
    }
    print(node.toPrettyString(), out);
  }

  static void export(Export.Result result, PrintStream out) {
    ObjectNode node = JSON.createObjectNode();
    node.put("snapshot", result.snapshot().hex());
    node.put("at", result.at().toString());
    node.put("written", result.written());
    node.put("copied-bytes", result.copiedBytes());
    node.put("same", result.same());
    node.put("leaving", result.leaving());
    node.put("removed", result.removed());
    print(node.toPrettyString(), out);
  }

  private static ObjectNode side(Comparison.Side side) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("snapshot", side.snapshot().hex());
    node.put("packages", side.packages());
    node.put("bytes", side.bytes());
    return node;
  }

  private static void print(String text, PrintStream out) {
    out.println(text);
    out.flush();
  }
}
