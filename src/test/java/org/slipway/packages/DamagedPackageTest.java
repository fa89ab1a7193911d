package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packages with damage at random places, the same places in every run. Each is refused in words, or
 * what comes out of it is provably what would come out of the whole one: damage may fall on what
 * nobody reads, such as a block's filling or a file's time.
 */
final class DamagedPackageTest {
  private static final List<String> KINDS = List.of("none", "zstd", "gz", "bzip2", "xz");
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Of a package with 6 KB in it; a reader that believed a header would take gigabytes. */
  private static final long MOST_BYTES_TAKEN = 48L << 20;

  @TempDir
  private Path folder;

  private final List<String> loose = new ArrayList<>();
  private int refused;
  private int equal;
  private int toldByItsSum;

  @Test
  void refusesBitsThatTurned() throws Exception {
    byte[] tar = sample();
    List<String> whole = content(tar);
    Random random = new Random(20_261_122);
    for (int i = 0; i < 110; i++) {
      byte[] damaged = tar.clone();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      check("flip " + i, Packed.as(KINDS.get(i % 3), damaged), whole);
    }
    assertThat(loose).isEmpty();
    assertThat(refused + equal).isEqualTo(110);
    assertThat(refused).isGreaterThan(50);
    assertThat(equal).isGreaterThan(0);
  }

