package org.slipway.build;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.packages.ListedPath;
import org.slipway.packages.Manifest;
import org.slipway.packages.PackageFile;

/**
 * What the jail's own pkg knows of an installed package: a few text files below
 * {@code /var/db/slipway-pkg/NAME}, as the rig's pkg describes them in its head.
 */
final class PkgRegistry {
  /** Relative to the root, as a tar has it. */
  private static final String FOLDER = "var/db/slipway-pkg/";

  private static final String[] KEPT = {"pre-deinstall", "deinstall", "post-deinstall"};

  private PkgRegistry() {}

  /** The files that register a package, by path relative to the root. */
  static SortedMap<String, byte[]> files(PackageFile archive) {
    Manifest manifest = archive.manifest();
    String folder = FOLDER + manifest.name().base() + "/";
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(folder + "words", bytes(words(manifest)));
    files.put(folder + "files", bytes(paths(archive.listed())));
    files.put(folder + "folders", bytes(paths(archive.directories())));
    Map<String, String> scripts = archive.scripts();
    for (String phase : KEPT) {
      String script = scripts.get(phase);
      if (script != null) {
        files.put(folder + phase, bytes(script));
      }
    }
    return files;
  }

  private static String words(Manifest manifest) {
    StringBuilder words = new StringBuilder();
    word(words, "name", manifest.name().base());
    word(words, "version", manifest.name().version());
    word(words, "origin", manifest.origin().toString());
    word(words, "prefix", manifest.prefix());
    word(words, "comment", manifest.comment());
    word(words, "maintainer", manifest.maintainer());
    word(words, "www", manifest.www());
    word(words, "abi", manifest.abi().toString());
    manifest.annotations().forEach((key, value) -> word(words, "annotation " + key, value));
    return words.toString();
  }

  /** One line each: a port's own words must not look like another key. */
  private static void word(StringBuilder words, String key, String value) {
    words.append(key).append(' ').append(OneLine.of(value)).append('\n');
  }

  private static String paths(Iterable<ListedPath> listed) {
    StringBuilder paths = new StringBuilder();
    for (ListedPath path : listed) {
      paths.append(path.path()).append('\n');
    }
    return paths.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
