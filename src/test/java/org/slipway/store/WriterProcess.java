package org.slipway.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.OriginSpec;

/**
 * A Java process of its own that writes to an embedded database and says what is committed, until
 * it is killed.
 */
final class WriterProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private WriterProcess(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static WriterProcess start(Path folder) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classes,
            WriterProcess.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    return new WriterProcess(process);
  }

  /** The next line, null once the process is gone; what it logs is passed over. */
  @Nullable
  String line() throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith("> ")) {
      line = lines.readLine();
    }
    return line == null ? null : line.substring(2);
  }

  /** As the system does when memory is out; gives what it had said before it was gone. */
  List<String> kill() throws IOException, InterruptedException {
    // Through its handle: the process's own method also drops what was not yet read.
    process.toHandle().destroyForcibly();
    List<String> rest = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      rest.add(line);
    }
    process.waitFor();
    return rest;
  }

  boolean gone(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    lines.close();
  }

  /** Writes builds of three packages, one after the other. */
  public static void main(String[] arguments) throws IOException {
    try (FarmStore store =
        FarmStore.open(DatabaseSettings.embedded(Path.of(arguments[0])), InstantSource.system())) {
      say("open");
      JobName job = new JobName("job");
      store.recordCommits(job, List.of(Sample.commit(1)));
      while (!System.out.checkError()) {
        BuildId build = store.begin(job, Sample.commitId(1));
        say("begun " + build);
        store.plan(
            build,
            Sample.plan(
                Sample.build("devel/one"), Sample.build("devel/two"), Sample.build("devel/three")));
        say("planned " + build);
        for (String name : List.of("devel/one", "devel/two", "devel/three")) {
          OriginSpec spec = Sample.spec(name);
          int attempt = store.claim(build, spec, 1).orElseThrow();
          say("claimed " + build + " " + spec + " " + attempt);
          String source = build + name;
          store.built(build, attempt, Sample.known(name, source, source), Sample.PHASES);
          say("built " + build + " " + spec + " " + source);
        }
        store.finish(build, BuildState.DONE, Optional.empty(), Optional.empty());
        say("done " + build);
      }
    } catch (StoreException e) {
      say("refused " + e.getMessage());
      throw new UncheckedIOException(e);
    }
  }

  /** One write a line, so that a line is said whole or not at all. */
  private static void say(String line) {
    byte[] bytes = ("> " + line + "\n").getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }
}
