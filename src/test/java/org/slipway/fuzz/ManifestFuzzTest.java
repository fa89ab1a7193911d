package org.slipway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;
import org.slipway.packages.Abi;
import org.slipway.packages.MetadataException;
import org.slipway.packages.MetadataReader;

/** UCL and JSON as a port's metadata folder and a package's manifest have it. */
final class ManifestFuzzTest {
  private static final Abi ABI = Abi.parse("FreeBSD:14:amd64");

  @FuzzTest(maxDuration = "3m")
  void reads(byte[] bytes) {
    try {
      MetadataReader.read(Map.of("+MANIFEST", bytes, "+DESC", new byte[0]), ABI);
      MetadataReader.read(Map.of("+MANIFEST", bytes, "+DISPLAY", bytes), ABI);
    } catch (MetadataException refused) {
      Refusal.require(refused);
    }
  }
}
