package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps bases as ZFS datasets, where HOME/bases is itself one: a child dataset for each, mounted
 * at HOME/bases/NAME/root, read-only, with the snapshot {@code clean} that jails are cloned from.
 * While a base is being made its dataset is called {@code new:NAME}, which no base can be called.
 * Commands are those of zfs-create(8), zfs-rename(8), zfs-set(8), zfs-snapshot(8) and
 * zfs-destroy(8).
 *
 * <p>Held by tests against a program that records its calls; it has not run on a ZFS pool yet.
 */
final class BaseZfs {
  static final String CLEAN = "clean";

  private static final String ASIDE = "new:";
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** Runs a command, and gives what it wrote. */
  interface Runner {
    String run(List<String> argv) throws IOException;
  }

  private final String parent;
  private final Runner runner;

  private BaseZfs(String parent, Runner runner) {
    this.parent = parent;
    this.runner = runner;
  }

  /** The datasets of a folder, where zfs is installed and the folder is the place of one. */
  static Optional<BaseZfs> of(Path folder) throws IOException {
    boolean installed = List.of(HostProcess.PATH.split(":", -1)).stream()
        .anyMatch(each -> Files.isExecutable(Path.of(each, "zfs")));
    return installed && Files.isDirectory(folder)
        ? of(
            folder,
            argv -> new String(
                HostProgram.run(argv, LONGEST, new byte[0]),
                java.nio.charset.StandardCharsets.UTF_8))
        : Optional.empty();
  }

  static Optional<BaseZfs> of(Path folder, Runner runner) {
    String line;
    try {
      // With a path it names the dataset in which the path lies, wherever that is mounted.
      line = runner.run(List.of("zfs", "list", "-H", "-o", "name,mountpoint", folder.toString()));
    } catch (IOException e) {
      // No pool, or another kind of file system.
      return Optional.empty();
    }
    String[] words = line.strip().split("\t", -1);
    return words.length == 2 && words[1].equals(folder.toString())
        ? Optional.of(new BaseZfs(words[0], runner))
        : Optional.empty();
  }

  /** An empty dataset at a folder that is not there yet. */
  void make(BaseName name, Path root) throws IOException {
    run("create", "-o", "atime=off", "-o", "mountpoint=" + root, aside(name));
  }

  /** Takes it off its folder, so that the folder can be renamed. */
  void leave(BaseName name) throws IOException {
    run("unmount", aside(name));
  }

  /** Gives it its name and place, and keeps it as it is. */
  void keep(BaseName name, Path root) throws IOException {
    run("rename", aside(name), dataset(name));
    run("set", "mountpoint=" + root, dataset(name));
    run("snapshot", dataset(name) + "@" + CLEAN);
    run("set", "readonly=on", dataset(name));
  }

  /** Takes away what was being made, under either name. */
  void discard(BaseName name, boolean named) {
    String dataset = named ? dataset(name) : aside(name);
    try {
      run("destroy", "-r", dataset);
    } catch (IOException e) {
      // There was none yet, or it is busy: removing its folder says so then.
    }
  }

  /** @throws BaseException where a clone of it is used */
  void destroy(BaseName name) throws IOException {
    String dataset = dataset(name);
    if (has(dataset)) {
      run("destroy", "-r", dataset);
    }
  }

  private boolean has(String dataset) {
    try {
      runner.run(List.of("zfs", "list", "-H", "-o", "name", dataset));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void run(String... words) throws IOException {
    List<String> argv = new java.util.ArrayList<>(List.of("zfs"));
    argv.addAll(List.of(words));
    try {
      runner.run(argv);
    } catch (IOException e) {
      throw new BaseException(
          String.join(" ", argv) + " failed: " + BaseText.shown(said(e.getMessage())), e);
    }
  }

  private static String said(@Nullable String message) {
    return message == null ? "it said nothing" : message;
  }

  private String dataset(BaseName name) {
    return parent + "/" + name;
  }

  private String aside(BaseName name) {
    return parent + "/" + ASIDE + name;
  }
}
