package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.HostFinding;
import org.slipway.jail.HostFinding.Level;
import picocli.CommandLine;

final class DoctorTest {
  private static final List<HostFinding> BAD = List.of(
      new HostFinding("system", Level.GOOD, "FreeBSD 14.3-RELEASE", List.of()),
      new HostFinding(
          "limits",
          Level.MISSING,
          "the kernel does not count what jails use, so a job's memory limit is refused; write this"
              + " line into /boot/loader.conf and restart",
          List.of("kern.racct.enable=1", "shutdown -r now")),
      new HostFinding("roots", Level.NOTE, "no \u001b[2J ZFS here", List.of()));

  @TempDir
  Path folder;

  @Test
  void saysWhatIsMissingAndHowToMendItIn80Columns() {
    StringWriter text = new StringWriter();
    Doctor.print(BAD, new PrintWriter(text));
    assertThat(text.toString().lines())
        .containsExactly(
            "system      FreeBSD 14.3-RELEASE",
            "limits      MISSING: the kernel does not count what jails use, so a job's",
            "            memory limit is refused; write this line into /boot/loader.conf and",
            "            restart",
            "                kern.racct.enable=1",
            "                shutdown -r now",
            "roots       note: no ?[2J ZFS here",
            "",
            "A farm cannot build here yet: 1 thing is missing.");
    assertThat(text.toString().lines()).allMatch(line -> line.length() < 80);
    assertThat(Doctor.ready(BAD)).isFalse();
  }

  @Test
  void isContentWithNotes() {
    StringWriter text = new StringWriter();
    List<HostFinding> notes = List.of(BAD.get(0), BAD.get(2));
    Doctor.print(notes, new PrintWriter(text));
    assertThat(text.toString()).endsWith("\nA farm can build here.\n");
    assertThat(Doctor.ready(notes)).isTrue();
  }

  @Test
  void tellsProgramsTheSame() throws IOException {
    StringWriter text = new StringWriter();
    Doctor.json(BAD, new PrintWriter(text));
    JsonNode json = new ObjectMapper().readTree(text.toString());
    assertThat(json.get("ready").asBoolean()).isFalse();
    assertThat(json.get("findings")).hasSize(3);
    JsonNode limits = json.get("findings").get(1);
    assertThat(limits.get("what").asText()).isEqualTo("limits");
    assertThat(limits.get("level").asText()).isEqualTo("missing");
    assertThat(limits.get("mend").get(0).asText()).isEqualTo("kern.racct.enable=1");
  }

  @Test
  void looksAtThisHostAndEndsWithWhatItFound() throws IOException {
    StringWriter text = new StringWriter();
    CommandLine line = new CommandLine(new DoctorCommand());
    line.setOut(new PrintWriter(text));
    int status = line.execute("--json", "--home", folder.toString());
    JsonNode json = new ObjectMapper().readTree(text.toString());
    assertThat(json.get("findings").findValuesAsText("what"))
        .contains("java", "program")
        .doesNotHaveDuplicates();
    assertThat(status).isEqualTo(json.get("ready").asBoolean() ? 0 : 1);
    assertThat(
            new CommandLine(new DoctorCommand()).setErr(new PrintWriter(text)).execute("--jso"))
        .isEqualTo(2);
  }
}
