package org.slipway.jail;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file MANIFEST of a FreeBSD release. A line a distribution, six fields with tabs between: the
 * archive's name, its SHA-256 in hexadecimal, the number of its members, the distribution's name, a
 * description in quotation marks, and {@code on} or {@code off} for whether the installer takes it
 * unasked (src/release/scripts/make-manifest.sh). Only the first two are used.
 */
final class BaseManifest {
  static final String FILE = "MANIFEST";

  /** A release has about a dozen lines. */
  static final int MAX_BYTES = 1 << 20;

  private final String place;
  private final Map<String, String> sums;

  private BaseManifest(String place, Map<String, String> sums) {
    this.place = place;
    this.sums = sums;
  }

  /**
   * @param place its path or address, for messages
   * @throws BaseException where it is none
   */
  static BaseManifest read(String place, byte[] bytes) throws BaseException {
    Map<String, String> sums = new HashMap<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] fields = line.split("\t", -1);
      if (fields.length < 2 || !fields[1].matches("[0-9a-f]{64}")) {
        throw new BaseException(place + ", line " + number + ": this is no MANIFEST of a FreeBSD"
            + " release; its lines begin with a file, a tab and a SHA-256");
      }
      if (sums.put(fields[0], fields[1]) != null) {
        throw new BaseException(
            place + ", line " + number + ": " + BaseText.shown(fields[0]) + " is there twice");
      }
    }
    return new BaseManifest(place, sums);
  }

  /** The sum that an archive must have. */
  String sum(String file) throws BaseException {
    return Optional.ofNullable(sums.get(file))
        .orElseThrow(() -> new BaseException(place + " does not name " + BaseText.shown(file)
            + (sums.isEmpty() ? "; it is empty" : "; it names " + names())));
  }

  private String names() {
    return BaseText.shown(String.join(", ", sums.keySet().stream().sorted().toList()));
  }
}
