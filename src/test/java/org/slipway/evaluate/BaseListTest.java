package org.slipway.evaluate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;

final class BaseListTest {
  @TempDir
  private Path temp;

  @Test
  void readsWhatTarAndFindPrintAndWhatIsWrittenByHand() throws IOException {
    Path file = temp.resolve("base.list");
    Files.writeString(
        file, "./\n./bin/\n./bin/sh\n/usr/lib/liby.so -> liby.so.1\n\n# x\n.\n./usr/lib");
    BaseList list = BaseList.read(file);
    assertThat(list.entries())
        .containsExactly(
            Map.entry("bin", new BaseList.Entry.Folder()),
            Map.entry("bin/sh", new BaseList.Entry.File()),
            Map.entry("usr", new BaseList.Entry.Folder()),
            Map.entry("usr/lib", new BaseList.Entry.Folder()),
            Map.entry("usr/lib/liby.so", new BaseList.Entry.Link("liby.so.1")));
    assertThat(list.size()).isEqualTo(5);
    assertThat(list.has("/usr/lib/liby.so")).isTrue();
    assertThat(list.has("/usr/lib/libz.so")).isFalse();
  }

  @Test
  void hasOneIdentityForAllWaysToSayTheSame() throws IOException {
    BaseList list = list("/a/b\n/c -> a/b\n");
    assertThat(list("./c -> a/b\n./a/b\n./a/\n./a\n/a/b").digest()).isEqualTo(list.digest());
    for (String other : List.of("/a/b\n", "/a/b\n/c\n", "/a/b/\n/c -> a/b", "/a/b\n/c -> a\n")) {
      assertThat(list(other).digest()).isNotEqualTo(list.digest());
    }
  }

  @Test
  void turnsAbsoluteLinksIntoLinksWithinTheBase() throws IOException {
    assertThat(
            list("/etc/os-release -> /var/run/os-release\n/sys -> /usr/src\n").entries())
        .containsEntry("etc/os-release", new BaseList.Entry.Link("../var/run/os-release"))
        .containsEntry("sys", new BaseList.Entry.Link("usr/src"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
      /ok\\n../etc/passwd                    | line 2: "../etc/passwd" is no path
      /a/../../etc                           | line 1: "/a/../../etc" has an empty name, . or ..
      /a//b                                  | line 1: "/a//b" has an empty name, . or ..
      /ok\\n/ok\\n-rw-r--r--  0 root  ./bin  | line 3: "-rw-r--r--  0 root  ./bin" is no path
      /a\\7b                                 | line 1: a character that is not printable ASCII
      /a\\r\\n/b                             | line 1: a character that is not printable ASCII
      /caf\\351                             | line 1: a character that is not printable ASCII
      /a -> ../../b                          | line 1: /a leads out of the base
      /a/b -> /../b                          | line 1: /a/b leads out of the base
      "/a -> "                               | line 1: a link to nothing
      /a -> b\\n/a -> c                      | line 2: /a is listed as two different things
      /a -> b\\n/a/c                         | /a/c is listed below /a, which is listed as a link
      """)
  void refusesWhatIsNoListAndSaysWhere(String text, String message) {
    assertRefused(text.translateEscapes(), message);
  }

  @Test
  void refusesMoreThanAnyBaseHas() {
    String name = "n".repeat(BaseList.MAX_NAME_BYTES);
    assertRefused("/" + name + "n\n", "line 1: a name of more than 255 bytes");
    assertRefused("/n".repeat(600), "line 1: a path of more than 1024 bytes");
    assertRefused("/x -> " + "n/".repeat(600), "line 1: a link to nothing, or to a path of more");
    assertRefused("/" + "x".repeat(9000), "line 1: a line of more than");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i <= BaseList.MAX_PATHS; i++) {
      many.append('/').append(i).append('\n');
    }
    assertRefused(many.toString(), "more than 200000 paths; no base has as many");
    StringBuilder deep = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      deep.append('/').append(i).append("/n".repeat(480)).append('\n');
    }
    assertRefused(deep.toString(), "more than 200000 paths and folders above them");
  }

  @Test
  void shipsWhatEachReleaseHas() throws IOException {
    BaseList thirteen = shipped("FreeBSD:13:amd64", "13.4");
    BaseList fourteen = shipped("FreeBSD:14:amd64", "FreeBSD 14.2-RELEASE amd64");
    BaseList fifteen = shipped("FreeBSD:15:aarch64", "15.0");
    for (BaseList list : List.of(thirteen, fourteen, fifteen)) {
      assertThat(list.has("/usr/lib/libncursesw.so")).isTrue();
      assertThat(list.has("/usr/include/openssl/opensslv.h")).isTrue();
      assertThat(list.has("/usr/bin/gcc")).isFalse();
      assertThat(list.has("/usr/lib/libsqlite3.so")).isFalse();
      assertThat(list.entries()).containsEntry("usr/bin/ld", new BaseList.Entry.Link("ld.lld"));
    }
    assertThat(thirteen.has("/usr/include/sys/timerfd.h")).isFalse();
    assertThat(fourteen.has("/usr/include/sys/timerfd.h")).isTrue();
    assertThat(fourteen.has("/usr/include/sys/inotify.h")).isFalse();
    assertThat(fifteen.has("/usr/include/sys/inotify.h")).isTrue();
    assertThat(thirteen.has("/usr/bin/dialog")).isTrue();
    assertThat(fourteen.has("/usr/bin/dialog")).isFalse();
    assertThat(fourteen.has("/usr/sbin/bhyveload")).isTrue();
    assertThat(fifteen.has("/usr/sbin/bhyveload")).isFalse();
    assertThat(fifteen.has("/usr/lib32")).isTrue();
    assertThat(shipped("FreeBSD:13:aarch64", "13.4").has("/usr/lib32")).isFalse();
    assertThat(shipped("FreeBSD:14:i386", "14.2").has("/usr/lib32")).isFalse();
    assertThat(fourteen.digest())
        .isNotEqualTo(thirteen.digest())
        .isEqualTo(shipped("FreeBSD:14.1:amd64", "any").digest());
  }

  @Test
  void shipsNoListThatItCannotAnswerFor() {
    for (String abi : List.of("FreeBSD:12:amd64", "FreeBSD:14:riscv64", "Linux:3.2:x86_64")) {
      assertThatThrownBy(() -> shipped(abi, "any"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ships for " + abi)
          .hasMessageContaining("tar -tf base.txz");
    }
  }

  private static BaseList shipped(String abi, String baseName) throws IOException {
    return BaseList.forTarget(
        new Target(Abi.parse(abi), new Base.Directory(Path.of("/base")), baseName));
  }

  private static BaseList list(String text) throws IOException {
    return BaseList.read("test", new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> list(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("test")
        .hasMessageContaining(message);
  }
}
