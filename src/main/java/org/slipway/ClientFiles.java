package org.slipway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slipway.sign.KeyType;
import org.slipway.sign.Signing;

/**
 * The files that make a pkg client trust a repository (pkg.conf(5)), by their places below the folder
 * of pkg's configuration, {@code /usr/local/etc/pkg} on FreeBSD.
 */
final class ClientFiles {
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /**
   * @param repository letters, digits, dots, - and _
   * @param url as pkg takes it, such as {@code https://pkg.example.org/dev}
   * @param folder of pkg's configuration on the client
   */
  ClientFiles(
      String repository, String url, Path folder, Signing.Form form, List<KeyChoice.Chosen> keys) {
    boolean byKey = form == Signing.Form.PUBKEY;
    String place = byKey ? "keys/" + repository + ".pub" : "fingerprints/" + repository;
    List<String> lines = new ArrayList<>();
    if (keys.stream().anyMatch(each -> each.key().type() == KeyType.ECDSA)) {
      lines.add("# Needs pkg 1.21 or later: a key is ecdsa.");
    }
    lines.add("\"" + repository + "\": {");
    lines.add("  url: \"" + quoted(url) + "\",");
    lines.add("  mirror_type: \"none\",");
    lines.add("  signature_type: \"" + (byKey ? "pubkey" : "fingerprints") + "\",");
    lines.add("  " + (byKey ? "pubkey" : "fingerprints") + ": \""
        + quoted(folder.resolve(place).toString()) + "\",");
    lines.add("  enabled: yes");
    lines.add("}");
    put("repos/" + repository + ".conf", String.join("\n", lines) + "\n");
    for (KeyChoice.Chosen each : keys) {
      if (byKey) {
        files.put(place, each.key().bytes());
      } else {
        put(place + "/trusted/" + each.name(), each.key().fingerprintFile());
      }
    }
  }

  /** In the order in which a person would write them. */
  Map<String, byte[]> files() {
    return files;
  }

  /** Writes them below a folder, where none of them may be yet. */
  void write(Path folder) throws IOException {
    for (String name : files.keySet()) {
      Path file = folder.resolve(name);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(file + " exists already; remove it to have it written anew");
      }
    }
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      Path file = folder.resolve(each.getKey());
      Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
      Files.write(file, each.getValue(), StandardOpenOption.CREATE_NEW);
    }
  }

  private void put(String name, String text) {
    files.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
