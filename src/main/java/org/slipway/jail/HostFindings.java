package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at this host for what jails need of it, and changes nothing. Starts no jail: that is what {@link Jails#open} does. */
public final class HostFindings {
  /** Larger is no file of the kernel's that is read here. */
  private static final int MOST = 4 << 20;

  private HostFindings() {}

  /**
   * @param jails the farm's folder of jails, HOME/jails; it need not be there
   * @return nothing for a system on which no jails can be made at all
   */
  public static List<HostFinding> gather(Path jails) throws IOException {
    String system = System.getProperty("os.name", "");
    if (system.equals("FreeBSD")) {
      return FreeBsdFindings.of(freeBsd(), jails);
    }
    return system.equals("Linux") ? LinuxFindings.of(linux()) : List.of();
  }

  private static Map<String, String> freeBsd() throws IOException {
    FreeBsdHost host = new FreeBsdHost(HostProcess.PATH);
    Map<String, String> answers = new HashMap<>();
    for (FreeBsdCall call : FreeBsdFindings.PROBES) {
      host.ask(call).ifPresent(answer -> answers.put(call.line(), answer));
    }
    if (Files.isReadable(FreeBsdFindings.NAMES)) {
      answers.put(FreeBsdFindings.NAMES.toString(), Files.readString(FreeBsdFindings.NAMES));
    }
    for (String program : FreeBsdFindings.PROGRAMS) {
      which(program).ifPresent(path -> answers.put("which " + program, path.toString()));
    }
    return answers;
  }

  private static Map<String, String> linux() throws IOException {
    Map<String, String> answers = new HashMap<>();
    for (String file : LinuxFindings.FILES) {
      Path path = Path.of(file);
      if (Files.isReadable(path) && !Files.isDirectory(path)) {
        try (var in = Files.newInputStream(path)) {
          answers.put(file, new String(in.readNBytes(MOST), StandardCharsets.UTF_8));
        } catch (IOException e) {
          // A file of the kernel's that may be opened and not be read: as if it were not there.
        }
      }
    }
    for (String program : LinuxFindings.PROGRAMS) {
      which(program).ifPresent(path -> answers.put("which " + program, path.toString()));
    }
    if (Files.isWritable(Path.of("/dev/loop-control"))) {
      answers.put("loop devices", "");
    }
    if (Files.isReadable(Outside.TUNNEL) && Files.isWritable(Outside.TUNNEL)) {
      answers.put("tunnel", "");
    }
    answers.put("user", System.getProperty("user.name", ""));
    answers.put("uid", String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
    return answers;
  }

  private static Optional<Path> which(String program) {
    return List.of(HostProcess.PATH.split(":", -1)).stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
