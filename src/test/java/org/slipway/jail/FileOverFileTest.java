package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files mounted over files of the host's own folders. */
class FileOverFileTest {
  @TempDir
  Path folder;

  private Mount mount(String target) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.writeString(folder.resolve("program"), "#!/bin/sh\necho covered\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Mount(file, target, false);
  }

  private String said(List<Mount> mounts, String script) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Jails jails = Jails.open(folder.resolve("jails"), true);
        Jail jail = jails.create(new JailSpec("cover", new Base.Host(), mounts))) {
      jail.run(
          new Command(
              List.of("/bin/sh", "-c", script),
              Map.of("PATH", "/usr/bin:/bin"),
              "/",
              Command.User.BUILDER,
              Command.Network.NONE,
              Limits.of(Duration.ofMinutes(1)),
              Optional.empty()),
          output);
    }
    return output.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aFileIsSeenInPlaceOfOneOfTheHostsAndTheHostsStaysWhatItIs() throws Exception {
    String date = Path.of("/usr/bin/date").toRealPath().toString();
    assertThat(said(
            List.of(
                mount(date),
                new Mount(Path.of(date), "/farm-date", false),
                mount("/usr/local/sbin/tool")),
            "date; /usr/local/sbin/tool; test -x /farm-date && echo kept; : >" + date))
        .startsWith("covered\ncovered\nkept\n")
        .contains("Read-only file system");
    assertThat(Files.size(Path.of(date))).isGreaterThan(1000);
  }

  @Test
  void nothingElseCanBeMountedBelowTheHostsUsr() throws Exception {
    for (String target : List.of("/usr/bin/absent-program", "/usr/share")) {
      Mount mount = mount(target);
      assertThatThrownBy(() -> said(List.of(mount), "true"))
          .isInstanceOf(JailException.class)
          .hasMessage("mount at " + target + ": below the host's /usr only a file can be mounted,"
              + " over a file that is there");
    }
  }
}
