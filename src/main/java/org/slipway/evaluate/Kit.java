package org.slipway.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slipway.packages.Digest;

/**
 * The make kit as folders on disk, each named by the digest of its content, so that a job's change
 * makes another folder and a running build keeps the one it sees.
 */
final class Kit {
  /**
   * What the program brings, beside presets.mk and make.conf, which are written for the request.
   */
  private static final Set<String> PROGRAMS = Set.of("make", "sh");

  static final List<String> FILES = List.of(
      "bsd.mport.mk",
      "bsd.mport.options.mk",
      "bsd.own.mk",
      "bsd.port.mk",
      "bsd.port.options.mk",
      "bsd.port.post.mk",
      "bsd.port.pre.mk",
      "bsd.port.subdir.mk",
      "make",
      "sh",
      "sys.mk");

  private final Path kits;

  Kit(Path kits) {
    this.kits = kits;
  }

  /** @param overlays as a jail sees them, in order */
  Path folder(EvaluationRequest request, List<String> overlays) throws IOException {
    SortedMap<String, String> content = shared(request, overlays);
    content.put("make.conf", overlays(overlays) + MakeConf.text(request));
    Path folder = kits.resolve(digest(content));
    synchronized (this) {
      if (!holds(folder, content)) {
        LaidOut.remove(folder);
        write(folder, content);
        LaidOut.use(folder);
        LaidOut.prune(kits);
      } else {
        LaidOut.use(folder);
      }
    }
    return folder;
  }

  static String digest(SortedMap<String, String> content) {
    StringBuilder whole = new StringBuilder();
    content.forEach(
        (name, text) -> whole.append(Digest.of(text)).append(' ').append(name).append('\n'));
    return Digest.of(whole.toString()).hex();
  }

  /** Each file's text, but for the options of single ports. */
  static SortedMap<String, String> shared(EvaluationRequest request, List<String> overlays)
      throws IOException {
    SortedMap<String, String> content = new TreeMap<>();
    for (String name : FILES) {
      try (InputStream in = Kit.class.getResourceAsStream("kit/" + name)) {
        if (in == null) {
          throw new IllegalStateException("the kit's " + name + " is not in the program");
        }
        content.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    content.put("presets.mk", Presets.text(request.target()) + MakeConf.defines(request.defines()));
    content.put("make.conf", overlays(overlays) + request.makeConf());
    return content;
  }

  private static String overlays(List<String> overlays) {
    return overlays.stream()
        .map(path -> "OVERLAYS+=\t" + path + "\n")
        .collect(Collectors.joining());
  }

  /** Looked at each time: it is small, and a power cut may have emptied files. */
  private static boolean holds(Path folder, SortedMap<String, String> content) throws IOException {
    for (var file : content.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          || !Files.readString(path, StandardCharsets.ISO_8859_1)
              .equals(new String(
                  file.getValue().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))) {
        return false;
      }
    }
    return true;
  }

  private void write(Path folder, SortedMap<String, String> content) throws IOException {
    Files.createDirectories(kits);
    Path aside = Files.createTempDirectory(kits, ".new-");
    // A jail's build user is another one than ours.
    Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (var file : content.entrySet()) {
      Path path = aside.resolve(file.getKey());
      Files.writeString(path, file.getValue());
      Files.setPosixFilePermissions(
          path,
          PosixFilePermissions.fromString(
              PROGRAMS.contains(file.getKey()) ? "rwxr-xr-x" : "rw-r--r--"));
    }
    try {
      Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      // Another evaluator laid out the same.
      LaidOut.remove(aside);
    }
  }
}
