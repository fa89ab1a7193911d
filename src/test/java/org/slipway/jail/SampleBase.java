package org.slipway.jail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Writes small archives in the layout of a FreeBSD release, and archives that nobody should take.
 */
public final class SampleBase {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

  private SampleBase() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** A tar archive of what is added. */
  static byte[] tar(Consumer<SampleBase> content) throws IOException {
    SampleBase sample = new SampleBase();
    content.accept(sample);
    sample.tar.close();
    return sample.bytes.toByteArray();
  }

  static byte[] xz(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream to = new XZOutputStream(packed, new LZMA2Options(1))) {
      to.write(bytes);
    }
    return packed.toByteArray();
  }

  /** What base.txz has, in small: hard links, setuid, flags, links, an own group, a device. */
  public static byte[] freeBsd() throws IOException {
    return xz(tar(base -> base.folder("./", 0755)
        .folder("./bin/", 0755)
        .file("./bin/sh", 0555, "#!/bin/true\n")
        .file("./bin/[", 0555, "test\n")
        .hard("./bin/test", "./bin/[")
        .folder("./etc/", 0755)
        .file("./etc/master.passwd", 0600, "root::0:0::0:0:Charlie &:/root:/bin/sh\n")
        .folder("./lib/", 0755)
        .flagged("./lib/libc.so.7", 0444, "library\n", "schg")
        .folder("./tmp/", 01777)
        .folder("./usr/", 0755)
        .folder("./usr/bin/", 0755)
        .flagged("./usr/bin/su", 04555, "su\n", "schg")
        .folder("./usr/src/", 0755)
        .link("./sys", "usr/src/sys")
        .folder("./var/", 0755)
        .folder("./var/empty/", 0555)
        .file("./var/mail", 0660, "", 0, 6)
        .device("./dev/null")));
  }

  /** The line of MANIFEST for an archive. */
  public static String manifestLine(String file, byte[] archive) {
    String name = file.replaceFirst("\\.txz$", "");
    return file + "\t" + HexFormat.of().formatHex(BaseDigest.sha256().digest(archive)) + "\t18\t"
        + name + "\t\"Base system (MANDATORY)\"\ton\n";
  }

  /** A folder as a release has it: base.txz, lib32.txz and MANIFEST. */
  public static Path release(Path folder) throws IOException {
    Files.createDirectories(folder);
    byte[] base = freeBsd();
    byte[] lib32 = xz(tar(part ->
        part.folder("./usr/", 0755).folder("./usr/lib32/", 0755).file("./usr/lib32/a", 0444, "a")));
    Files.write(folder.resolve("base.txz"), base);
    Files.write(folder.resolve("lib32.txz"), lib32);
    Files.writeString(
        folder.resolve("MANIFEST"),
        manifestLine("base.txz", base) + manifestLine("lib32.txz", lib32));
    return folder;
  }

  SampleBase folder(String name, int mode) {
    return add(new TarArchiveEntry(name.endsWith("/") ? name : name + "/"), mode, new byte[0]);
  }

  SampleBase file(String name, int mode, String content) {
    return file(name, mode, content, 0, 0);
  }

  SampleBase file(String name, int mode, String content, int owner, int group) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setUserId(owner);
    entry.setGroupId(group);
    return add(entry, mode, content.getBytes(StandardCharsets.UTF_8));
  }

  SampleBase flagged(String name, int mode, String content, String flags) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.addPaxHeader("SCHILY.fflags", flags);
    return add(entry, mode, content.getBytes(StandardCharsets.UTF_8));
  }

  SampleBase link(String name, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, (byte) '2');
    entry.setLinkName(target);
    return add(entry, 0777, new byte[0]);
  }

  SampleBase hard(String name, String other) {
    TarArchiveEntry entry = new TarArchiveEntry(name, (byte) '1');
    entry.setLinkName(other);
    return add(entry, 0644, new byte[0]);
  }

  SampleBase device(String name) {
    return add(new TarArchiveEntry(name, (byte) '3'), 0666, new byte[0]);
  }

  SampleBase pipe(String name) {
    return add(new TarArchiveEntry(name, (byte) '6'), 0666, new byte[0]);
  }

  SampleBase headers(String name, Map<String, String> pax) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    pax.forEach(entry::addPaxHeader);
    return add(entry, 0644, new byte[0]);
  }

  private SampleBase add(TarArchiveEntry entry, int mode, byte[] content) {
    try {
      entry.setMode(mode);
      entry.setSize(content.length);
      entry.setModTime(1_700_000_000_000L);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
