package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;

final class ForeignBaseTest {
  private static final String NO_PKG = "\nPKG_DEPENDS=\n";

  @TempDir
  Path base;

  private Target target(String abi) {
    return new Target(Abi.parse(abi), new Base.Directory(base), "a base");
  }

  private void has(String file) throws IOException {
    Path path = base.resolve(file);
    Files.createDirectories(path.resolveSibling(""));
    Files.writeString(path, "ID=debian\n");
  }

  @Test
  void aLinuxBaseIsForeignToFreeBsdsPortsAlone() throws Exception {
    has("usr/lib/os-release");
    assertThat(ForeignBase.is(target("FreeBSD:14:amd64"))).isTrue();
    assertThat(ForeignBase.is(target("Linux:3.2:x86_64"))).isFalse();
    assertThat(Presets.text(target("FreeBSD:14:amd64"))).contains(NO_PKG);
    assertThat(Presets.text(target("Linux:3.2:x86_64"))).doesNotContain(NO_PKG);
  }

  @Test
  void aFreeBsdBaseAndOneThatOnlyListsPathsAreNot() throws Exception {
    assertThat(ForeignBase.is(target("FreeBSD:14:amd64"))).isFalse();
    has("libexec/ld-elf.so.1");
    // Made when the system starts, and so in a base that has run once.
    has("etc/os-release");
    assertThat(ForeignBase.is(target("FreeBSD:14:amd64"))).isFalse();
    assertThat(ForeignBase.isFreeBsd(target("FreeBSD:14:amd64"))).isTrue();
    assertThat(Presets.text(target("FreeBSD:14:amd64"))).doesNotContain(NO_PKG);
  }
}
