package org.slipway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.DependencyKind;
import org.slipway.graph.Cycle;
import org.slipway.graph.PortGraph;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;

/**
 * A lineage for programs: one JSON object on one line, ASCII only, whole whatever depth a person
 * asked for. A port in a list of words is {@code category/port} or {@code category/port@flavor};
 * all lists are sorted.
 *
 * <pre>
 * origin         the port's, as a string
 * flavor         a string, null where the port has none
 * pkgname        NAME-VERSION, null where the port gave no answers
 * state          "ok", "ignored", "unevaluable", or "missing": needed, but not in the tree
 * reason         why, in the tree's or make's words; null for "ok" and "missing"
 * needs          direct dependencies: objects with origin, flavor, kinds, state and reason
 * needed_by      the ports that have this one as such, alike; kinds is what they need it for
 * all_needs      words: what it needs, directly or not, itself left out
 * all_needed_by  words: what needs it, directly or not, itself left out
 * cycles         the cycle that the port is in, then those that it needs: objects with members,
 *                words, and path, words: a shortest way round, each needs the next, the last
 *                needs the first
 * </pre>
 *
 * <p>{@code kinds} are the framework's variables in lower case without {@code _DEPENDS}, such as
 * {@code ["build","lib"]}, in the order pkg, fetch, extract, patch, build, lib, run.
 */
final class LineageJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Lineage lineage;
  private final JsonGenerator json;

  private LineageJson(Lineage lineage, JsonGenerator json) {
    this.lineage = lineage;
    this.json = json;
  }

  static void write(Lineage lineage, Appendable out) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      new LineageJson(lineage, json).all();
    }
    out.append(text.getBuffer()).append('\n');
  }

  private void all() throws IOException {
    OriginSpec root = lineage.root();
    PortGraph graph = lineage.graph();
    json.writeStartObject();
    name(root);
    string("pkgname", lineage.name(root).map(Object::toString));
    state(root);
    json.writeArrayFieldStart("needs");
    for (OriginSpec need : graph.needs(root)) {
      neighbour(need, graph.kinds(root, need));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("needed_by");
    for (OriginSpec needing : graph.neededBy(root)) {
      neighbour(needing, graph.kinds(needing, root));
    }
    json.writeEndArray();
    words("all_needs", others(graph.dependencies(root)));
    words("all_needed_by", others(graph.dependents(root)));
    json.writeArrayFieldStart("cycles");
    for (Cycle cycle : lineage.cycles()) {
      json.writeStartObject();
      words("members", cycle.members());
      words("path", cycle.path());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void neighbour(OriginSpec spec, Set<DependencyKind> kinds) throws IOException {
    json.writeStartObject();
    name(spec);
    words("kinds", kinds.stream().map(LineageTree::word).toList());
    state(spec);
    json.writeEndObject();
  }

  private void name(OriginSpec spec) throws IOException {
    json.writeStringField("origin", spec.origin().toString());
    string("flavor", spec.flavor().map(Flavor::name));
  }

  private void state(OriginSpec spec) throws IOException {
    Optional<LineageTrouble> trouble = lineage.trouble(spec);
    json.writeStringField("state", trouble.map(found -> found.state().word()).orElse("ok"));
    string("reason", trouble.map(LineageTrouble::reason).filter(reason -> !reason.isEmpty()));
  }

  private Collection<OriginSpec> others(Set<OriginSpec> specs) {
    return specs.stream().filter(spec -> !spec.equals(lineage.root())).toList();
  }

  private void words(String key, Collection<?> words) throws IOException {
    json.writeArrayFieldStart(key);
    for (Object word : words) {
      json.writeString(word.toString());
    }
    json.writeEndArray();
  }

  private void string(String key, Optional<String> value) throws IOException {
    if (value.isPresent()) {
      json.writeStringField(key, value.get());
    } else {
      json.writeNullField(key);
    }
  }
}
