package org.slipway.jail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts classes of the tests in Java processes of their own. */
final class JavaPrograms {
  private JavaPrograms() {}

  /** Copies what the jails need of this process's class path, readable by all, and returns the copies. */
  static List<Path> copy(Path target) throws IOException {
    Files.createDirectory(target);
    String[] parts = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    for (int i = 0; i < parts.length; i++) {
      Path part = Path.of(parts[i]);
      String name = part.getFileName().toString();
      if (Files.isDirectory(part.resolve("org/slipway/jail"))) {
        Path copy = target.resolve("classes" + i);
        try (Stream<Path> files = Files.walk(part.resolve("org/slipway/jail"))) {
          for (Path file : files.toList()) {
            Path to = copy.resolve(part.relativize(file));
            if (Files.isDirectory(file)) {
              Files.createDirectories(to);
            } else {
              Files.copy(file, to);
            }
          }
        }
      } else if (name.matches("(slf4j-api|jackson|logback)-.*\\.jar")) {
        Files.copy(part, target.resolve(name));
      }
    }
    try (Stream<Path> files = Files.walk(target)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(
            file,
            PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
    try (Stream<Path> copies = Files.list(target)) {
      return copies.toList();
    }
  }

  static List<String> argv(List<Path> classPath, Class<?> program) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
        program.getName());
  }
}
