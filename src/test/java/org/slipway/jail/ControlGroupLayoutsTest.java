package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Farms on hosts whose control groups are laid out in other ways than here, made up in a mount namespace of their own. */
// Without groups a limit on processes counts all of the build user, those of other tests too.
@Isolated
final class ControlGroupLayoutsTest {
  @TempDir
  Path folder;

  enum Layout {
    NONE("umount -R -l /sys/fs/cgroup"),
    READ_ONLY("for m in $(grep -o ' /sys/fs/cgroup[^ ]*' /proc/self/mountinfo);"
        + " do mount -o remount,bind,ro $m || exit 1; done"),
    VERSION_TWO("umount -R -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup"),
    VERSION_ONE("test -d /sys/fs/cgroup/memory || exit 77;"
        + " for m in $(grep ' - cgroup2 ' /proc/self/mountinfo | grep -o ' /sys/fs/[^ ]*');"
        + " do umount $m || exit 1; done");

    private final String script;

    Layout(String script) {
      this.script = script;
    }
  }

  @BeforeEach
  void needsRoot() throws Exception {
    Assumptions.assumeTrue(
        (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0
            && HostProcess.run(List.of("unshare", "--mount", "true"), 10) == null,
        "only root with all rights can make mounts up");
  }

  @ParameterizedTest
  @EnumSource
  void containsAndLimitsBuildsWhereControlGroupsAre(Layout layout) throws Exception {
    List<String> said = farm(layout);
    // One of the two runtimes works everywhere, and whatever works limits what it runs.
    assertThat(said).as(said.toString()).hasSize(3);
    assertThat(said.subList(0, 2)).anyMatch(line -> line.contains(": runs "));
    for (String line : said) {
      if (!line.contains(": refused ")) {
        assertThat(line)
            .contains("runs [exit status 0]", "memory [out of memory at 96 MiB]")
            .matches(".*processes \\[(exit status [1-9]|ended by signal 9).*");
        // The one layout in which this host has these controllers for sure.
        if (layout == Layout.VERSION_ONE) {
          assertThat(line).contains(", too many processes]").endsWith("cpu [exit status 0]");
        }
        if (layout == Layout.NONE || layout == Layout.READ_ONLY) {
          assertThat(line).endsWith("cpu refused");
        }
      }
    }
    try (Stream<Path> left = Files.walk(folder.resolve("jails"), 2)) {
      assertThat(left.filter(path -> path.getNameCount() == folder.getNameCount() + 3))
          .allMatch(path -> path.endsWith("scripts"));
    }
  }

  private List<String> farm(Layout layout) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
    argv.addAll(List.of("sh", "-c", layout.script + " && exec \"$@\"", "sh"));
    argv.addAll(
        JavaPrograms.argv(JavaPrograms.copy(folder.resolve("classes")), LayoutProgram.class));
    argv.add(folder.resolve("jails").toString());
    Process process = new ProcessBuilder(argv).start();
    process.getOutputStream().close();
    try (var errors = process.getErrorStream();
        var output = process.getInputStream()) {
      List<String> lines = new String(output.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.matches("[A-Z]+: (runs|refused) .*"))
          .toList();
      String complaint = new String(errors.readAllBytes(), StandardCharsets.UTF_8);
      Assumptions.assumeTrue(process.waitFor() != 77, "this host has no version 1 hierarchies");
      assertThat(process.exitValue()).as(complaint).isZero();
      return lines;
    }
  }
}
