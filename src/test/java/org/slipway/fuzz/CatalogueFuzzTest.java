package org.slipway.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.slipway.repository.Snapshot;

/** The catalogue's one line of JSON, inside an honest archive. */
final class CatalogueFuzzTest {
  private static final String ID = "0123456789abcdef";

  @FuzzTest(maxDuration = "3m")
  void reads(byte[] bytes) throws IOException {
    try {
      read(bytes);
    } catch (IOException refused) {
      Refusal.require(refused);
    }
  }

  static Snapshot read(byte[] bytes) throws IOException {
    Path folder = Files.createTempDirectory("fuzz");
    Path snapshot = Files.createDirectory(folder.resolve(ID));
    Path data = snapshot.resolve("data.pkg");
    try {
      try (TarArchiveOutputStream tar =
          new TarArchiveOutputStream(new ZstdOutputStream(Files.newOutputStream(data), 1))) {
        TarArchiveEntry entry = new TarArchiveEntry("data");
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
      return Snapshot.read(snapshot);
    } finally {
      Files.deleteIfExists(data);
      Files.delete(snapshot);
      Files.delete(folder);
    }
  }
}
