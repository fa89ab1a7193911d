package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs FreeBSD's programs on the host, outside of any jail. They are looked up in folders of the system's own, not along the
 * path that whoever started the farm had.
 */
final class FreeBsdHost {
  /** A table of mounts or datasets is far smaller. */
  private static final int MOST_OUTPUT = 16 << 20;

  private static final long SECONDS = 600;
  private static final int TAIL = 2000;

  private final String path;

  /**
   * @param path folders of programs, with colons between
   */
  FreeBsdHost(String path) {
    this.path = path;
  }

  /** The command line of sh(1) with a script, whose programs are looked up in the same folders. */
  List<String> script(Path script, List<String> words) {
    List<String> argv =
        new ArrayList<>(List.of("/usr/bin/env", "PATH=" + path, "sh", script.toString()));
    argv.addAll(words);
    return argv;
  }

  private Optional<Path> which(String program) {
    return List.of(path.split(":", -1)).stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private ProcessBuilder builder(FreeBsdCall call) {
    List<String> argv = new ArrayList<>(call.argv());
    which(argv.get(0)).ifPresent(program -> argv.set(0, program.toString()));
    ProcessBuilder builder = HostProcess.builder(argv);
    builder.environment().put("PATH", path);
    return builder;
  }

  /** What it says on its standard output; empty where it does not end well, or is not there. */
  Optional<String> ask(FreeBsdCall call) throws IOException {
    Process process;
    try {
      process = builder(call).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      process.getOutputStream().close();
      byte[] said = process.getInputStream().readNBytes(MOST_OUTPUT + 1);
      if (said.length > MOST_OUTPUT) {
        throw new IOException(call.line() + " says more than " + MOST_OUTPUT + " bytes");
      }
      return ended(process, call) == 0
          ? Optional.of(new String(said, StandardCharsets.UTF_8))
          : Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The same, of a program that has to answer. */
  String tell(FreeBsdCall call) throws IOException {
    return ask(call)
        .orElseThrow(() -> new JailException("this host does not answer \"" + call.line()
            + "\"; see " + call.manual().page()));
  }

  /** @throws JailException where it fails, with what it said */
  void run(FreeBsdCall call) throws IOException {
    List<ProcessBuilder> builders = new ArrayList<>();
    builders.add(builder(call));
    call.into().ifPresent(reader -> builders.add(builder(reader)));
    // What a writer says would come between what it writes.
    ProcessBuilder last = builders.get(builders.size() - 1).redirectErrorStream(true);
    if (last != builders.get(0)) {
      builders.get(0).redirectError(ProcessBuilder.Redirect.DISCARD);
    }
    List<Process> started = ProcessBuilder.startPipeline(builders);
    try {
      started.get(0).getOutputStream().close();
      try (var output = started.get(started.size() - 1).getInputStream()) {
        String said = new String(output.readNBytes(TAIL), StandardCharsets.UTF_8).strip();
        output.skip(Long.MAX_VALUE);
        for (Process process : started) {
          int status = ended(process, call);
          if (status != 0) {
            throw new JailException("\"" + call.line() + "\" failed with status " + status
                + (said.isEmpty() ? "" : ": " + said) + "; see " + call.manual().page());
          }
        }
      }
    } finally {
      started.forEach(Process::destroyForcibly);
    }
  }

  private static int ended(Process process, FreeBsdCall call) throws IOException {
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("\"" + call.line() + "\" did not end in " + SECONDS + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while \"" + call.line() + "\" ran", e);
    }
  }
}
