package org.slipway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import org.slipway.packages.PackageLimits;
import org.slipway.packages.Verification;

/** Package archives, packed or not. What verifies must also be read and unpacked. */
final class PackageFuzzTest {
  private static final PackageLimits SMALL =
      new PackageLimits(1 << 20, 100_000, 1000, 16 << 20, 1000);

  @FuzzTest(maxDuration = "3m")
  void reads(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".pkg");
    try {
      Files.write(file, bytes);
      Verification found = PackageFile.verify(file, SMALL);
      try {
        PackageFile.scan(file);
        PackageFile.open(file, SMALL).writeTar(OutputStream.nullOutputStream());
      } catch (PackageException refused) {
        Refusal.require(refused);
        if (found.sound()) {
          throw new IllegalStateException("verified, and then refused", refused);
        }
      }
    } finally {
      Files.delete(file);
    }
  }
}
