package org.slipway.poudriere;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The script that the farm keeps on a host, host.sh among this room's resources, and how it is
 * called.
 *
 * @param folder the job's on that host, where the script is
 */
record HostScript(String folder) {
  static final String NAME = "host.sh";

  /**
   * Words that call it. On a host that was never used there is none; no answer is an answer too.
   */
  List<String> words(String verb, String... arguments) {
    List<String> words = new ArrayList<>(List.of(
        "/bin/sh",
        "-c",
        "[ -f \"$1/host.sh\" ] || exit 0; exec /bin/sh \"$1/host.sh\" \"$@\"",
        "sh",
        folder,
        verb));
    words.addAll(Arrays.asList(arguments));
    return List.copyOf(words);
  }

  static String text() throws IOException {
    try (InputStream in = HostScript.class.getResourceAsStream(NAME)) {
      if (in == null) {
        throw new IllegalStateException(NAME + " is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
