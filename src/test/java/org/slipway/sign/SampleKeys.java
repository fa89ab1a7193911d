package org.slipway.sign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Keys that other programs wrote. */
final class SampleKeys {
  private SampleKeys() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = SampleKeys.class.getResourceAsStream("keys/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  /** A copy in mode 0600. */
  static Path copy(String name, Path folder) throws IOException {
    return secret(folder.resolve(name), bytes(name));
  }

  static Path secret(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  static Passphrase passphrase(String word) {
    return Passphrase.environment("KEY_WORD", name -> name.equals("KEY_WORD") ? word : null);
  }
}
