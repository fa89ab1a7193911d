package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TarReaderTest {
  /** Names of 300 letters, as GNU's own header and as a pax record, by an independent writer. */
  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
  void readsLongNamesOfBothKinds(int kind) throws Exception {
    String name = "/usr/" + "ü".repeat(150) + "/x";
    String target = "/usr/" + "t".repeat(200);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.setLongFileMode(kind);
      out.setAddPaxHeadersForNonAsciiNames(kind == TarArchiveOutputStream.LONGFILE_POSIX);
      TarArchiveEntry file = new TarArchiveEntry(name, true);
      file.setSize(3);
      out.putArchiveEntry(file);
      out.write("abc".getBytes(StandardCharsets.UTF_8));
      out.closeArchiveEntry();
      TarArchiveEntry link = new TarArchiveEntry("/l", TarArchiveEntry.LF_SYMLINK);
      link.setLinkName(target);
      out.putArchiveEntry(link);
      out.closeArchiveEntry();
    }
    TarReader reader = new TarReader(new ByteArrayInputStream(bytes.toByteArray()));
    TarEntry file = reader.next();
    assertThat(file).isNotNull().extracting(TarEntry::name).isEqualTo(name);
    assertThat(new String(reader.readAll(10), StandardCharsets.UTF_8)).isEqualTo("abc");
    TarEntry link = reader.next();
    assertThat(link).isNotNull().extracting(TarEntry::linkName).isEqualTo(target);
    assertThat(reader.next()).isNull();
  }

  @Test
  void takesTheTimeOfThePaxHeaderWithoutItsFraction() throws Exception {
    assertThat(entry(new RawTar().pax('x', "mtime", "1700000000.75").file("/a", ""))
            .mtimeSeconds())
        .isEqualTo(1_700_000_000);
    assertThat(entry(new RawTar().pax('x', "mtime", "-5").file("/a", "")).mtimeSeconds())
        .isZero();
  }

  @Test
  void takesAGlobalHeaderThatOnlyComments() throws Exception {
    assertThat(entry(new RawTar().pax('g', "comment", "of git").file("/a", "")).name())
        .isEqualTo("/a");
  }

  @Test
  void keepsARecordForItsOwnMemberOnly() throws Exception {
    byte[] tar = new RawTar()
        .pax('x', "SCHILY.fflags", "schg")
        .file("/a", "")
        .file("/b", "")
        .end();
    TarReader reader = new TarReader(new ByteArrayInputStream(tar));
    List<String> flags = new ArrayList<>();
    while (reader.next() != null) {
      flags.add(reader.record("SCHILY.fflags").orElse("none"));
    }
    assertThat(flags).containsExactly("schg", "none");
  }

  @Test
  void readsASizeInBase256() throws Exception {
    byte[] tar = new RawTar().file("/a", "abc").end();
    byte[] header = Arrays.copyOf(tar, 512);
    Arrays.fill(header, 124, 136, (byte) 0);
    header[124] = (byte) 0x80;
    header[135] = 3;
    RawTar again = new RawTar().block(header).raw(Arrays.copyOfRange(tar, 512, tar.length));
    assertThat(entry(again).sizeBytes()).isEqualTo(3);
    header[128] = (byte) 0x7f;
    header[125] = (byte) 0x7f;
    byte[] huge = new RawTar().block(header).end();
    assertThatThrownBy(() -> new TarReader(new ByteArrayInputStream(huge)).next())
        .isInstanceOf(HostileArchiveException.class)
        .hasMessageContaining("out of range");
  }

  /** A megabyte of names for each of many members would be a bomb of headers. */
  @Test
  void boundsAllHeadersTogether() {
    String megabyte = "x".repeat((1 << 20) - 100);
    RawTar tar = new RawTar();
    for (int i = 0; i < 6; i++) {
      tar.pax('x', "comment", megabyte).file("/" + i, "");
    }
    byte[] bytes = tar.end();
    TarReader reader = new TarReader(new ByteArrayInputStream(bytes));
    assertThatThrownBy(() -> {
          while (reader.next() != null) {
            // On to the next one.
          }
        })
        .isInstanceOf(HostileArchiveException.class)
        .hasMessage("the archive has more headers than members need");
  }

  private static TarEntry entry(RawTar tar) throws Exception {
    TarEntry entry = new TarReader(new ByteArrayInputStream(tar.end())).next();
    assertThat(entry).isNotNull();
    return Objects.requireNonNull(entry);
  }
}
