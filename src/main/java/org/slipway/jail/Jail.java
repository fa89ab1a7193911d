package org.slipway.jail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private final Root root;
  private final Runnable closed;
  private volatile @Nullable Execution running;
  private volatile boolean open = true;
  private boolean removed;

  Jail(BackEnd backEnd, ControlGroups controlGroups, Root root, Runnable closed) {
    this.backEnd = backEnd;
    this.controlGroups = controlGroups;
    this.root = root;
    this.closed = closed;
  }

  /** Runs a command; its standard output and standard error go to {@code output}, which is not closed. */
  public Exit run(Command command, OutputStream output) throws IOException, InterruptedException {
    return run(
        Entry.inOneStream(command),
        new Execution.Output(output, null, command.limits().outputBytes()));
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
    return run(command, new Execution.Output(output, errors, command.limits().outputBytes()));
  }

  private synchronized Exit run(Command command, Execution.Output output)
      throws IOException, InterruptedException {
    if (!open) {
      throw new IllegalStateException("jail " + root.spec().name() + " is closed");
    }
    root.check();
    Path input = command.input().isPresent() ? pipe() : NULL;
    Optional<ControlGroup> group = controlGroups.create(root.id(), command.limits());
    try {
      BackEnd.Launch launch = backEnd.launch(root, command, input, group);
      Execution execution = new Execution(launch, command, root, input, output);
      running = execution;
      if (!open) {
        execution.abandon();
      }
      return execution.run(group);
    } finally {
      running = null;
      settle(group.orElse(null));
    }
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
    String said = HostProcess.run(backEnd.removal(List.of(root.folder())), 3600);
    closed.run();
    if (said != null) {
      throw new IOException("jail " + root.spec().name() + " could not be removed: " + said);
    }
  }
}
