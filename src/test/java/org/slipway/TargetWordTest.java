package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.BaseName;
import org.slipway.jail.BaseProgress;
import org.slipway.jail.BaseSource;
import org.slipway.jail.Bases;
import org.slipway.jail.KeptBase;
import org.slipway.packages.Abi;
import org.slipway.packages.SampleShell;

/** Which base an evaluation sees, where a kept one is named. */
final class TargetWordTest {
  @TempDir
  Path folder;

  @Test
  void aBaseThatCannotRunHereStandsInByItsPaths() throws Exception {
    KeptBase base = keep("fbsd", SampleShell.freeBsd(1402000));
    Target target = word().target(Optional.of("FreeBSD:14.2:amd64"), Optional.of("fbsd"));
    assertThat(target.abi()).isEqualTo(Abi.parse("FreeBSD:14:amd64"));
    assertThat(target.baseName()).startsWith("FreeBSD 14.2 list ");
    Path seen = ((Base.Directory) target.base()).root();
    assertThat(seen).isNotEqualTo(((Base.Directory) base.base()).root());
    assertThat(seen.resolve("usr/include/only-there.h")).isEmptyFile();
    assertThat(seen.resolve("etc/os-release")).doesNotExist();
    assertThatThrownBy(() -> word().target(Optional.empty(), Optional.of("fbsd")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give --target, such as FreeBSD:14.2:amd64");
  }

  @Test
  void aBaseOfThisHostsSystemIsUsedItself() throws Exception {
    KeptBase base = keep("deb", SampleShell.linux());
    Target target = word().target(Optional.empty(), Optional.of("deb"));
    assertThat(target.abi()).isEqualTo(Abi.parse("Linux:3.2:x86_64"));
    assertThat(target.base()).isEqualTo(base.base());
    assertThat(target.baseName()).isEqualTo("Linux 3.2 " + base.id().orElseThrow());
    assertThat(
            word().target(Optional.of("FreeBSD:14.2:amd64"), Optional.of("deb")).base())
        .isEqualTo(base.base());
  }

  @Test
  void withoutAFarmsHomeANameIsAPath() {
    assertThatThrownBy(() -> new TargetWord(() -> Abi.parse("Linux:3.2:x86_64"), folder)
            .target(Optional.empty(), Optional.of("no-such-base")))
        .hasMessageContaining("there is no no-such-base; a base is")
        .hasMessageContaining("with --home the name of a kept base");
  }

  private TargetWord word() {
    return new TargetWord(
        () -> Abi.parse("Linux:3.2:x86_64"),
        folder.resolve("stand-ins"),
        Optional.of(new Bases(folder.resolve("bases"))));
  }

  private KeptBase keep(String name, byte[] shell) throws IOException {
    Path system = Files.createDirectories(folder.resolve("system"));
    for (String each : List.of("bin", "usr/include")) {
      Files.createDirectories(system.resolve(each));
    }
    Files.writeString(system.resolve("usr/include/only-there.h"), "content");
    Path file = Files.write(system.resolve("bin/sh"), shell);
    assertThat(file.toFile().setExecutable(true, false)).isTrue();
    return new Bases(folder.resolve("bases"))
        .create(new BaseName(name), new BaseSource.Folder(system), BaseProgress.NONE);
  }
}
