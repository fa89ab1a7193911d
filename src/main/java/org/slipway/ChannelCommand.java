package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.publish.ChannelEvent;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Comparison;
import org.slipway.publish.MoveResult;
import org.slipway.publish.Note;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.repository.Snapshot;
import org.slipway.repository.SnapshotId;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at channels and moves them in a farm's folder, whether the farm runs or not. */
@Command(
    name = "channel",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at channels and moves them, whether the farm runs or not.",
      "Exit status: 0 done, 1 not done, 2 wrong use."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ExportCommand.class)
final class ChannelCommand implements Callable<Integer> {
  private final PrintStream out;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  ChannelCommand() {
    this(Main.out());
  }

  /** @param out where the answers go */
  ChannelCommand(PrintStream out) {
    this.out = out;
  }

  PrintStream out() {
    return out;
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "which? list, history, compare, publish, promote, rollback, hold, release or export");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Shows every channel: what it has, since when, and where from.")
  int list(@Mixin ChannelOptions options) throws IOException {
    Map<String, Publisher> jobs = options.jobs();
    if (options.json()) {
      ChannelJson.list(jobs, out);
    } else {
      ChannelText.list(jobs, out);
    }
    return 0;
  }

  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Shows a channel's moves, holds and releases, the newest first.")
  int history(
      @Mixin ChannelOptions options,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "how many, 0 for all (default: ${DEFAULT-VALUE})")
          int limit,
      @Parameters(paramLabel = "CHANNEL") String channel)
      throws IOException {
    if (limit < 0) {
      throw options.wrong("--limit " + limit + " shows nothing; give 0 or more");
    }
    Publisher publisher = options.publisher();
    ChannelName name = options.there(publisher, channel);
    if (options.json()) {
      ChannelJson.history(publisher.events(name), limit, out);
    } else {
      ChannelText.history(publisher.events(name), limit, out);
    }
    return 0;
  }

  @Command(
      name = "compare",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Shows what becomes of each package for a client that goes from A to B.")
  int compare(
      @Mixin ChannelOptions options,
      @Parameters(paramLabel = "A", description = "a channel, or a snapshot by its first digits")
          String from,
      @Parameters(paramLabel = "B", description = "the same") String to)
      throws IOException {
    Publisher publisher = options.publisher();
    SnapshotId before = options.snapshot(publisher, from);
    SnapshotId after = options.snapshot(publisher, to);
    Comparison comparison = Comparison.of(
        Snapshot.read(publisher.directory(before)), Snapshot.read(publisher.directory(after)));
    if (options.json()) {
      ChannelJson.comparison(comparison, out);
    } else {
      ChannelText.comparison(from, to, comparison, out);
    }
    return 0;
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Points a channel at a snapshot that a build left.",
        "For one that met a hold; the farm publishes every other build by itself."
      })
  int publish(
      @Mixin ChannelOptions options,
      @Mixin NoteOptions note,
      @Parameters(paramLabel = "CHANNEL", description = "one that there is") String channel,
      @Parameters(paramLabel = "ID", description = "a snapshot, by its first digits") String id)
      throws IOException {
    Publisher publisher = options.publisher();
    ChannelName name = options.there(publisher, channel);
    SnapshotId snapshot = options.digits(id, publisher.snapshots(), "there is no snapshot");
    return said(
        publisher.publish(name, snapshot, OptionalLong.empty(), note.note(options)), options);
  }

  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Points channel TO at the snapshot that FROM has: the same bytes.")
  int promote(
      @Mixin ChannelOptions options,
      @Mixin NoteOptions note,
      @Option(names = "--new", description = "make TO though it looks like another's name")
          boolean anew,
      @Parameters(paramLabel = "FROM", description = "a channel") String from,
      @Parameters(paramLabel = "TO", description = "another, made where there is none") String to)
      throws IOException {
    Publisher publisher = options.publisher();
    ChannelName source = options.there(publisher, from);
    ChannelName target = options.name(to);
    if (source.equals(target)) {
      throw options.wrong("FROM and TO are the same channel; give two");
    }
    List<String> names = publisher.channels().stream().map(ChannelName::name).toList();
    Optional<String> near = Nearest.to(to, names);
    if (!anew && !names.contains(to) && near.isPresent()) {
      throw new IOException("there is no channel " + to + "; did you mean " + near.get()
          + "? To make " + to + ", add --new");
    }
    return said(publisher.promote(source, target, note.note(options)), options);
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Points a channel back at the snapshot that it had before.")
  int rollback(
      @Mixin ChannelOptions options,
      @Mixin NoteOptions note,
      @Option(
              names = "--to",
              paramLabel = "ID",
              description = "another of its earlier snapshots, by its first digits")
          @Nullable
          String to,
      @Parameters(paramLabel = "CHANNEL") String channel)
      throws IOException {
    Publisher publisher = options.publisher();
    ChannelName name = options.there(publisher, channel);
    Optional<SnapshotId> goal = to == null
        ? Optional.empty()
        : Optional.of(options.digits(
            to,
            publisher.history(name).stream().map(Publication::snapshot).toList(),
            "channel " + name + " never had"));
    return said(publisher.rollback(name, goal, note.note(options)), options);
  }

  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Keeps a channel where it is until it is released.",
        "Nobody can publish or promote to it or roll it back, the farm neither."
      })
  int hold(
      @Mixin ChannelOptions options,
      @Mixin NoteOptions note,
      @Parameters(paramLabel = "CHANNEL") String channel)
      throws IOException {
    Publisher publisher = options.publisher();
    return said(
        publisher.hold(options.there(publisher, channel), note.note(options)),
        "channel " + channel + " is held; ./slipway channel release ends that",
        options);
  }

  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Lets a held channel move again, which it does at the next publish.")
  int release(
      @Mixin ChannelOptions options,
      @Mixin NoteOptions note,
      @Parameters(paramLabel = "CHANNEL") String channel)
      throws IOException {
    Publisher publisher = options.publisher();
    return said(
        publisher.release(options.there(publisher, channel), note.note(options)),
        "channel " + channel + " moves again",
        options);
  }

  private int said(MoveResult result, ChannelOptions options) throws IOException {
    if (result instanceof MoveResult.Moved moved) {
      Publication move = moved.publication();
      String before = move.previous().map(previous -> "from " + previous + " ").orElse("");
      return said(
          move,
          "channel " + move.channel() + " moved " + before + "to " + move.snapshot() + ": "
              + move.source(),
          options);
    } else if (result instanceof MoveResult.Unmoved unmoved) {
      throw new IOException("channel " + unmoved.publication().channel() + " has the snapshot "
          + unmoved.publication().snapshot() + " already; nothing moved");
    } else {
      throw new IOException(Quoted.printable(((MoveResult.Held) result).hold().sentence()));
    }
  }

  private int said(ChannelEvent event, String sentence, ChannelOptions options) throws IOException {
    if (options.json()) {
      ChannelJson.event(event, out);
    } else {
      Wrapped.print(out, sentence);
    }
    out.flush();
    return 0;
  }

  /** Who moves a channel, and why. */
  static final class NoteOptions {
    @Option(
        names = "--why",
        paramLabel = "TEXT",
        description = "one line for the channel's history")
    private String why = "";

    @Option(
        names = "--who",
        paramLabel = "NAME",
        description = "who does it (default: the user who runs this)")
    private @Nullable String who;

    Note note(ChannelOptions options) {
      try {
        String user = System.getProperty("user.name", "");
        return new Note(who != null ? who : user.isBlank() ? "somebody" : user, why);
      } catch (IllegalArgumentException e) {
        throw options.wrong(String.valueOf(e.getMessage()));
      }
    }
  }
}
