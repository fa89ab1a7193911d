package org.slipway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A copy of a kit whose presets say nothing of the compiler, as a tree is asked by who does not
 * know that the framework's compiler probes can be answered beforehand.
 */
final class BareKit {
  private static final String PRESETS = "presets.mk";

  /** The names under which the framework keeps what compilers said. */
  private static final Pattern COMPILER =
      Pattern.compile("\\s*(_(OBJC_)?(ALT)?CCVERSION_|_CXXINTERNAL_|CC_OUTPUT_).*");

  private static final Pattern LOOP = Pattern.compile("\\s*\\.\\s*for\\s+_std\\s.*");
  private static final Pattern LOOP_END = Pattern.compile("\\s*\\.\\s*endfor\\b.*");

  private BareKit() {}

  /**
   * Makes the copy.
   *
   * @param to a folder that is not there yet
   * @return empty, and nothing made, where the presets say nothing of a compiler anyway
   */
  static Optional<Path> of(Path kit, Path to) throws IOException {
    List<String> lines = Files.readString(kit.resolve(PRESETS), StandardCharsets.ISO_8859_1)
        .lines()
        .toList();
    if (lines.stream().noneMatch(line -> COMPILER.matcher(line).matches())) {
      return Optional.empty();
    }
    Files.createDirectories(to);
    mode(to, "rwxr-xr-x");
    try (Stream<Path> files = Files.list(kit)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            to.resolve(String.valueOf(file.getFileName())),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Files.writeString(to.resolve(PRESETS), without(lines), StandardCharsets.ISO_8859_1);
    return Optional.of(to);
  }

  private static String without(List<String> lines) {
    StringBuilder left = new StringBuilder();
    boolean loop = false;
    for (String line : lines) {
      loop |= LOOP.matcher(line).matches();
      if (!loop && !COMPILER.matcher(line).matches()) {
        left.append(line).append('\n');
      }
      loop &= !LOOP_END.matcher(line).matches();
    }
    return left.toString();
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
