package org.slipway.packages;

import java.util.Map;
import java.util.Optional;

/**
 * The commonest keywords of the ports framework, in shell commands of our own, for lists that come
 * without the tree's keyword files.
 */
final class StandInKeywords {
  private StandInKeywords() {}

  /** When the command of {@code @postexec} and its kin runs; empty for another keyword. */
  static Optional<String> phaseOf(String word) {
    return switch (word) {
      case "preexec" -> Optional.of("pre-install");
      case "postexec", "exec" -> Optional.of("post-install");
      case "preunexec", "unexec" -> Optional.of("pre-deinstall");
      case "postunexec" -> Optional.of("post-deinstall");
      default -> Optional.empty();
    };
  }

  /**
   * The sample is the package's; its copy is made where there is none, and taken away while it is
   * unchanged.
   */
  static Map<String, String> sample(String source, String target) {
    String from = inRoot(source);
    String to = inRoot(target);
    return Map.of(
        "post-install",
        "if [ ! -e " + to + " ] && [ ! -L " + to + " ]; then cp -p " + from + " " + to + "; fi",
        "pre-deinstall",
        "if cmp -s " + from + " " + to + "; then rm -f " + to + "; fi");
  }

  /** The folder's index of info pages is made anew. */
  static Map<String, String> info(String path) {
    String index = "indexinfo " + inRoot(path.substring(0, path.lastIndexOf('/')));
    return Map.of("post-install", index, "post-deinstall", index);
  }

  /** The program stands in {@code /etc/shells} while it is installed. */
  static Map<String, String> shell(String path) {
    String shells = inRoot("/etc/shells");
    String line = quoted(path);
    return Map.of(
        "post-install",
        "grep -qxF " + line + " " + shells + " 2>/dev/null || echo " + line + " >> " + shells,
        "pre-deinstall",
        "if rest=$(grep -vxF " + line + " " + shells + " 2>/dev/null); then printf '%s\\n' "
            + "\"$rest\" > " + shells + "; fi");
  }

  static String removeEmpty(String path) {
    String file = inRoot(path);
    return "if [ -f " + file + " ] && [ ! -s " + file + " ]; then rm -f " + file + "; fi";
  }

  static String remove(String path) {
    return "rm -f " + inRoot(path);
  }

  /** pkg names the root that it works on in PKG_ROOTDIR; it is unset for the running system. */
  private static String inRoot(String path) {
    return "\"${PKG_ROOTDIR:-}\"" + quoted(path);
  }

  static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }
}
