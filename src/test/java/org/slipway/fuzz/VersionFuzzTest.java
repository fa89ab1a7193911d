package org.slipway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.slipway.packages.NamePattern;
import org.slipway.packages.Version;

/** Two versions with a line's end between them: whoever is first, both say the same of it. */
final class VersionFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void compares(byte[] bytes) {
    String[] words = new String(bytes, StandardCharsets.UTF_8).split("\n", 2);
    if (words.length < 2) {
      return;
    }
    if (words[0].length() + words[1].length() < 1000) {
      boolean unused = new NamePattern(words[0]).fits(words[1]);
    }
    try {
      Version left = new Version(words[0]);
      Version right = new Version(words[1]);
      int order = Integer.signum(left.compareTo(right));
      if (order != -Integer.signum(right.compareTo(left))
          || left.compareTo(new Version(words[0])) != 0) {
        throw new IllegalStateException(left + " and " + right + " disagree");
      }
    } catch (IllegalArgumentException refused) {
      Refusal.require(refused);
    }
  }
}