  @Test
  void refusesPackedBytesThatTurned() throws Exception {
    byte[] tar = sample();
    List<String> whole = content(tar);
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      byte[] damaged = Packed.as(KINDS.get(1 + i % 4), tar);
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      check("packed flip " + i, damaged, whole);
    }
    assertThat(loose).isEmpty();
    assertThat(refused + equal + toldByItsSum).isEqualTo(60);
    assertThat(refused).isGreaterThan(40);
    assertThat(toldByItsSum).isLessThan(5);
  }

  @Test
  void refusesWhatWasCutOff() throws Exception {
    byte[] tar = sample();
    Random random = new Random(8);
    for (int i = 0; i < 60; i++) {
      byte[] packed = Packed.as(KINDS.get(i % 5), tar);
      // An uncompressed archive's last block is filling: one of the two is enough for readers.
      int most = i % 5 == 0 ? packed.length - 1024 : packed.length - 1;
      check("cut " + i, Arrays.copyOf(packed, random.nextInt(most)), List.of());
    }
    assertThat(loose).isEmpty();
    assertThat(refused).isEqualTo(60);
  }

  @Test
  void refusesBlocksThatCameTwiceOrInAnotherOrder() throws Exception {
    byte[] tar = sample();
    List<String> whole = content(tar);
    int blocks = tar.length / 512;
    Random random = new Random(9);
    for (int i = 0; i < 60; i++) {
      byte[] damaged = tar.clone();
      int from = random.nextInt(blocks);
      int to = random.nextInt(blocks);
      System.arraycopy(tar, from * 512, damaged, to * 512, 512);
      check("block " + from + " at " + to, Packed.as(KINDS.get(i % 2), damaged), whole);
    }
    assertThat(loose).isEmpty();
    assertThat(refused + equal).isEqualTo(60);
    assertThat(refused).isGreaterThan(40);
  }

  /** One damaged file through every way of reading. */
  private void check(String what, byte[] bytes, List<String> whole) throws IOException {
    Path file = Files.write(folder.resolve("a.pkg"), bytes);
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    Verification found = PackageFile.verify(file, PackageLimits.DEFAULT);
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    String fault = read(file, tar);
    long taken = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    if (taken > MOST_BYTES_TAKEN) {
      loose.add(what + " took " + taken + " bytes of memory");
    }
    if (tar.size() > 2 * 6000 + (1 << 16)) {
      loose.add(what + " wrote " + tar.size() + " bytes");
    }
    for (PackageFinding finding : found.findings()) {
      if (finding.text().isBlank() || !PathRules.isPlainText(finding.toString())) {
        loose.add(what + " is refused without words: " + finding);
      }
    }
    if (!found.sound()) {
      refused++;
    } else if (!fault.isEmpty()) {
      loose.add(what + " is sound to verify and is not to read: " + fault);
    } else if (content(Packed.as("none", unpacked(file))).equals(whole)) {
      equal++;
    } else if (payload(content(Packed.as("none", unpacked(file)))).equals(payload(whole))) {
      // zstd packs the second manifest as a copy of the first, so one bit changes a word of both
      // alike, and pkg writes zstd without a checksum. Only the catalogue's sum of the file tells.
      toldByItsSum++;
    } else {
      loose.add(what + " passes and is another package");
    }
    requireConfined(what, tar.toByteArray());
  }

  private static String read(Path file, ByteArrayOutputStream tar) throws IOException {
    try {
      PackageFile.scan(file);
      PackageFile.open(file).writeTar(tar);
      return "";
    } catch (PackageException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** What came out before a fault was found must not lead out of the folder it is put in. */
  private void requireConfined(String what, byte[] tar) throws IOException {
    Set<String> files = new HashSet<>();
    Set<String> links = new HashSet<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        String name = entry.getName();
        if (name.startsWith("/")
            || Stream.of(name.split("/")).anyMatch(part -> part.equals("..") || part.isEmpty())
            || links.stream().anyMatch(link -> name.startsWith(link + "/"))
            || (entry.isLink() && !files.contains(entry.getLinkName()))) {
          loose.add(what + " leads out by " + name);
        }
        (entry.isSymbolicLink() ? links : files).add(name);
      }
    } catch (IOException cutOff) {
      // What a fault ended is short; its members so far were looked at.
      return;
    }
  }

  /** All that a package is, by an independent reader, but for times and owners' numbers. */
  private static List<String> content(byte[] tar) throws IOException {
    List<String> content = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        boolean manifest = entry.getName().startsWith("+");
        content.add(entry.getName()
            + (manifest
                ? ""
                : " " + (entry.getMode() & 07777) + " " + entry.getUserName() + ":"
                    + entry.getGroupName())
            + " " + entry.getLinkName() + " "
            + Digest.of(in.readAllBytes()));
      }
    }
    return content;
  }

  private static List<String> payload(List<String> content) {
    return content.stream().filter(line -> !line.startsWith("+")).toList();
  }

  private static byte[] unpacked(Path file) throws IOException {
    try (PackedFile packed = PackedFile.open(file, false);
        var in = Compression.unpacked(packed)) {
      return in.readAllBytes();
    }
  }

  /**
   * Two files, both kinds of links and a directory, with modes and owners in the manifest. No
   * scripts: nothing in a package sums them, only the catalogue's sum of the whole file does.
   */
  private static byte[] sample() {
    String text = "0123456789abcdef".repeat(300);
    String first = TypedSum.Kind.SHA256_HEX.of(text).toString();
    String second = TypedSum.Kind.BLAKE2B_BASE32.of("hi\n").toString();
    String link = TypedSum.Kind.BLAKE2S_BASE32.of("foo").toString();
    String files = String.join(
        ",",
        listed("/usr/local/bin/foo", second),
        listed("/usr/local/bin/foo2", second),
        "\"/usr/local/bin/foo3\":{\"sum\":\"" + link + "\",\"uname\":\"root\",\"gname\":\"wheel\","
            + "\"symlink_target\":\"foo\"}",
        listed("/usr/local/share/foo.txt", first));
    String manifest =
        "{\"name\":\"foo\",\"origin\":\"misc/foo\",\"version\":\"1.0\",\"comment\":\"c\","
            + "\"abi\":\"FreeBSD:14:amd64\",\"prefix\":\"/usr/local\",\"flatsize\":4803";
    return new RawTar()
        .file("+COMPACT_MANIFEST", manifest + "}")
        .file(
            "+MANIFEST",
            manifest + ",\"files\":{" + files + "},\"directories\":{\"/var/foo\":"
                + "{\"uname\":\"root\",\"gname\":\"wheel\",\"perm\":\"0644\"}}}")
        .file("/usr/local/bin/foo", "hi\n")
        .link('1', "/usr/local/bin/foo2", "/usr/local/bin/foo")
        .link('2', "/usr/local/bin/foo3", "foo")
        .file("/usr/local/share/foo.txt", text)
        .directory("/var/foo/")
        .end();
  }

  private static String listed(String path, String sum) {
    return "\"" + path + "\":{\"sum\":\"" + sum
        + "\",\"uname\":\"root\",\"gname\":\"wheel\",\"perm\":\"0644\"}";
  }

  @Test
  void acceptsThePackageThatIsWhole() throws Exception {
    for (String kind : KINDS) {
      check(kind, Packed.as(kind, sample()), content(sample()));
    }
    assertThat(loose).isEmpty();
    assertThat(equal).isEqualTo(5);
  }
}
