package org.slipway.repository;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import org.slipway.packages.TypedSum;

/** Holds every package's file against its catalogue entry: size, sum, and what it says it is. */
final class PackageCheck {
  /** Takes what is wrong, from several threads. */
  interface Finder {
    void find(String where, String message);
  }

  private final RepositoryFiles files;
  private final FolderWatch watch;
  private final Finder finder;
  private final Optional<FilesCheck> contents;
  private long bytes;

  /** @param contents the files catalogue, where there is one */
  PackageCheck(
      RepositoryFiles files, FolderWatch watch, Finder finder, Optional<FilesCheck> contents) {
    this.files = files;
    this.watch = watch;
    this.finder = finder;
    this.contents = contents;
  }

  /** Reads all files; how many bytes they have. */
  long check(Collection<ListedEntry> entries) throws IOException {
    watch.found(entries.size());
    Path scratch = Files.createTempDirectory("slipway-verify-");
    try (InOrder<Long> work = new InOrder<>(read -> {
      bytes += read;
      watch.listed();
    })) {
      for (ListedEntry entry : entries) {
        work.add(() -> check(entry, scratch));
      }
      work.finish();
    } finally {
      Disk.deleteTree(scratch);
    }
    return bytes;
  }

  private Long check(ListedEntry entry, Path scratch) throws IOException {
    String path = entry.facts().path();
    if (!entry.placed() || !isSafe(path)) {
      finder.find(entry.label(), "has no path that a client could fetch");
      return 0L;
    }
    Optional<TypedSum> sum = TypedSum.parse(entry.facts().sum());
    if (sum.isEmpty()) {
      finder.find(
          entry.label(),
          "cannot be checked, because its sum is of a kind that is not known: "
              + entry.facts().sum());
      return 0L;
    }
    Optional<Path> local = files.local(path);
    Optional<InputStream> found = files.open(path);
    if (found.isEmpty()) {
      finder.find(path, "is not there");
      return 0L;
    }
    Path copy = local.isPresent() ? local.get() : Files.createTempFile(scratch, "", ".pkg");
    long size;
    TypedSum.Running running = sum.get().kind().begin();
    try (InputStream in = found.get();
        OutputStream out =
            local.isPresent() ? OutputStream.nullOutputStream() : Files.newOutputStream(copy)) {
      size = read(in, out, running, entry.facts().sizeBytes());
    }
    if (size != entry.facts().sizeBytes()) {
      finder.find(
          path,
          "has " + (size > entry.facts().sizeBytes() ? "more" : size)
              + " bytes where the catalogue says " + entry.facts().sizeBytes());
    } else if (!running.end().equals(sum.get())) {
      finder.find(path, "has another sum than the catalogue says");
    } else {
      requireSame(entry, path, copy);
    }
    if (local.isEmpty()) {
      Files.delete(copy);
    }
    return size;
  }

  /** No more than one byte beyond what is expected, as pkg itself stops there. */
  private static long read(InputStream in, OutputStream out, TypedSum.Running sum, long expected)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    while (size <= expected) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, expected + 1 - size));
      if (count < 0) {
        break;
      }
      sum.update(buffer, 0, count);
      out.write(buffer, 0, count);
      size += count;
    }
    return size;
  }

  private void requireSame(ListedEntry entry, String path, Path file) throws IOException {
    try {
      ManifestFacts own = ManifestFacts.ofManifest(
          PackageFile.compactManifest(file).getBytes(StandardCharsets.UTF_8));
      ManifestFacts listed = entry.facts();
      compare(path, "name", own.name(), listed.name());
      compare(path, "version", own.version(), listed.version());
      compare(path, "origin", own.origin(), listed.origin());
      compare(path, "abi", AbiRule.of(own), AbiRule.of(listed));
      if (contents.isPresent()) {
        contents
            .get()
            .fault(
                entry.label(),
                PackageFile.open(file).files().stream()
                    .map(PackageFile.FileSum::path)
                    .toList())
            .ifPresent(fault -> finder.find(contents.get().archive(), fault));
      }
    } catch (PackageException | com.fasterxml.jackson.core.JsonProcessingException e) {
      finder.find(path, "is no sound package: " + e.getMessage());
    }
  }

  private void compare(String path, String key, String own, String listed) {
    if (!own.equals(listed)) {
      finder.find(path, "says " + key + " " + own + " where the catalogue says " + listed);
    }
  }

  private static boolean isSafe(String path) {
    List<String> parts = Arrays.asList(path.split("/", -1));
    return path.chars().allMatch(each -> each > ' ' && each < 127)
        && parts.stream()
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }
}
