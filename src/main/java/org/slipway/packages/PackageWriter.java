package org.slipway.packages;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Packs a {@code .pkg}: a zstd-compressed tar of the compact manifest, the manifest, the files and
 * the directories, as pkg 1.17 to 2.8 read it. Equal inputs give equal bytes: entries are sorted,
 * and no clock, host name, numeric owner or number of processors goes in.
 */
public final class PackageWriter {
  /**
   * From this much content on several threads compress. It hangs on the content alone, for zstd
   * writes other bytes with threads than without, but the same with one as with many.
   */
  private static final long THREADED_BYTES = 16L << 20;

  /** More would only hold memory: a large package has some tens of parts at most. */
  private static final int MAX_WORKERS = 8;

  private final Settings settings;
  private final int workers;

  /** A writer with the default settings. */
  public PackageWriter() {
    this(Settings.DEFAULT);
  }

  public PackageWriter(Settings settings) {
    this(settings, Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors()));
  }

  /** @param workers how many threads compress large content */
  PackageWriter(Settings settings, int workers) {
    this.settings = settings;
    this.workers = workers;
  }

  /**
   * How packages are packed.
   *
   * @param level zstd's, 1 to 19. The default, 9, made 60 MB of compiler binaries 12% larger than
   *     pkg's 19 does, in 1.4 s of CPU time in place of 31 s, and a small package in 0.5 ms in
   *     place of 60 ms
   * @param mtimeSeconds the time of every file in the package, in seconds since 1970; a commit's
   *     time is a good one
   * @param libraries how shared libraries are told
   * @param widen whether content without binaries gets the ABI {@code OS:VERSION:*}
   */
  public record Settings(int level, long mtimeSeconds, LibraryRules libraries, boolean widen) {
    public static final Settings DEFAULT = new Settings(9, 0);

    public Settings {
      if (level < 1 || level > 19 || mtimeSeconds < 0) {
        throw new IllegalArgumentException("level is 1 to 19, mtimeSeconds not before 1970");
      }
    }

    public Settings(int level, long mtimeSeconds) {
      this(level, mtimeSeconds, LibraryRules.DEFAULT, true);
    }
  }

  /**
   * Writes the package to {@code target}, which appears whole or not at all and is on the disk when
   * this returns. The manifest's shared libraries and, for content without binaries, its ABI's
   * machine come from the files.
   */
  public BuiltPackage write(Manifest declared, PackageContent content, Path target)
      throws IOException {
    Binaries binaries = Binaries.of(content, declared, settings.libraries());
    boolean widened = settings.widen() && !binaries.bound() && !declared.abi().equals(Abi.ANY);
    Manifest manifest = declared.withBinaries(
        widened ? declared.abi().anyArch() : declared.abi(),
        List.copyOf(binaries.required()),
        List.copyOf(binaries.provided()));
    Path folder = target.toAbsolutePath().resolveSibling("");
    Path temporary = Files.createTempFile(folder, ".new-", ".pkg");
    try {
      MessageDigest digest = Digest.sha256();
      try (OutputStream file = Files.newOutputStream(temporary);
          OutputStream buffered =
              new BufferedOutputStream(new DigestOutputStream(file, digest), 1 << 17);
          ZstdOutputStream zstd = compressor(buffered, content)) {
        TarWriter tar = new TarWriter(zstd);
        pack(tar, manifest, content);
        tar.finish();
      }
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      // A temporary file is its owner's alone, a package everybody's to read.
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
      long size = Files.size(temporary);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new BuiltPackage(
          manifest.name(),
          manifest.origin(),
          manifest.abi(),
          new Digest(HexFormat.of().formatHex(digest.digest())),
          Payload.digest(manifest, content),
          size,
          content.flatSizeBytes(),
          manifest.shlibsProvided(),
          binaries.foreign());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private ZstdOutputStream compressor(OutputStream out, PackageContent content) throws IOException {
    ZstdOutputStream zstd = new ZstdOutputStream(out, settings.level());
    if (content.flatSizeBytes() >= THREADED_BYTES) {
      zstd.setWorkers(workers);
    }
    return zstd;
  }

  private void pack(TarWriter tar, Manifest manifest, PackageContent content) throws IOException {
    member(tar, "+COMPACT_MANIFEST", ManifestJson.compact(manifest, content.flatSizeBytes()));
    member(
        tar,
        "+MANIFEST",
        ManifestJson.full(manifest, content, sums(content), settings.mtimeSeconds()));
    Map<String, PackageContent.Attributes> attributes = content.attributes();
    for (PackageContent.Entry entry : content.entries()) {
      if (entry instanceof PackageContent.RegularFile file) {
        pack(tar, file);
      } else if (entry instanceof PackageContent.Symlink link) {
        tar.add(header(TarEntry.SYMLINK, link.path(), link.target(), link.attributes(), 0));
      } else if (entry instanceof PackageContent.HardLink link) {
        PackageContent.Attributes own = Objects.requireNonNull(attributes.get(link.path()));
        tar.add(header(TarEntry.HARD_LINK, link.path(), link.target(), own, 0));
      }
    }
    for (PackageContent.Directory directory : content.directories()) {
      tar.add(header(TarEntry.DIRECTORY, directory.path() + "/", "", directory.attributes(), 0));
    }
  }

  private static void member(TarWriter tar, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    tar.add(new TarEntry(TarEntry.FILE, name, "", 0644, "root", "wheel", bytes.length, 0), bytes);
  }

  /** The bytes are looked at again on their way, for the manifest's sums went in before them. */
  private void pack(TarWriter tar, PackageContent.RegularFile file) throws IOException {
    CRC32C crc32c = new CRC32C();
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file.bytes()), crc32c)) {
      tar.add(header(TarEntry.FILE, file.path(), "", file.attributes(), file.sizeBytes()), in);
    }
    if ((int) crc32c.getValue() != file.sum().crc32c()) {
      throw new IOException(file.path() + " changed while it was packed");
    }
  }

  private TarEntry header(
      char type, String path, String link, PackageContent.Attributes attributes, long sizeBytes) {
    return new TarEntry(
        type,
        path,
        link,
        attributes.mode(),
        attributes.owner(),
        attributes.group(),
        sizeBytes,
        settings.mtimeSeconds(),
        attributes.flags());
  }

  /** SHA-256 in bare hexadecimal, the only form that every pkg reads beside owners. */
  private static Map<String, String> sums(PackageContent content) {
    Map<String, String> sums = new HashMap<>();
    for (PackageContent.Entry entry : content.entries()) {
      if (entry instanceof PackageContent.RegularFile file) {
        sums.put(file.path(), file.digest().hex());
      } else if (entry instanceof PackageContent.Symlink link) {
        sums.put(link.path(), linkSum(link.target()).hex());
      } else if (entry instanceof PackageContent.HardLink link) {
        sums.put(link.path(), sums.getOrDefault(link.target(), "-"));
      }
    }
    return sums;
  }

  /**
   * pkg sums an absolute target without its slash and with a NUL, and keeps to that for old
   * packages' sake.
   */
  private static Digest linkSum(String target) {
    return target.startsWith("/") ? Digest.of(target.substring(1) + "\0") : Digest.of(target);
  }
}
