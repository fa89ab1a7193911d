package org.slipway.repository;

import static org.slipway.repository.StrictRepositoryReader.sha256;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a package's files against its manifest: names, order, kinds and sums. */
final class StrictPayload {
  private static final byte[] NOT_THERE = {};

  private StrictPayload() {}

  static void check(String where, List<StrictTar.Member> payload, JsonNode manifest) {
    Set<String> seen = new HashSet<>();
    Map<String, byte[]> files = new HashMap<>();
    boolean directories = false;
    long flat = 0;
    for (StrictTar.Member member : payload) {
      String name = member.name();
      boolean directory = member.type() == '5';
      String path = directory ? name.substring(0, name.length() - 1) : name;
      check(seen.add(path), where + ": " + path + " twice");
      check(path.startsWith("/"), where + ": " + path + " is not absolute");
      check(
          List.of(path.substring(1).split("/", -1)).stream()
              .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals("..")),
          where + ": " + path + " is not plain");
      check(directory || !directories, where + ": " + path + " comes after a directory");
      directories = directories || directory;
      if (member.isFile()) {
        files.put(path, member.bytes());
        flat += member.bytes().length;
      } else if (member.type() == '2') {
        flat += member.link().getBytes(StandardCharsets.UTF_8).length;
      }
      if (!directory) {
        requireSum(where, member, files, listed(manifest.path("files"), path));
      } else {
        check(name.endsWith("/"), where + ": the directory " + name + " has no slash");
        check(
            !listed(manifest.path("directories"), path).isMissingNode(),
            where + ": " + path + " is not in directories");
      }
    }
    int listed = manifest.path("files").size() + manifest.path("directories").size();
    check(listed == payload.size(), where + ": the manifest lists what is not there");
    check(manifest.path("flatsize").longValue() == flat, where + ": flatsize is wrong");
  }

  private static void requireSum(
      String where, StrictTar.Member member, Map<String, byte[]> files, JsonNode listed) {
    check(!listed.isMissingNode(), where + ": " + member.name() + " is not in files");
    byte[] bytes = switch (member.type()) {
      case '0' -> member.bytes();
      case '1' -> files.getOrDefault(member.link(), NOT_THERE);
      case '2' -> link(member.link()).getBytes(StandardCharsets.UTF_8);
      default -> NOT_THERE;
    };
    check(bytes != NOT_THERE, where + ": " + member.name() + " is no file, nor a link to one");
    check(
        listed.path("sum").asText().equals(sha256(bytes)),
        where + ": the sum of " + member.name() + " is wrong");
    check(
        listed.path("symlink_target").asText("").equals(member.type() == '2' ? member.link() : ""),
        where + ": the manifest gives " + member.name() + " another target");
  }

  private static String link(String target) {
    return target.startsWith("/") ? target.substring(1) + "\0" : target;
  }

  /** Keys are percent-encoded; a plus stands for itself. */
  private static JsonNode listed(JsonNode object, String path) {
    JsonNode[] found = {MissingNode.getInstance()};
    object.properties().forEach(field -> {
      String key = URLDecoder.decode(field.getKey().replace("+", "%2b"), StandardCharsets.UTF_8);
      if (key.equals(path)) {
        found[0] = field.getValue();
      }
    });
    return found[0];
  }

  private static void check(boolean holds, String otherwise) {
    StrictRepositoryReader.check(holds, otherwise);
  }
}
