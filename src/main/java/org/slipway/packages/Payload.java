package org.slipway.packages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The digest of what a package's dependents can see of it: its files with modes, owners, contents
 * and link targets, its directories, scripts and shared libraries. Version, comment and other texts
 * do not count, so a new version whose files stayed the same stops a wave of rebuilds.
 */
final class Payload {
  private final MessageDigest digest = Digest.sha256();

  private Payload() {
    words("slipway payload 1");
  }

  static Digest digest(Manifest manifest, PackageContent content) {
    Payload payload = new Payload();
    for (PackageContent.Entry entry : content.entries()) {
      payload.entry(entry);
    }
    for (PackageContent.Directory directory : content.directories()) {
      payload.words("directory", directory.path());
      payload.attributes(directory.attributes());
    }
    content.config().forEach(path -> payload.words("config", path));
    for (Map.Entry<String, String> script : content.scripts().entrySet()) {
      payload.words("script", script.getKey(), script.getValue());
    }
    for (Map.Entry<String, List<String>> scripts : content.luaScripts().entrySet()) {
      scripts.getValue().forEach(text -> payload.words("lua", scripts.getKey(), text));
    }
    payload.list("required", manifest.shlibsRequired());
    payload.list("provided", manifest.shlibsProvided());
    return new Digest(HexFormat.of().formatHex(payload.digest.digest()));
  }

  private void entry(PackageContent.Entry entry) {
    if (entry instanceof PackageContent.RegularFile file) {
      words("file", file.path(), file.digest().hex());
    } else if (entry instanceof PackageContent.Symlink link) {
      words("symlink", link.path(), link.target());
    } else if (entry instanceof PackageContent.HardLink link) {
      words("hardlink", link.path(), link.target());
    }
    entry.ownAttributes().ifPresent(this::attributes);
  }

  private void attributes(PackageContent.Attributes attributes) {
    words(Integer.toOctalString(attributes.mode()), attributes.owner(), attributes.group());
    if (!attributes.flags().isEmpty()) {
      words("flags", attributes.flags().text());
    }
  }

  private void list(String kind, List<String> values) {
    values.forEach(value -> words(kind, value));
  }

  /** Each word goes in with its length, so that no two lists of words look alike. */
  private void words(String... words) {
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
  }
}
