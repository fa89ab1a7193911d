package org.slipway.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slipway.packages.Digest;

/**
 * Holds {@code snapshot.json}, where there is one, against what it speaks of: its signature as a
 * client's trust has it, and of what it says all that the catalogue shows: number and layout of the
 * packages, the text's digest, who signed, and for which system. From what commit and by whom it was
 * made is only looked at for its form.
 */
final class SnapshotCheck {
  private static final int MAX_BYTES = 1 << 20;
  private static final int KNOWN_FORMAT = 1;
  private static final ObjectMapper JSON = JsonMapper.builder(ManifestFacts.plain()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private final RepositoryFiles files;
  private final SignatureCheck signatures;
  private final PackageCheck.Finder finder;

  SnapshotCheck(RepositoryFiles files, SignatureCheck signatures, PackageCheck.Finder finder) {
    this.files = files;
    this.signatures = signatures;
    this.finder = finder;
  }

  /**
   * Reads and checks it.
   *
   * @param data the archive that the snapshot's {@code data} is of
   */
  void check(RepositoryVerifier.Archive data, Collection<ListedEntry> entries) throws IOException {
    Optional<InputStream> found = files.open(SnapshotRecord.FILE);
    if (found.isEmpty()) {
      return;
    }
    byte[] bytes;
    try (InputStream in = found.get()) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      find("has more than 1 MiB");
      return;
    }
    CatalogueArchive.Digests digests = new CatalogueArchive.Digests(signatures.wantsBlake2());
    digests.write(bytes, 0, bytes.length);
    signatures
        .fault(digests, SignatureCheck.detached(files, SnapshotRecord.FILE))
        .ifPresent(this::find);
    JsonNode node;
    try {
      node = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      find("is no JSON: " + e.getOriginalMessage());
      return;
    }
    if (!node.isObject()) {
      find("is no JSON object");
    } else if (!node.path("format").isInt() || node.path("format").intValue() != KNOWN_FORMAT) {
      find("has no format that is known here, which is " + KNOWN_FORMAT);
    } else {
      statements(node, data, entries);
    }
  }

  private void statements(
      JsonNode node, RepositoryVerifier.Archive data, Collection<ListedEntry> entries) {
    identity(node);
    if (!node.path("packages").isInt() || node.path("packages").intValue() != entries.size()) {
      find("says that there are " + shown(node.path("packages")) + " packages where the catalogue"
          + " lists " + entries.size());
    }
    if (data.text().isPresent()
        && !node.path("data").asText().equals(data.text().get().hex())) {
      find("is of another catalogue: it says another SHA-256 of the text data");
    }
    layout(node.path("layout").asText(), entries);
    signers(node, data);
    systems(node, entries);
    for (String key : List.of("job", "plan")) {
      requireForm(node, key, ".{1,1000}");
    }
    requireForm(node, "commit", "[0-9a-f]{40}|[0-9a-f]{64}");
    requireForm(node, "options", "[0-9a-f]{64}");
    if (node.has("builders")
        && !(node.get("builders").isObject()
            && node.get("builders").properties().stream()
                .allMatch(each -> each.getValue().isTextual()))) {
      find("has builders that are no names with versions");
    }
  }

  /** A snapshot's folder is called as it is; a channel's or an export's is called otherwise. */
  private void identity(JsonNode node) {
    String id = node.path("id").asText();
    String folder = files.name().replaceFirst("/+$", "").replaceFirst(".*/", "");
    if (!id.matches("[0-9a-f]{16}")) {
      find("has no id of 16 hexadecimal digits");
    } else if (folder.matches("[0-9a-f]{16}") && !folder.equals(id)) {
      find("says that it is snapshot " + id + " where its folder is " + folder);
    }
  }

  private void layout(String layout, Collection<ListedEntry> entries) {
    if (!layout.equals("flat") && !layout.equals("hashed")) {
      find("has no layout that is known");
      return;
    }
    for (ListedEntry entry : entries) {
      String sum = entry.facts().sum();
      String wanted = layout.equals("flat")
          ? "All/" + entry.label() + ".pkg"
          : sum.matches("[0-9a-f]{64}")
              ? "All/" + Layout.hashed(entry.label(), new Digest(sum), ".pkg")
              : "";
      if (!wanted.equals(entry.facts().path())) {
        find("says layout " + layout + " where " + entry.label() + " is elsewhere");
        return;
      }
    }
  }

  private void signers(JsonNode node, RepositoryVerifier.Archive data) {
    List<String> keys = new ArrayList<>();
    node.path("keys").forEach(key -> keys.add(key.asText()));
    List<String> signed =
        SignatureCheck.keys(data.beside()).stream().map(Digest::hex).toList();
    boolean same = switch (node.path("form").asText()) {
      case "fingerprints" -> !signed.isEmpty() && keys.equals(signed);
      case "pubkey" -> keys.size() == 1 && data.beside().containsKey("signature");
      case "unsigned" -> keys.isEmpty() && data.beside().isEmpty();
      default -> false;
    };
    if (data.text().isPresent() && !same) {
      find("says another form or other keys than signed the catalogue");
    }
  }

  private void systems(JsonNode node, Collection<ListedEntry> entries) {
    String target = node.path("target").asText();
    if (node.has("target") && !target.matches("[A-Za-z0-9]+:[0-9.]+:[A-Za-z0-9_:]+")) {
      find("has a target that is no ABI");
    } else if (node.has("target")) {
      entries.stream()
          .filter(entry -> !AbiRule.fits(AbiRule.of(entry.facts()), target))
          .findFirst()
          .ifPresent(entry -> find("says target " + target + " where " + entry.label() + " is for "
              + AbiRule.of(entry.facts())));
    }
    if (node.has("osversion")) {
      int version = node.get("osversion").asInt(-1);
      entries.stream()
          .filter(entry -> entry.facts().osVersion().orElse(0) > version)
          .findFirst()
          .ifPresent(entry -> find("says osversion " + shown(node.get("osversion")) + " where "
              + entry.label() + " was built on " + entry.facts().osVersion().orElse(0)));
    }
  }

  private void requireForm(JsonNode node, String key, String form) {
    if (node.has(key) && !(node.get(key).isTextual() && node.get(key).asText().matches(form))) {
      find("has no sound " + key);
    }
  }

  private static String shown(JsonNode node) {
    String text = node.asText();
    return text.length() > 20 ? "..." : text;
  }

  private void find(String message) {
    finder.find(SnapshotRecord.FILE, message);
  }
}
