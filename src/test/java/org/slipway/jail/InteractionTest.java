package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell in a jail for whoever started the program, from a pipe and from a terminal. */
final class InteractionTest {
  @TempDir
  private Path folder;

  private List<String> program = List.of();

  /** Lends its own input and output to a shell in a jail. */
  static final class Lender {
    private Lender() {}

    public static void main(String[] arguments) throws Exception {
      try (Jails jails = Jails.open(Path.of(arguments[0]), true);
          Jail jail = jails.create(Commands.host())) {
        Exit exit = jail.interact(new Command(
            List.of("/bin/sh"),
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "PS1", "jail$ "),
            "/wrkdirs",
            Command.User.BUILDER,
            Command.Network.NONE,
            Commands.LIMITS,
            java.util.Optional.empty()));
        System.out.println("[" + exit.inWords() + "]");
      }
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    program = new java.util.ArrayList<>(
        JavaPrograms.argv(JavaPrograms.copy(folder.resolve("classes")), Lender.class));
    program.add(folder.resolve("jails").toString());
  }

  @Test
  void readsAScriptFromAPipeAndTellsItsStatus() throws Exception {
    String said = run(program, "pwd; tty; echo to errors >&2; exit 3\n");
    assertThat(said).contains("/wrkdirs\nnot a tty\nto errors\n[exit status 3]\n");
    assertThat(said).doesNotContain("jail$");
  }

  @Test
  void endsWithItsInput() throws Exception {
    assertThat(run(program, "echo last words\n")).contains("last words\n[exit status 0]\n");
  }

  @Test
  void givesATerminalOfTheJailsOwnAndTheCallersBackAsItWas() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script(1) is absent");
    String words = "'" + String.join("' '", program) + "'";
    List<String> onTerminal = List.of(
        "/usr/bin/script",
        "-q",
        "-e",
        "-c",
        "stty rows 31 cols 97; tty; stty -g; " + words + "; echo ended=$?; stty -g",
        "/dev/null");
    String said = run(onTerminal, "echo jailed `tty` `stty size` && echo done=$((6*7)); exit 5\n")
        .replace("\r", "");
    assertThat(said).containsPattern("jail\\$ jailed /dev/pts/[0-9]+ 31 97\n").contains("done=42");
    assertThat(said).contains("[exit status 5]");
    List<String> lines = said.lines().toList();
    String settings = lines.stream()
        .filter(line -> line.matches("[0-9a-f]+(:[0-9a-f]+){10,}"))
        .findFirst()
        .orElseThrow();
    assertThat(lines.get(lines.size() - 1)).as(said).isEqualTo(settings);
  }

  private static String run(List<String> argv, String input) throws Exception {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
      if (argv.get(0).endsWith("script")) {
        in.flush();
        // Its end would be typed as an end of input, before the program has begun to read.
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
      }
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
