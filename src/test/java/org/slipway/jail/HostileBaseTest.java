package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives, folders and disks from which no base can be made: one sentence, and nothing left. */
final class HostileBaseTest {
  @TempDir
  Path folder;

  private Path kept = Path.of("");

  @BeforeEach
  void outside() throws IOException {
    kept = folder.resolve("bases");
    Files.writeString(folder.resolve("victim"), "untouched");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../victim", "bin/../../victim", "./../../../victim", "a/.."})
  void namesThatClimbAreRefused(String name) throws Exception {
    refused(base -> base.file(name, 0644, "x"), "climbs out of its folder");
  }

  @Test
  void absoluteNamesStayInside() throws Exception {
    make(archive(
        SampleBase.tar(system().andThen(base -> base.file("//etc/absolute", 0644, "inside")))));
    assertThat(kept.resolve("a/root/etc/absolute")).hasContent("inside");
  }

  @Test
  void linksOnTheWayLeadInsideWhereverTheyPoint() throws Exception {
    make(archive(SampleBase.tar(system()
        .andThen(base -> base.link("out", folder.toString())
            .file("out/victim", 0644, "written")
            .link("up", "..")
            .file("up/there", 0644, "here")
            .folder("usr/lib", 0755)
            .link("lib", "usr/lib")
            .file("lib/x", 0644, "x")
            .folder("lib/", 0700)))));
    Path root = kept.resolve("a/root");
    assertThat(folder.resolve("victim")).hasContent("untouched");
    assertThat(Path.of(root + folder.toString(), "victim")).hasContent("written");
    assertThat(root.resolve("there")).hasContent("here");
    assertThat(root.resolve("usr/lib/x")).hasContent("x");
    assertThat(Files.isSymbolicLink(root.resolve("lib"))).isTrue();
  }

  @Test
  void aFileAfterALinkOfItsNameTakesTheLinksPlace() throws Exception {
    make(archive(SampleBase.tar(system()
        .andThen(
            base -> base.link("x", folder.resolve("victim").toString()).file("x", 0644, "own")))));
    assertThat(folder.resolve("victim")).hasContent("untouched");
    assertThat(kept.resolve("a/root/x")).hasContent("own").isRegularFile();
  }

  @Test
  void linksThatAreNoneAreRefused() throws Exception {
    refused(
        base -> base.link("l1", "l2").link("l2", "l1").file("l1/x", 0644, ""), "too many links");
    refused(base -> base.hard("h", "../victim"), "climbs out of its folder");
    refused(base -> base.hard("h", "nowhere"), "is a hard link to nowhere, which is no file");
    refused(
        base -> base.link("l", folder.resolve("victim").toString()).hard("h", "l"),
        "which is no file before it");
    refused(base -> base.file("f", 0644, "").file("f/x", 0644, ""), "is below a file");
    refused(base -> base.file("bin", 0644, ""), "would take the place of a folder");
    refused(base -> base.link("l", ""), "is a link to nothing");
    refused(base -> base.file("a".repeat(300), 0644, ""), "too long a name");
  }

  @Test
  void pipesAndDevicesAreLeftOut() throws Exception {
    make(archive(SampleBase.tar(
        system().andThen(base -> base.pipe("fifo").device("disk").file("after", 0644, "x")))));
    assertThat(kept.resolve("a/root/fifo")).doesNotExist();
    assertThat(kept.resolve("a/root/disk")).doesNotExist();
    assertThat(kept.resolve("a/root/after")).hasContent("x");
  }

  @Test
  void whatIsNoBaseIsRefusedWithWhatItIs() throws Exception {
    refuse(archive(SampleBase.tar(base -> base.file("foo-1.2/README", 0644, "x"))))
        .hasMessageEndingWith(
            "is no base system: it has no program bin/sh; at its top are foo-1.2");
    refuse(archive(SampleBase.tar(base -> base.file("bin/sh", 0644, "not executable"))))
        .hasMessageContaining("it has no program bin/sh");
    refuse(archive(SampleBase.tar(base -> base.link("bin", "/bin").file("x", 0644, ""))))
        .hasMessageContaining("it has no program bin/sh");
    refuse(archive(SampleBase.tar(base -> {})))
        .hasMessage("base.tar is empty; it has no file at all");
    refuse(archive(new byte[0])).hasMessageContaining("is damaged or no tar archive");
    refuse(archive("<html>not found</html>\n".repeat(100).getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("base.tar is damaged or no tar archive");
    refuse(new BaseSource.Folder(Files.createDirectory(folder.resolve("empty"))))
        .hasMessage(folder.resolve("empty") + " is no base system: it has no program bin/sh");
    refuse(new BaseSource.Folder(folder.resolve("nowhere"))).hasMessageContaining("no folder");
  }

  @Test
  void whatIsCutOffIsRefused() throws Exception {
    byte[] tar = SampleBase.tar(system().andThen(base -> base.file("x", 0644, "x".repeat(5000))));
    byte[] xz = SampleBase.xz(tar);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream to = new GZIPOutputStream(gzip)) {
      to.write(tar);
    }
    for (byte[] whole : List.of(tar, xz, gzip.toByteArray())) {
      // Wherever it is cut: in a file, in a header, between two members, before the end is told.
      for (int length : new int[] {whole.length / 4, 512, 1024, whole.length / 2 / 512 * 512}) {
        if (length < whole.length) {
          refuse(archive(Arrays.copyOf(whole, length)))
              .hasMessageContaining("base.tar is damaged or no tar archive");
        }
      }
    }
    make(archive(xz));
  }

  @Test
  void whatClaimsTooMuchIsRefusedBeforeItIsTaken() throws Exception {
    String most = "x".repeat(100_000);
    BaseLimits few = new BaseLimits(1 << 20, 50_000, 8);
    byte[] large = SampleBase.tar(system().andThen(base -> base.file("large", 0644, most)));
    refuse(archive(large), few).hasMessageContaining("more than 50000 bytes are in it");
    refuse(
            archive(SampleBase.tar(system().andThen(base -> {
              for (int i = 0; i < 9; i++) {
                base.file("f" + i, 0644, "");
              }
            }))),
            few)
        .hasMessageContaining("more than 8 paths are in it");
    refuse(archive(large), new BaseLimits(1000, 1000, 10))
        .hasMessageContaining("more than 1000 bytes");
    refused(
        base -> base.headers("h", Map.of("SCHILY.xattr.a", "x".repeat(5 << 20))),
        "header has more than");
  }

  @Test
  void sumsAreHeldAgainstTheManifest() throws Exception {
    Path release = SampleBase.release(folder.resolve("release"));
    String manifest = Files.readString(release.resolve("MANIFEST"));
    String base = release.resolve("base.txz").toString();
    Files.write(release.resolve("lib32.txz"), SampleBase.xz(new byte[1024]));
    refuse(new BaseSource.Archive(base, List.of("lib32"), Optional.empty()))
        .hasMessageContaining("lib32.txz is not what it should be: its SHA-256 is ");
    refuse(new BaseSource.Archive(base, List.of("src"), Optional.empty()))
        .hasMessage(release + "/MANIFEST does not name src.txz; it names base.txz, lib32.txz");
    refuse(new BaseSource.Archive(base, List.of(), Optional.of("0".repeat(64))))
        .hasMessageContaining("and you say 0000");
    Files.writeString(
        release.resolve("MANIFEST"), manifest.replace('a', 'b').replace("bbse", "base"));
    refuse(new BaseSource.Archive(base, List.of(), Optional.empty()))
        .hasMessageContaining("base.txz is not what it should be");
    Files.writeString(release.resolve("MANIFEST"), "");
    refuse(new BaseSource.Archive(base, List.of(), Optional.empty()))
        .hasMessage(release + "/MANIFEST does not name base.txz; it is empty");
    Files.writeString(release.resolve("MANIFEST"), "<html>\n");
    refuse(new BaseSource.Archive(base, List.of(), Optional.empty()))
        .hasMessageContaining("MANIFEST, line 1: this is no MANIFEST of a FreeBSD release");
  }

  @Test
  void aFullDiskIsToldAndLeavesNothing() throws Exception {
    assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid")), "root mounts");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path tar = Files.write(
        folder.resolve("base.tar"),
        SampleBase.tar(system().andThen(base -> base.file("x", 0644, "x".repeat(3 << 20)))));
    // The mount is in a namespace of its own, so it ends with the process whatever happens.
    Process process = new ProcessBuilder(
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            "mount -t tmpfs -o size=2m tmpfs \"$1\" || exit 99; shift; \"$@\"; code=$?;"
                + " ls -A \"$0\"; exit $code",
            disk.toString(),
            disk.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            BaseProgramMain.class.getName(),
            disk.toString(),
            tar.toString())
        .redirectErrorStream(true)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    assumeTrue(status != 99, said);
    assertThat(status).as(said).isEqualTo(1);
    assertThat(said)
        .contains("the base a cannot be written")
        .contains("No space left on device")
        .contains("MiB are free in " + disk)
        .doesNotContain(".new-a")
        .endsWith("\n");
    assertThat(said.lines().toList()).hasSize(1);
  }

  /** All that a base needs. */
  private static Consumer<SampleBase> system() {
    return base ->
        base.folder("./", 0755).folder("bin", 0755).file("bin/sh", 0755, "#!/bin/true\n");
  }

  private BaseSource archive(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("base.tar"), bytes);
    return new BaseSource.Archive(file.toString(), List.of(), Optional.empty());
  }

  private void refused(Consumer<SampleBase> more, String message) throws Exception {
    refuse(archive(SampleBase.tar(system().andThen(more))))
        .hasMessageStartingWith("base.tar is ")
        .hasMessageContaining(message);
    assertThat(folder.resolve("victim")).hasContent("untouched");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ?> refuse(BaseSource source)
      throws Exception {
    return refuse(source, BaseLimits.DEFAULT);
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ?> refuse(
      BaseSource source, BaseLimits limits) throws Exception {
    var refused = assertThatThrownBy(() -> make(source, limits)).isInstanceOf(BaseException.class);
    assertThat(BasesTest.names(kept)).isEmpty();
    return refused;
  }

  private KeptBase make(BaseSource source) throws IOException {
    return make(source, BaseLimits.DEFAULT);
  }

  private KeptBase make(BaseSource source, BaseLimits limits) throws IOException {
    return new Bases(kept, limits, InstantSource.system())
        .create(new BaseName("a"), source, BaseProgress.NONE);
  }
}
