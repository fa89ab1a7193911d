package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Fills a base that is being made from its source. */
final class BaseMaking {
  /** What a package manager keeps for itself, where debootstrap leaves it. */
  private static final Set<String> CACHES =
      Set.of("var/cache/apt/archives", "var/lib/apt/lists", "debootstrap");

  private final Path aside;
  private final Path downloads;
  private final BaseTree tree;
  private final BaseLimits limits;
  private final BaseProgress progress;

  /**
   * @param aside the folder of the base while it is being made
   * @param downloads where a download that broke off is kept for the next try
   */
  BaseMaking(Path aside, Path downloads, BaseTree tree, BaseLimits limits, BaseProgress progress) {
    this.aside = aside;
    this.downloads = downloads;
    this.tree = tree;
    this.limits = limits;
    this.progress = progress;
  }

  void fill(BaseSource source) throws IOException {
    if (source instanceof BaseSource.Archive archive) {
      archives(archive);
    } else if (source instanceof BaseSource.Folder folder) {
      folder(folder.root(), Set.of());
    } else if (source instanceof BaseSource.Debian debian) {
      debian(debian);
    }
  }

  private void archives(BaseSource.Archive archive) throws IOException {
    Optional<BaseManifest> manifest = manifest(archive);
    List<String> files = new ArrayList<>(List.of(archive.file()));
    archive.with().forEach(part -> files.add(part + ".txz"));
    // All that can be refused without reading much is refused first.
    List<Optional<String>> sums = new ArrayList<>();
    for (String file : files) {
      sums.add(manifest.isPresent() ? Optional.of(manifest.get().sum(file)) : Optional.empty());
    }
    if (archive.sha256().isPresent()) {
      if (sums.get(0).isPresent() && !sums.get(0).equals(archive.sha256())) {
        throw new BaseException("MANIFEST says that " + archive.file() + " has the SHA-256 "
            + sums.get(0).get() + ", and you say " + archive.sha256().get());
      }
      sums.set(0, archive.sha256());
    }
    for (int i = 0; i < files.size(); i++) {
      String place = i == 0 ? archive.place() : archive.beside(files.get(i));
      if (archive.remote()) {
        remote(place, files.get(i), sums.get(i));
      } else {
        local(Path.of(place), files.get(i), sums.get(i));
      }
    }
  }

  private Optional<BaseManifest> manifest(BaseSource.Archive archive) throws IOException {
    if (!archive.file().endsWith(".txz")) {
      return Optional.empty();
    }
    String place = archive.beside(BaseManifest.FILE);
    if (archive.remote()) {
      if (archive.sha256().isPresent() && archive.with().isEmpty()) {
        return Optional.empty();
      }
      byte[] bytes = new BaseDownload(progress).small(URI.create(place), BaseManifest.MAX_BYTES);
      return Optional.of(BaseManifest.read(place, bytes));
    }
    Path file = Path.of(place);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > BaseManifest.MAX_BYTES) {
      throw new BaseException(file + " is too long for a MANIFEST of a release");
    }
    return Optional.of(BaseManifest.read(place, Files.readAllBytes(file)));
  }

  private void remote(String place, String name, Optional<String> sum) throws IOException {
    if (sum.isEmpty()) {
      throw new BaseException("nothing says what " + place
          + " must hold; give its SHA-256 with --sha256, or an archive .txz with MANIFEST beside");
    }
    Files.createDirectories(downloads);
    BaseDownload.Kept kept = new BaseDownload(progress)
        .get(URI.create(place), name, sum.get(), limits.downloadBytes(), downloads, aside);
    try (kept) {
      unpack(kept.file(), name);
    }
  }

  private void local(Path file, String name, Optional<String> sum) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BaseException(
          "there is no archive " + file + "; give a file, a folder or an address");
    }
    if (Files.size(file) > limits.downloadBytes()) {
      throw new BaseException(
          file + " has more than " + limits.downloadBytes() + " bytes; no base is as large");
    }
    if (sum.isPresent()) {
      requireSum(file, name, sum.get());
    } else {
      progress.remark(name + " was taken as it is: no MANIFEST beside it and no --sha256");
    }
    unpack(file, name);
  }

  private void requireSum(Path file, String name, String sum) throws IOException {
    var digest = BaseDigest.sha256();
    byte[] buffer = new byte[1 << 16];
    long all = Files.size(file);
    long done = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        done += count;
        progress.at("checking " + name, done, all);
      }
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(sum)) {
      throw wrongSum(file.toString(), found, sum);
    }
  }

  static BaseException wrongSum(String what, String found, String expected) {
    return new BaseException(
        what + " is not what it should be: its SHA-256 is " + found + ", expected " + expected);
  }

  private void unpack(Path file, String name) throws IOException {
    BaseArchive archive = new BaseArchive(tree);
    archive.unpack(file, name, progress);
    tellLeftOut(name, archive.leftOut());
  }

  private void tellLeftOut(String name, int count) {
    if (count > 0) {
      progress.remark(
          count + (count == 1 ? " device, pipe or socket" : " devices, pipes or sockets") + " of "
              + name + " were left out; each jail has its own");
    }
  }

  private void folder(Path from, Set<String> without) throws IOException {
    Path top = from.toAbsolutePath().normalize();
    if (!Files.isDirectory(top)) {
      throw new BaseException("there is no folder " + top);
    }
    if (aside.startsWith(top)) {
      throw new BaseException(top + " cannot be copied into itself; name the folder of a base");
    }
    BaseCopy copy = new BaseCopy(tree);
    copy.copy(top.toRealPath(), without, progress);
    tellLeftOut(from.toString(), copy.leftOut());
  }

  private void debian(BaseSource.Debian debian) throws IOException {
    Path temporary = Files.createDirectories(aside.resolve("temporary"));
    BaseProgram program = new BaseProgram(debian.tool().program(), temporary, progress);
    if (debian.tool() == BaseSource.Debian.Tool.MMDEBSTRAP) {
      BaseArchive archive = new BaseArchive(tree);
      program.run(
          BaseDebian.mmdebstrap(debian),
          output -> archive.unpack(output, 0, debian.tool().program(), progress));
      tellLeftOut(debian.tool().program() + "'s system", archive.leftOut());
    } else {
      Path made = aside.resolve("made");
      program.run(
          BaseDebian.debootstrap(debian, made),
          output -> output.transferTo(java.io.OutputStream.nullOutputStream()));
      folder(made, CACHES);
      BaseRemoval.remove(made);
    }
    BaseRemoval.remove(temporary);
  }
}
