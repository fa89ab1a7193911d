package org.slipway.jail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fresh root. What a command changes in it the next command sees; closing it removes it all. One command at a time.
 *
 * <p>The folders /wrkdirs and /distfiles are there and the build user's, the sources of writable mounts become so; /xports, /kit
 * and /packages are there for read-only mounts, whose sources must be readable by all. Folders of read-only mounts are never
 * changed.
 */
public final class Jail implements AutoCloseable {
  /**
   * The base's shell for a script of the farm's own that starts what it does not trust. It is a file that nobody in the jail may
   * read, and Linux lets no other process of the user look into what runs it: its memory, its open files, its environment
   * (proc(5), PR_SET_DUMPABLE). With proot, and for a jail's root, it is no more than the shell.
   */
  public static final String SHELL = "/farm/sh";

  private static final Path NULL = Path.of("/dev/null");

  private final BackEnd backEnd;
  private final ControlGroups controlGroups;
  private final Entrances entrances;
  private final Root root;
  private final Optional<Keeper> keeper;
  private final Runnable closed;
  private final List<Exit.Usage> uses = new ArrayList<>();
  private volatile @Nullable Execution running;
  private volatile boolean open = true;
  private boolean removed;

  Jail(
      BackEnd backEnd,
      ControlGroups controlGroups,
      Entrances entrances,
      Root root,
      Optional<Keeper> keeper,
      Runnable closed) {
    this.backEnd = backEnd;
    this.controlGroups = controlGroups;
    this.entrances = entrances;
    this.root = root;
    this.keeper = keeper;
    this.closed = closed;
  }

  Root root() {
    return root;
  }

  /** Runs a command; its standard output and standard error go to {@code output}, which is not closed. */
  public Exit run(Command command, OutputStream output) throws IOException, InterruptedException {
    return run(
        Entry.inOneStream(command), new Output(output, null, command.limits().outputBytes()));
  }

  /**
   * Runs a command; standard output and standard error apart. Both are counted against the output limit. The streams are written
   * to by one thread at a time, not the caller's, and not closed.
   *
   * @throws IOException when the host fails the farm, or when the caller's streams do; the command has ended then
   * @throws InterruptedException when the caller is interrupted; the command has ended then
   */
  public Exit run(Command command, OutputStream output, OutputStream errors)
      throws IOException, InterruptedException {
    return run(command, new Output(output, errors, command.limits().outputBytes()));
  }

  private synchronized Exit run(Command command, Output output)
      throws IOException, InterruptedException {
    if (!open) {
      throw new IllegalStateException("jail " + root.spec().name() + " is closed");
    }
    root.check(keeper);
    controlGroups.expect();
    Path input = command.input().isPresent() ? pipe() : NULL;
    Optional<Entrance> entrance = entrances.enter(root, keeper, command.limits());
    Optional<ControlGroup> group = entrance.isPresent()
        ? entrance.get().group()
        : controlGroups.create(root.id(), command.limits());
    try {
      check(command, group);
      BackEnd.Launch launch = backEnd.launch(root, keeper, command, input, group);
      entrances.prepare();
      Execution execution = new Execution(
          launch, entrance, command, root, keeper.flatMap(Keeper::disk), input, output);
      running = execution;
      if (!open) {
        execution.abandon();
      }
      Exit exit = execution.run(group);
      entrances.ended();
      exit.used().ifPresent(uses::add);
      return exit;
    } finally {
      running = null;
      if (entrance.isPresent()) {
        entrance.get().end();
      }
      settle(group.orElse(null));
    }
  }

  /** Refuses a command whose limits or network would not hold. */
  private void check(Command command, Optional<ControlGroup> group) throws IOException {
    Optional<String> lack =
        command.network() == Command.Network.OUTSIDE ? backEnd.lacksOutside() : Optional.empty();
    if (lack.isPresent()) {
      throw new JailException("jail " + root.spec().name()
          + ": no network can be had here without the host's own services: " + lack.get());
    }
    int percent = command.limits().cpuPercent();
    if (percent > 0
        // There rctl(8) limits them, or the back end refuses.
        && backEnd.containment() != Containment.JAIL
        && !group.map(ControlGroup::limitsCpu).orElse(false)) {
      throw new JailException("jail " + root.spec().name() + ": cpuPercent " + percent
          + " cannot be applied by " + backEnd.containment().sentence()
          + ", because this host gives the farm no control group that limits processors;"
          + " ask for no limit, or run the farm as root where control groups can be written");
    }
  }

  /**
   * Whether a signal that a command sends to all processes (kill(2), -1) comes to those of its own run alone, and neither to
   * itself nor to the first process of the run: where runs have namespaces of processes.
   */
  public boolean seesOnlyItsRun() {
    return switch (backEnd.containment()) {
      case RUNC, CRUN, UNSHARE -> true;
      case JAIL, PROOT -> false;
    };
  }

  /** What each command has used that ended since this was last asked, in order. */
  public synchronized List<Exit.Usage> takeUses() {
    List<Exit.Usage> taken = List.copyOf(uses);
    uses.clear();
    return taken;
  }

  /** After a run: nothing of it is left but the files of the root. */
  private void settle(@Nullable ControlGroup group) throws IOException {
    if (group != null) {
      group.close();
    }
    controlGroups.forget(root.id());
    Root.delete(root.state());
    Optional<List<String>> reclaim = backEnd.reclaim(root.handedOut());
    if (reclaim.isPresent()) {
      String said = HostProcess.run(reclaim.get(), 600);
      if (said != null) {
        throw new IOException("the files of jail " + root.spec().name() + " stay its own: " + said);
      }
    }
  }

  private Path pipe() throws IOException {
    Path pipe = root.run().resolve("input");
    // A new one each time: crun gives it to the user of the command.
    Files.deleteIfExists(pipe);
    String said = HostProcess.run(List.of("mkfifo", "-m", "600", pipe.toString()), 10);
    if (said != null) {
      throw new IOException("no pipe for the input of a jailed command: " + said);
    }
    return pipe;
  }

  /**
   * Runs a command for the person who started this program: its input and output are this program's
   * own. No descriptor of theirs goes into the jail. Where the input is a terminal, the command gets
   * a terminal of the jail's own by script(1), if the base has that, and bytes are carried between
   * the two; else, and from a pipe, it gets pipes. The command's own input and its limits on time,
   * silence and output do not count.
   */
  public Exit interact(Command command) throws IOException, InterruptedException {
    try (Terminal terminal = Terminal.open()) {
      return run(terminal.command(command), terminal.output());
    }
  }

  /** Ends the command that is running, which gives {@link Exit.NotStarted}, and removes the root. */
  @Override
  public void close() throws IOException {
    open = false;
    Execution execution = running;
    if (execution != null) {
      execution.abandon();
    }
    remove();
  }

  private synchronized void remove() throws IOException {
    if (removed) {
      return;
    }
    removed = true;
    if (keeper.isPresent()) {
      keeper.get().close();
    }
    String said = !backEnd.mountsOnHost() && Clearance.remove(root.folder())
        ? null
        : HostProcess.run(backEnd.removal(List.of(root.folder())), 3600);
    closed.run();
    if (said != null) {
      throw new IOException("jail " + root.spec().name() + " could not be removed: " + said);
    }
  }
}
