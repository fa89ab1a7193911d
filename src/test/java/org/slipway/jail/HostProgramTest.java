package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostProgramTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir
  Path folder;

  @Test
  void givesWhatTheProgramMakesOfItsInput() throws Exception {
    assertThat(shell("read -r line && printf '<%s>' \"$line\"", "abc\n")).isEqualTo("<abc>");
    assertThat(shell("cat /dev/null", "not read\n")).isEmpty();
  }

  @Test
  void readsNoShellWordsInArguments() throws Exception {
    byte[] said = HostProgram.run(
        List.of("/bin/sh", "-c", "printf %s \"$1\"", "sh", "$(id) `id` ; 'x"), LONG, new byte[0]);
    assertThat(new String(said, StandardCharsets.UTF_8)).isEqualTo("$(id) `id` ; 'x");
  }

  @Test
  void hidesTheFarmsEnvironment() throws Exception {
    assertThat(shell("env | sed 's/=.*//'", "").lines())
        .contains("PATH")
        .isSubsetOf(
            "PATH", "HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "PWD", "OLDPWD", "SHLVL", "_");
  }

  @Test
  void saysWhyAProgramFailedWithTheEndOfItsErrors() {
    assertThatThrownBy(
            () -> shell("echo long ago >&2; echo 'no card in\nthe reader' >&2; exit 3", ""))
        .isInstanceOf(JailException.class)
        .hasMessage("/bin/sh ended with status 3: long ago no card in the reader");
    assertThatThrownBy(() -> shell(
            "i=0; while [ $i -lt 300 ]; do echo filler; i=$((i+1)); done >&2; echo end >&2; exit 1",
            ""))
        .hasMessageEndingWith("filler end")
        .satisfies(fault -> assertThat(fault.getMessage()).hasSizeLessThan(500));
  }

  @Test
  void saysThatAProgramIsNotThere() {
    Path missing = folder.resolve("none");
    assertThatThrownBy(() -> HostProgram.run(List.of(missing.toString()), LONG, new byte[0]))
        .isInstanceOf(JailException.class)
        .hasMessage(missing + " cannot be started: No such file or directory");
  }

  @Test
  void refusesMoreThanItsBoundOfOutput() throws Exception {
    assertThat(shell("head -c 65536 /dev/zero", "")).hasSize(65536);
    assertThatThrownBy(() -> shell("head -c 300000 /dev/zero", ""))
        .isInstanceOf(JailException.class)
        .hasMessage("/bin/sh wrote more than 65536 bytes");
  }

  @Test
  void endsAProgramThatTakesTooLongWithWhatItStarted() throws Exception {
    Path pid = folder.resolve("pid");
    String script = "sleep 600 & echo $! > " + pid + ".new; mv " + pid + ".new " + pid
        + "; echo waiting >&2; wait";
    assertThatThrownBy(() ->
            HostProgram.run(List.of("/bin/sh", "-c", script), Duration.ofSeconds(2), new byte[0]))
        .isInstanceOf(JailException.class)
        .hasMessageStartingWith("/bin/sh did not end within 2.0 s");
    // A host that starts no shell within that time has nothing to show here.
    if (Files.exists(pid)) {
      Optional<ProcessHandle> child =
          ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
      if (child.isPresent()) {
        child.get().onExit().get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static String shell(String script, String input) throws IOException {
    byte[] said = HostProgram.run(
        List.of("/bin/sh", "-c", script), LONG, input.getBytes(StandardCharsets.UTF_8));
    return new String(said, StandardCharsets.UTF_8);
  }
}
