package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.PackageContent.Attributes;
import org.slipway.packages.PackageContent.Entry;

final class PackageComparisonTest {
  private static final Manifest MANIFEST = Manifest.of(
      PackageName.parse("foo-1.0"), Origin.parse("misc/foo"), "Foo", SamplePackages.ABI);

  @TempDir
  private Path folder;

  private int written;

  @Test
  void findsNothingInWhatIsTheSame() throws Exception {
    assertThat(differences(file("a", "text\n"), file("a", "text\n"))).isEmpty();
  }

  @Test
  void findsFilesThatOnlyOneOfThemHas() throws Exception {
    Path one = write(MANIFEST, List.of(file("a", "1"), file("b", "2")));
    Path other = write(MANIFEST, List.of(file("b", "2"), file("c", "3")));
    assertThat(PackageComparison.of(one, other))
        .extracting(each -> each.kind() + " " + each.path())
        .containsExactly("REMOVED /usr/local/a", "ADDED /usr/local/c");
  }

  @Test
  void findsModesOwnersLinksAndKinds() throws Exception {
    byte[] bytes = {'x'};
    Path one = write(
        MANIFEST,
        List.of(
            SamplePackages.file(folder, "/usr/local/mode", 0644, bytes),
            owned("/usr/local/owner", "root"),
            new PackageContent.Symlink("/usr/local/to", Attributes.ofRoot(0755), "here"),
            file("was", "file")));
    Path other = write(
        MANIFEST,
        List.of(
            SamplePackages.file(folder, "/usr/local/mode", 04755, bytes),
            owned("/usr/local/owner", "nobody"),
            new PackageContent.Symlink("/usr/local/to", Attributes.ofRoot(0755), "there"),
            new PackageContent.Symlink("/usr/local/was", Attributes.ofRoot(0755), "file")));
    assertThat(PackageComparison.of(one, other))
        .extracting(each -> each.kind() + " " + each.path() + " " + each.what())
        .containsExactly(
            "MODE /usr/local/mode mode 644 / 4755",
            "OWNER /usr/local/owner root:wheel / nobody:wheel",
            "LINK /usr/local/to to here / there",
            "TYPE /usr/local/was file / symbolic link");
  }

  @Test
  void findsWhatTheManifestsSayDifferently() throws Exception {
    Map<String, Manifest.Dependency> needs =
        Map.of("bar", new Manifest.Dependency(Origin.parse("misc/bar"), "2.0"));
    Path one = write(MANIFEST, List.of(file("a", "1")));
    Path other = write(MANIFEST.with(needs, Map.of()), List.of(file("a", "1")));
    assertThat(PackageComparison.of(one, other)).singleElement().satisfies(each -> {
      assertThat(each.kind()).isEqualTo(PackageDifference.Kind.MANIFEST);
      assertThat(each.path()).isEqualTo("deps");
      assertThat(each.hints()).anyMatch(hint -> hint.contains("bar"));
    });
  }

  @Test
  void showsTheFirstLinesOfATextThatDiffersAndNamesADate() throws Exception {
    PackageDifference found = only("name\nbuilt 12:30:01\nend\n", "name\nbuilt 12:30:07\nend\n");
    assertThat(found.what()).isEqualTo("24 / 24 bytes");
    assertThat(found.hints())
        .containsExactly(
            "looks like a date or a time", "line 2: \"built 12:30:01\" / \"built 12:30:07\"");
  }

  @Test
  void tellsAnotherOrderFromOtherLines() throws Exception {
    assertThat(only("b\na\nc\n", "a\nb\nc\n").hints()).contains("the same lines in another order");
    assertThat(only("b\na\nc\n", "a\nb\nd\n").hints())
        .doesNotContain("the same lines in another order");
  }

  @Test
  void boundsAndCleansWhatItQuotes() throws Exception {
    PackageDifference found =
        only("x".repeat(5000) + "\u001b[31m1", "x".repeat(5000) + "\u001b[31m2");
    assertThat(found.hints()).allMatch(hint -> hint.length() < 300 && !hint.contains("\u001b"));
    assertThat(found.hints()).anyMatch(hint -> hint.contains("1\" / "));
  }

  @Test
  void readsTheTimeInAGzipHeaderAndWhatIsInside() throws Exception {
    byte[] one = gzip("same\n", 1_700_000_000);
    byte[] other = gzip("same\n", 1_700_000_060);
    assertThat(only(one, other).hints())
        .containsExactly("the time in its gzip header: 2023-11-14T22:13:20Z / 2023-11-14T22:14:20Z;"
            + " gzip -n writes none");
    assertThat(only(gzip("1\n", 0), gzip("2\n", 0)).hints())
        .containsExactly("inside: line 1: \"1\" / \"2\"");
  }

  @Test
  void namesTheHeadersOfAnArchivesMembersAndTheirOrder() throws Exception {
    assertThat(only(ar("a.o", 1_700_000_000), ar("a.o", 1_700_000_009)).hints())
        .singleElement()
        .asString()
        .contains("the header of member #1 a.o", "time 1700000000", "time 1700000009");
    assertThat(only(zip(2001, "a", "b"), zip(2001, "b", "a")).hints())
        .contains("the same members in another order");
    assertThat(only(zip(2001, "a"), zip(2002, "a")).hints())
        .singleElement()
        .asString()
        .contains("time 2001-", "time 2002-");
  }

