package org.slipway.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;
import org.slipway.sign.Signing;

/**
 * A snapshot's {@code snapshot.json}: one object on one line, ASCII.
 *
 * <pre>
 * format       1
 * id           the snapshot's name
 * packages     how many
 * data         SHA-256 of the data member, which is what the catalogue's signatures cover
 * layout       "flat" or "hashed"
 * form         "fingerprints", "pubkey" or "unsigned", and keys: their fingerprints
 * overlays     what lay over the commit, first wins, each with name and commit
 * job, commit, target, osversion, options, build, plan, builders: see {@link Provenance}; a key
 *              whose value is not known is not there
 * </pre>
 */
record SnapshotRecord(int packages, Digest data, Provenance provenance) {
  static final String FILE = "snapshot.json";
  private static final ObjectMapper JSON = new ObjectMapper()
      .configure(
          com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), true);
  private static final long MAX_BYTES = 1 << 20;

  byte[] json(SnapshotId id, Layout layout, Signing signing) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", 1);
    node.put("id", id.hex());
    node.put("packages", packages);
    node.put("data", data.hex());
    node.put("layout", layout == Layout.FLAT ? "flat" : "hashed");
    node.put("form", form(signing));
    signing.fingerprints().forEach(each -> node.withArray("keys").add(each.hex()));
    provenance.job().ifPresent(job -> node.put("job", job));
    provenance.commit().ifPresent(commit -> node.put("commit", commit));
    for (Provenance.Overlay each : provenance.overlays()) {
      node.withArray("overlays").addObject().put("name", each.name()).put("commit", each.commit());
    }
    provenance.target().ifPresent(target -> node.put("target", target));
    provenance.osVersion().ifPresent(version -> node.put("osversion", version));
    provenance.options().ifPresent(options -> node.put("options", options.hex()));
    provenance.build().ifPresent(build -> node.put("build", build));
    provenance.plan().ifPresent(plan -> node.put("plan", plan));
    if (!provenance.builders().isEmpty()) {
      ObjectNode builders = node.putObject("builders");
      provenance.builders().forEach(builders::put);
    }
    return (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** With the keys' fingerprints what makes two repositories of the same packages differ. */
  static String keys(Signing signing) {
    return signing.form() + " "
        + signing.fingerprints().stream().map(Digest::hex).collect(Collectors.joining(" "));
  }

  private static String form(Signing signing) {
    return switch (signing.form()) {
      case FINGERPRINTS -> "fingerprints";
      case PUBKEY -> "pubkey";
      case UNSIGNED -> "unsigned";
    };
  }

  /** Empty for a snapshot of a Slipway that wrote none. */
  static Optional<SnapshotRecord> read(Path snapshot) throws IOException {
    Path file = snapshot.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new RepositoryException(file + " is damaged: it has more than 1 MiB");
    }
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      SortedMap<String, String> builders = new TreeMap<>();
      node.path("builders")
          .properties()
          .forEach(each -> builders.put(each.getKey(), each.getValue().asText()));
      JsonNode version = node.path("osversion");
      JsonNode build = node.path("build");
      Provenance provenance = new Provenance(
          text(node, "job"),
          text(node, "commit"),
          text(node, "target"),
          version.isInt() ? OptionalInt.of(version.intValue()) : OptionalInt.empty(),
          text(node, "options").map(Digest::new),
          build.isIntegralNumber() ? OptionalLong.of(build.longValue()) : OptionalLong.empty(),
          text(node, "plan"),
          builders,
          overlays(node));
      return Optional.of(new SnapshotRecord(
          node.path("packages").intValue(), new Digest(node.path("data").asText()), provenance));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new RepositoryException(file + " is damaged: " + e.getMessage());
    }
  }

  private static List<Provenance.Overlay> overlays(JsonNode node) {
    List<Provenance.Overlay> overlays = new ArrayList<>();
    for (JsonNode each : node.path("overlays")) {
      overlays.add(
          new Provenance.Overlay(each.path("name").asText(), each.path("commit").asText()));
    }
    return overlays;
  }

  private static Optional<String> text(JsonNode node, String key) {
    @Nullable JsonNode value = node.get(key);
    return Optional.ofNullable(value).filter(JsonNode::isTextual).map(JsonNode::asText);
  }
}
