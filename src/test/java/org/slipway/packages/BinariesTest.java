package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared libraries and foreign binaries on FreeBSD targets; what pkg makes of them was tried. */
final class BinariesTest {
  private static final Abi AMD64 = Abi.parse("FreeBSD:14:amd64");

  @TempDir
  Path folder;

  private final List<PackageContent.Entry> files = new ArrayList<>();

  @Test
  void marksTheLibrariesOfThe32BitSet() throws Exception {
    file(
        "/usr/local/lib32/liba.so.1", freeBsd(SampleElf.I386).named("liba.so.1").needs("libb.so"));
    file("/usr/local/lib/libc.so.1", freeBsd(SampleElf.AMD64).named("libc.so.1").needs("libb.so"));
    Binaries binaries = Binaries.of(content(), AMD64);
    assertThat(binaries.provided()).containsExactlyInAnyOrder("liba.so.1:32", "libc.so.1");
    assertThat(binaries.required()).containsExactlyInAnyOrder("libb.so:32", "libb.so");
    assertThat(binaries.foreign()).isEmpty();
  }

  @Test
  void countsLinuxLibrariesOnlyWhereThatIsAsked() throws Exception {
    file("/compat/linux/lib/liba.so.1", SampleElf.of(SampleElf.AMD64).linux().named("liba.so.1"));
    file(
        "/compat/linux/lib32/libb.so.1",
        SampleElf.of(SampleElf.I386).linux().named("libb.so.1").needs("libm.so.6"));
    assertThat(Binaries.of(content(), AMD64).provided()).isEmpty();
    Binaries both = Binaries.of(
        content(), manifest(AMD64), new LibraryRules(Optional.empty(), BaseLibraries.NONE, true));
    assertThat(both.provided()).containsExactlyInAnyOrder("liba.so.1:Linux", "libb.so.1:Linux:32");
    assertThat(both.required()).containsExactly("libm.so.6:Linux:32");
  }

  @Test
  void findsWhatIsForAnotherSystemOrMachine() throws Exception {
    file("/usr/local/bin/a", freeBsd(SampleElf.AMD64));
    file("/usr/local/bin/b", freeBsd(SampleElf.AARCH64));
    file("/usr/local/bin/c", SampleElf.of(SampleElf.AMD64).linux());
    file("/usr/local/bin/d", SampleElf.of(SampleElf.AMD64));
    file("/usr/local/bin/e", SampleElf.of(8));
    BuiltPackage built =
        new PackageWriter().write(manifest(AMD64), content(), folder.resolve("x.pkg"));
    assertThat(built.foreign())
        .extracting(ForeignBinary::sentence)
        .containsExactly(
            "/usr/local/bin/b is for FreeBSD aarch64, the package for FreeBSD:14:amd64",
            "/usr/local/bin/c is for Linux x86_64, the package for FreeBSD:14:amd64",
            "/usr/local/bin/e is for the ELF machine 8, the package for FreeBSD:14:amd64");
  }

  @Test
  void findsABinaryInAPackageForEveryMachine() throws Exception {
    file("/usr/local/bin/a", freeBsd(SampleElf.AMD64).needs("libb.so.1"));
    Binaries binaries = Binaries.of(
        content(),
        manifest(AMD64.anyArch()),
        new LibraryRules(Optional.of(AMD64), BaseLibraries.NONE, false));
    assertThat(binaries.required()).containsExactly("libb.so.1");
    assertThat(binaries.foreign())
        .extracting(ForeignBinary::sentence)
        .containsExactly("/usr/local/bin/a is for FreeBSD amd64, the package for FreeBSD:14:*");
  }

  @Test
  void leavesOutWhatTheManifestIgnoresAndTheBaseHas() throws Exception {
    file(
        "/usr/local/lib/liba.so.1",
        freeBsd(SampleElf.AMD64)
            .named("liba.so.1")
            .needs("libc.so.7", "libignored.so.1", "libown.so.1", "libother.so.1", "ld-elf.so.1"));
    file("/usr/local/lib/own/libown.so.1", freeBsd(SampleElf.AMD64).named("libown.so.1"));
    ManifestDraft draft = new ManifestDraft(manifest(AMD64));
    draft.shlibsRequiredIgnore = List.of("libignored.so.1");
    draft.shlibsProvidedIgnore = List.of("libown.so.1");
    LibraryRules rules =
        new LibraryRules(Optional.empty(), new BaseLibraries(Set.of("libc.so.7")), false);
    Binaries binaries = Binaries.of(content(), draft.build(), rules);
    assertThat(binaries.required()).containsExactly("libother.so.1");
    assertThat(binaries.provided()).containsExactly("liba.so.1");
    draft.annotations = Map.of("no_provide_shlib", "yes");
    assertThat(Binaries.of(content(), draft.build(), rules).provided()).isEmpty();
  }

  @Test
  void readsABasesLibrariesFromItsRoot() throws Exception {
    for (String name : List.of(
        "lib/libc.so.7",
        "usr/lib/libz.so",
        "usr/lib32/libc.so.7",
        "usr/lib/riscv64-linux-gnu/libm.so.6")) {
      Path file = folder.resolve("base").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
    Files.writeString(folder.resolve("base/lib/libc.a"), "x");
    Files.writeString(folder.resolve("base/lib/libc.so.bak"), "x");
    assertThat(BaseLibraries.ofRoot(folder.resolve("base")).names())
        .containsExactlyInAnyOrder("libc.so.7", "libz.so", "libc.so.7:32", "libm.so.6");
    assertThat(BaseLibraries.ofRoot(folder.resolve("none")).names()).isEmpty();
  }

  private static SampleElf freeBsd(int machine) {
    return SampleElf.of(machine).freeBsd(1_402_000);
  }

  private void file(String path, SampleElf elf) throws IOException {
    files.add(SamplePackages.file(folder, path, 0755, elf.bytes()));
  }

  private PackageContent content() {
    return new PackageContent(files, List.of(), List.of(), Map.of());
  }

  private static Manifest manifest(Abi abi) {
    return Manifest.of(PackageName.parse("x-1"), Origin.parse("misc/x"), "x", abi);
  }
}