  @Test
  void namesTheSectionsOfAProgramThatDiffer() throws Exception {
    assertThat(only(elf("made Jan 12 2031"), elf("made Feb 13 2031")).hints())
        .containsExactly(
            "section .rodata differs",
            "section .rodata: looks like a date or a time: \"made Jan 12 2031\" /"
                + " \"made Feb 13 2031\"");
  }

  @Test
  void namesTheTimeOfThePythonSource() throws Exception {
    Path one = write(MANIFEST, List.of(bytes("a.pyc", pyc(1_700_000_000))));
    Path other = write(MANIFEST, List.of(bytes("a.pyc", pyc(1_700_000_001))));
    assertThat(PackageComparison.of(one, other).get(0).hints())
        .containsExactly("the time of the Python source in its header: 2023-11-14T22:13:20Z /"
            + " 2023-11-14T22:13:21Z");
  }

  @Test
  void givesThePlaceInBytesThatAreNoWords() throws Exception {
    assertThat(only(new byte[] {0, 1, 2, 3}, new byte[] {0, 1, 9, 3, 4}).hints())
        .containsExactly("from byte 2 on, of 4 / 5");
  }

  @Test
  void survivesDamagedFormats() throws Exception {
    byte[] elf = elf("x");
    for (int cut = 1; cut < elf.length; cut += 7) {
      byte[] damaged = elf.clone();
      damaged[cut] ^= (byte) 0xff;
      if (!java.util.Arrays.equals(elf, damaged)) {
        assertThat(DifferenceHints.of("x", elf, damaged)).isNotEmpty();
        assertThat(DifferenceHints.of("x", elf, java.util.Arrays.copyOf(elf, cut)))
            .isNotEmpty();
      }
    }
    byte[] gzip = gzip("text", 1);
    byte[] broken = gzip.clone();
    broken[gzip.length - 2] ^= 1;
    broken[12] ^= (byte) 0x55;
    assertThat(DifferenceHints.of("x", gzip, broken)).isNotEmpty();
  }

  @Test
  void refusesWhatIsNoPackage() throws Exception {
    Path text = Files.writeString(folder.resolve("text.pkg"), "no package");
    Path sound = write(MANIFEST, List.of(file("a", "1")));
    assertThatThrownBy(() -> PackageComparison.of(sound, text))
        .isInstanceOf(PackageException.class)
        .hasMessageContaining("text.pkg is no sound package");
  }

  private PackageDifference only(String one, String other) throws Exception {
    return only(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private PackageDifference only(byte[] one, byte[] other) throws Exception {
    List<PackageDifference> found = differences(bytes("a", one), bytes("a", other));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).kind()).isEqualTo(PackageDifference.Kind.CONTENT);
    return found.get(0);
  }

  private List<PackageDifference> differences(Entry one, Entry other) throws Exception {
    return PackageComparison.of(write(MANIFEST, List.of(one)), write(MANIFEST, List.of(other)));
  }

  private Path write(Manifest manifest, List<Entry> entries) throws Exception {
    Path file = folder.resolve(written++ + ".pkg");
    new PackageWriter(new PackageWriter.Settings(1, 0))
        .write(manifest, new PackageContent(entries, List.of(), List.of(), Map.of()), file);
    return file;
  }

  private Entry file(String name, String text) throws IOException {
    return bytes(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Entry bytes(String name, byte[] bytes) throws IOException {
    return SamplePackages.file(folder, "/usr/local/" + name, 0644, bytes);
  }

  private Entry owned(String path, String owner) throws IOException {
    PackageContent.RegularFile plain = SamplePackages.file(folder, path, 0644, new byte[] {'x'});
    return new PackageContent.RegularFile(
        path, new Attributes(0644, owner, "wheel"), plain.bytes(), plain.sizeBytes(), plain.sum());
  }

  private static byte[] gzip(String text, int seconds) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = out.toByteArray();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4, seconds);
    return bytes;
  }

  private static byte[] ar(String name, int seconds) {
    String head = String.format("%-16s%-12d%-6d%-6d%-8s%-10d`\n", name, seconds, 0, 0, "644", 4);
    return ("!<arch>\n" + head + "data").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] zip(int year, String... names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.of(year, 1, 2, 3, 4));
        zip.putNextEntry(entry);
        zip.write('x');
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  private static byte[] pyc(int seconds) {
    ByteBuffer file = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x0a0d0d61).putInt(0).putInt(seconds).putInt(7);
    return file.array();
  }

  /** A 64-bit file with the sections .rodata and .shstrtab. */
  private static byte[] elf(String words) {
    byte[] data = words.getBytes(StandardCharsets.US_ASCII);
    byte[] names = "\0.rodata\0.shstrtab\0".getBytes(StandardCharsets.US_ASCII);
    int table = 64 + data.length + names.length;
    ByteBuffer file = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    file.putLong(40, table).putShort(58, (short) 64).putShort(60, (short) 3).putShort(62, (short)
        2);
    file.position(64);
    file.put(data).put(names);
    List<int[]> sections = new ArrayList<>();
    sections.add(new int[] {1, 64, data.length});
    sections.add(new int[] {9, 64 + data.length, names.length});
    for (int at = 0; at < 2; at++) {
      int header = table + 64 * (at + 1);
      file.putInt(header, sections.get(at)[0]).putInt(header + 4, 1);
      file.putLong(header + 24, sections.get(at)[1])
          .putLong(header + 32, sections.get(at)[2]);
    }
    return file.array();
  }
}
