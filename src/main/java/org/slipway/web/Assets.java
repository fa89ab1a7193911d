package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slipway.packages.Digest;

/**
 * The style sheet, the script and the icons, read once at the start: no address ever leads to
 * another file.
 */
final class Assets {
  private static final Map<String, String> TYPES = Map.of(
      "css", "text/css; charset=utf-8",
      "js", "text/javascript; charset=utf-8",
      "svg", "image/svg+xml");

  /** One file; {@code version} is of its content, for an address that may be kept for good. */
  static final class Asset {
    private final String type;
    private final String version;
    private final byte[] bytes;

    Asset(String type, byte[] bytes) {
      this.type = type;
      this.version = Digest.of(bytes).hex().substring(0, 12);
      this.bytes = bytes.clone();
    }

    String type() {
      return type;
    }

    String version() {
      return version;
    }

    ByteBuffer bytes() {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
  }

  private final Map<String, Asset> assets;

  private Assets(Map<String, Asset> assets) {
    this.assets = Collections.unmodifiableMap(assets);
  }

  static Assets read(Path folder) throws IOException {
    Map<String, Asset> assets = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type != null && Files.isRegularFile(file)) {
          assets.put(name, new Asset(type, Files.readAllBytes(file)));
        }
      }
    }
    if (!assets.containsKey("slipway.css") || !assets.containsKey("slipway.js")) {
      throw new IOException("The status site's style sheet and script are not in " + folder
          + "; start Slipway from its own folder, where web/slipway.css is.");
    }
    return new Assets(assets);
  }

  Optional<Asset> find(String name) {
    return Optional.ofNullable(assets.get(name));
  }

  /** Name to address. */
  Map<String, String> addresses() {
    Map<String, String> addresses = new TreeMap<>();
    assets.forEach(
        (name, asset) -> addresses.put(name, "/assets/" + name + "?v=" + asset.version()));
    return addresses;
  }
}
