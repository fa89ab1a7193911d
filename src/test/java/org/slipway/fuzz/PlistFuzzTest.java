package org.slipway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.slipway.packages.Plist;
import org.slipway.packages.PlistException;

/** Packing lists as ports write them. */
final class PlistFuzzTest {
  @FuzzTest(maxDuration = "3m")
  void reads(byte[] bytes) {
    try {
      Plist.parse(new String(bytes, StandardCharsets.UTF_8), "/usr/local");
    } catch (PlistException refused) {
      Refusal.require(refused);
    }
  }
}
