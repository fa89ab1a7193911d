package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bases from archives in the layout of FreeBSD's releases: made, kept, checked, deleted. */
final class BasesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir
  Path folder;

  private Path kept = Path.of("");
  private Bases bases = new Bases(Path.of(""));
  private final List<String> remarks = new ArrayList<>();

  @BeforeEach
  void open() {
    kept = folder.resolve("home/bases");
    bases = new Bases(kept, BaseLimits.DEFAULT, InstantSource.fixed(NOW));
  }

  @Test
  void unpacksAReleaseWithItsModesLinksAndParts() throws Exception {
    KeptBase base = create("14.2-amd64", release("lib32"));

    Path root = kept.resolve("14.2-amd64/root");
    assertThat(base.base()).isEqualTo(new Base.Directory(root));
    assertThat(base.created()).isEqualTo(NOW);
    assertThat(mode(root.resolve("usr/bin/su"))).isEqualTo("4555");
    assertThat(mode(root.resolve("tmp"))).isEqualTo("1777");
    assertThat(mode(root.resolve("var/empty"))).endsWith("55");
    assertThat(Files.readSymbolicLink(root.resolve("sys"))).isEqualTo(Path.of("usr/src/sys"));
    assertThat(Files.isSameFile(root.resolve("bin/test"), root.resolve("bin/[")))
        .isTrue();
    assertThat(root.resolve("usr/lib32/a")).hasContent("a");
    assertThat(root.resolve("dev/null")).doesNotExist();
    assertThat(remarks)
        .containsExactly(
            "1 device, pipe or socket of base.txz were left out; each jail has its own");
    assertThat(Files.getLastModifiedTime(root.resolve("bin/sh")).toMillis())
        .isEqualTo(1_700_000_000_000L);
    assertThat(bases.list()).containsExactly(base);
    assertThat(bases.use(base.name())).isEqualTo(base);
    assertThat(bases.read(base, BaseProgress.NONE)).isEqualTo(base.id().orElseThrow());
    assertThat(base.pathList().orElseThrow())
        .content()
        .contains("./bin/sh\n", "./sys -> usr/src/sys\n", "./usr/lib32/\n");
    assertThat(names(kept)).containsExactly("14.2-amd64");
  }

  @Test
  void keepsOwnersWhereTheUserCanGiveFilesAway() throws Exception {
    KeptBase base = create("a", release());

    Path mail = kept.resolve("a/root/var/mail");
    Object group = Files.getAttribute(mail, "unix:gid");
    assertThat(group.equals(6)).isEqualTo(base.owners());
  }

  @Test
  void theSameContentHasTheSameIdUnderAnotherNameAndFromAnotherSource() throws Exception {
    KeptBase one = create("one", release());
    KeptBase two = create("two", new BaseSource.Folder(kept.resolve("one/root")));

    assertThat(two.id()).isEqualTo(one.id());
    assertThat(two.paths()).isEqualTo(one.paths());
    assertThat(two.sizeBytes()).isEqualTo(one.sizeBytes());
    assertThat(Files.isSameFile(kept.resolve("two/root/bin/test"), kept.resolve("two/root/bin/[")))
        .isTrue();
  }

  @Test
  void anotherByteModeNameOrTargetIsAnotherId() throws Exception {
    List<Optional<BaseId>> ids = new ArrayList<>();
    int number = 0;
    for (byte[] archive : List.of(
        tree(base -> base.file("x", 0644, "1").link("l", "x")),
        tree(base -> base.file("x", 0644, "2").link("l", "x")),
        tree(base -> base.file("x", 0755, "1").link("l", "x")),
        tree(base -> base.file("y", 0644, "1").link("l", "x")),
        tree(base -> base.file("x", 0644, "1").link("l", "y")),
        tree(base -> base.file("x", 0644, "1").link("l", "x").folder("d", 0755)))) {
      number++;
      ids.add(create("b" + number, archive("b" + number + ".tar", archive)).id());
    }
    assertThat(ids).doesNotHaveDuplicates().doesNotContain(Optional.empty());
  }

  @Test
  void theIdIsAsItsFormIsWritten() throws Exception {
    KeptBase base = create(
        "small",
        archive(
            "small.tar",
            SampleBase.tar(each -> each.folder("./", 0700)
                .folder("bin", 0755)
                .file("bin/sh", 0755, "abc")
                .link("é", "bin/ü"))));
    String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    String form = "slipway base 1\n" + "d 755 0 0 \0\0" + "d 755 0 0 bin\0\0" + "f 755 0 0 bin/sh\0"
        + abc + "\0" + "l 0 0 0 \u00c3\u00a9\0bin/\u00c3\u00bc\0";
    byte[] sum =
        BaseDigest.sha256().digest(form.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThat(base.id()).contains(new BaseId(java.util.HexFormat.of().formatHex(sum)));
  }

  @Test
  void noticesACheapAndAnExpensiveChange() throws Exception {
    KeptBase base = create("a", release());
    Path shell = kept.resolve("a/root/bin/sh");
    var changed = Files.getLastModifiedTime(shell);
    Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> bases.use(base.name()))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("the base a was changed since it was made");
    Files.writeString(shell, "#!/bin/evil\n");
    Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setLastModifiedTime(shell, changed);
    // Same length, mode and time: only reading it tells.
    assertThat(bases.use(base.name())).isEqualTo(base);
    assertThat(bases.read(base, BaseProgress.NONE)).isNotEqualTo(base.id().orElseThrow());
  }

  @Test
  void theHostIsKeptAsAMarker() throws Exception {
    KeptBase base = create("here", new BaseSource.Host());
    assertThat(base.base()).isEqualTo(new Base.Host());
    assertThat(base.id()).isEmpty();
    assertThat(bases.use(base.name())).isEqualTo(base);
    assertThat(bases.list()).containsExactly(base);
    bases.delete(base.name(), false);
    assertThat(bases.list()).isEmpty();
  }

  @Test
  void deletesWhatItMadeAndNothingElse() throws Exception {
    KeptBase base = create("a", release());
    Path outside = Files.writeString(folder.resolve("outside"), "x");
    Files.createSymbolicLink(kept.resolve("a/root/out"), outside);
    Files.setPosixFilePermissions(
        kept.resolve("a/root/var/empty"), PosixFilePermissions.fromString("---------"));
    bases.delete(base.name(), false);
    assertThat(outside).exists();
    assertThat(names(kept)).isEmpty();
    assertThatThrownBy(() -> bases.delete(base.name(), false))
        .hasMessage("there is no base a in " + kept);
    create("a", release());
  }

  @Test
  void refusesToDeleteABaseThatIsUsedUnlessForced() throws Exception {
    KeptBase base = create("a", release());
    Path root = kept.resolve("a/root");
    try (BaseUse use = BaseUse.begin(root).orElseThrow()) {
      assertThatThrownBy(() -> bases.delete(base.name(), false))
          .hasMessage("the base a is used by jails of process "
              + ProcessHandle.current().pid() + "; stop that first, or give --force");
      assertThat(bases.use(base.name())).isEqualTo(base);
    }
    assertThat(bases.users(base.name())).isEmpty();
    try (BaseUse use = BaseUse.begin(root).orElseThrow()) {
      bases.delete(base.name(), true);
      assertThat(bases.list()).isEmpty();
    }
  }

  @Test
  void refusesANameThatIsTaken() throws Exception {
    KeptBase base = create("a", release());
    assertThatThrownBy(() -> create("a", new BaseSource.Host()))
        .hasMessage("there is a base a already; delete it first, or choose another name");
    assertThat(bases.list()).containsExactly(base);
  }

  @Test
  void clearsWhatAKilledRunLeft() throws Exception {
    Path left = Files.createDirectories(kept.resolve(".new-old/root/bin"));
    Files.writeString(left.resolve("sh"), "half");
    Files.createDirectories(kept.resolve(".old-gone/root"));
    Path running = Files.createDirectories(kept.resolve(".new-busy"));
    try (BaseLock lock = BaseLock.take(running.resolve("lock")).orElseThrow()) {
      create("a", release());
      assertThat(names(kept)).containsExactly(".new-busy", "a");
      assertThatThrownBy(() -> create("busy", release()))
          .hasMessage("the base busy is being made by another process");
      assertThat(running).exists();
    }
  }

  @Test
  void refusesNamesThatAreNone() {
    for (String name : List.of("", ".", "..", "a/b", ".hidden", "host", "-x", "a b", "a\u0000")) {
      assertThatThrownBy(() -> new BaseName(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private KeptBase create(String name, BaseSource source) throws IOException {
    return bases.create(new BaseName(name), source, new BaseProgress() {
      @Override
      public void at(String step, long doneBytes, long totalBytes) {}

      @Override
      public void remark(String sentence) {
        remarks.add(sentence);
      }
    });
  }

  private BaseSource release(String... with) throws IOException {
    Path release = folder.resolve("release");
    if (!Files.exists(release)) {
      SampleBase.release(release);
    }
    return new BaseSource.Archive(
        release.resolve("base.txz").toString(), List.of(with), Optional.empty());
  }

  private BaseSource archive(String name, byte[] bytes) throws IOException {
    return new BaseSource.Archive(
        Files.write(folder.resolve(name), bytes).toString(), List.of(), Optional.empty());
  }

  private static byte[] tree(java.util.function.Consumer<SampleBase> more) throws IOException {
    return SampleBase.tar(base -> more.accept(
        base.folder("./", 0755).folder("bin", 0755).file("bin/sh", 0755, "#!/bin/true\n")));
  }

  private static String mode(Path path) throws IOException {
    Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return Integer.toOctalString((Integer) mode & 07777);
  }

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> String.valueOf(each.getFileName()))
          .filter(each -> !each.equals(".downloads"))
          .sorted()
          .toList();
    }
  }
}
