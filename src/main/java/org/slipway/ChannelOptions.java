package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotId;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Which farm and which job; common to the commands that look at channels. */
final class ChannelOptions {
  /** Fewer digits than this name a snapshot by chance. */
  private static final int FEWEST_DIGITS = 4;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "--home", paramLabel = "DIR", required = true, description = "the farm's folder")
  private Path home = Path.of("");

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description = "the job whose channels are meant, where the farm has several")
  private @Nullable String job;

  @Option(names = "--json", description = "for programs: one JSON object or array")
  private boolean json;

  boolean json() {
    return json;
  }

  Path home() {
    return home;
  }

  CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  /** Those that are meant: all, or the one that was asked for. */
  Map<String, Publisher> jobs() throws IOException {
    Path repositories = home.resolve("repos");
    if (!Files.isDirectory(home)) {
      throw new IOException("there is no farm in " + home + "; give its folder with --home");
    }
    Map<String, Publisher> all = Publisher.all(repositories, InstantSource.system());
    if (job == null) {
      return all;
    }
    Publisher found = all.get(job);
    if (found == null) {
      throw new IOException("no job " + Quoted.of(job) + " has published in " + home
          + (all.isEmpty() ? "" : "; there are " + String.join(", ", all.keySet())));
    }
    return Map.of(job, found);
  }

  /** The one job that is meant. */
  Publisher publisher() throws IOException {
    Map<String, Publisher> jobs = jobs();
    if (jobs.isEmpty()) {
      throw new IOException("no job has published in " + home + " yet");
    }
    if (jobs.size() > 1) {
      throw new IOException(
          "which job's channel? Give --job with one of " + String.join(", ", jobs.keySet()));
    }
    return jobs.values().iterator().next();
  }

  ChannelName name(String text) {
    try {
      return new ChannelName(text);
    } catch (IllegalArgumentException e) {
      throw wrong(Quoted.printable(String.valueOf(e.getMessage())));
    }
  }

  /** A channel that there is. */
  ChannelName there(Publisher publisher, String text) throws IOException {
    ChannelName name = name(text);
    List<String> names = publisher.channels().stream().map(ChannelName::name).toList();
    if (!names.contains(text)) {
      throw new IOException("there is no channel " + text
          + (names.isEmpty() ? "; nothing has been published yet" : "; there are ")
          + String.join(", ", names));
    }
    return name;
  }

  /** A channel's snapshot, or one by its first digits. */
  SnapshotId snapshot(Publisher publisher, String text) throws IOException {
    List<ChannelName> channels = publisher.channels();
    for (ChannelName each : channels) {
      if (each.name().equals(text)) {
        return publisher.current(each).map(Publication::snapshot).orElseThrow();
      }
    }
    return digits(text, publisher.snapshots(), "there is no channel and no snapshot");
  }

  /** The one of these snapshots that begins so. */
  SnapshotId digits(String text, List<SnapshotId> among, String otherwise) throws IOException {
    List<SnapshotId> found =
        among.stream().filter(each -> each.hex().startsWith(text)).distinct().toList();
    if (text.length() < FEWEST_DIGITS || found.isEmpty()) {
      throw new IOException(otherwise + " " + Quoted.printable(text)
          + (text.length() < FEWEST_DIGITS ? "; give " + FEWEST_DIGITS + " digits or more" : ""));
    }
    if (found.size() > 1) {
      throw new IOException(
          text + " is the beginning of " + found.size() + " snapshots; give more of its digits");
    }
    return found.get(0);
  }
}
