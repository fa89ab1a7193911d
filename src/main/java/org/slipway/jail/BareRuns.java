package org.slipway.jail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What jails are measured beside: the same runtime run by hand, with the configuration that a jail has, over a root that is
 * mounted already and used again and again; and unshare(1) alone. Both are started from here as a jail is.
 */
public final class BareRuns implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PROGRAM = List.of("/bin/true");
  private static final String HOLD = "[ -z \"$UNMOUNT\" ] || umount $UNMOUNT || exit 1;"
      + " mount -a -T \"$FSTAB\" || exit 1; echo ready; read -r _";

  private final Jail jail;
  private final Process holder;
  private final List<String> argv;

  private BareRuns(Jail jail, Process holder, List<String> argv) {
    this.jail = jail;
    this.holder = holder;
    this.argv = argv;
  }

  /**
   * Prepares a root and its configuration.
   *
   * @throws JailException where these jails are not made by a runtime for a root who may mount
   */
  public static BareRuns of(Jails jails) throws IOException {
    BackEnd backEnd = jails.backEnd();
    boolean crun = backEnd.containment() == Containment.CRUN;
    if ((!crun && backEnd.containment() != Containment.RUNC)
        || backEnd.ids() != IdMap.REAL
        || !backEnd.layered()) {
      throw new JailException(
          "a runtime can be run by hand only as root, with overlay mounts and runc or crun");
    }
    Jail jail = jails.create(new JailSpec("bare", new Base.Host(), List.of()));
    try {
      Root root = jail.root();
      Command command = command();
      Path state = Root.folder(root.folder().resolve("bare"), "rwxr-xr-x");
      configure(root, command, crun);
      ControlGroups groups = ControlGroups.find(root.id());
      Fstab table = new Fstab().overlay(root, IdMap.REAL);
      if (crun && !groups.isUnified()) {
        table.mount("cover", Path.of("/sys/fs/cgroup"), "tmpfs", "size=64k");
      }
      ProcessBuilder builder = HostProcess.ofSystem(
              List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", HOLD))
          .redirectErrorStream(true);
      builder.environment().put("FSTAB", table.write(root.run().resolve("bare")).toString());
      builder
          .environment()
          .put(
              "UNMOUNT",
              crun || groups.isUnified()
                  ? ""
                  : groups.hidden().stream().map(Path::toString).collect(Collectors.joining(" ")));
      Process holder = builder.start();
      byte[] ready = holder.getInputStream().readNBytes("ready\n".length());
      if (!new String(ready, StandardCharsets.US_ASCII).equals("ready\n")) {
        holder.destroyForcibly();
        throw new JailException("the root of a runtime run by hand could not be mounted");
      }
      List<String> argv = new ArrayList<>(
          List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt", crun ? "crun" : "runc"));
      if (crun) {
        argv.add("--cgroup-manager=disabled");
      }
      argv.addAll(List.of("--root", state.toString(), "run"));
      argv.addAll(List.of("--bundle", root.run().toString(), root.id()));
      return new BareRuns(jail, holder, argv);
    } catch (IOException | RuntimeException e) {
      jail.close();
      throw e;
    }
  }

  /** The command that is measured in a jail and without one. */
  public static Command command() {
    return new Command(
        PROGRAM,
        Map.of(),
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        Limits.of(Duration.ofMinutes(1)),
        Optional.empty());
  }

  /** A jail's own configuration, but for the script around the command. */
  private static void configure(Root root, Command command, boolean crun) throws IOException {
    new OciConfig(root, command, IdMap.REAL, Optional.empty(), crun)
        .write(root.run(), false, crun ? Optional.empty() : Optional.of("/" + root.id()));
    Path file = root.run().resolve("config.json");
    JsonNode config = JSON.readTree(file.toFile());
    ((ObjectNode) config.get("process")).set("args", JSON.valueToTree(PROGRAM));
    JSON.writeValue(file.toFile(), config);
  }

  /** Runs the command by the runtime: from here to its end. */
  public Duration runtime() throws IOException {
    return time(argv);
  }

  /** Runs the command by unshare(1) in namespaces of the same kinds, in the host's own root. */
  public static Duration unshare() throws IOException {
    List<String> argv = new ArrayList<>(List.of("unshare", "-mpfiun"));
    argv.addAll(PROGRAM);
    return time(argv);
  }

  private static Duration time(List<String> argv) throws IOException {
    long start = System.nanoTime();
    String said = HostProcess.run(argv, 60);
    long end = System.nanoTime();
    if (said != null) {
      throw new JailException(said);
    }
    return Duration.ofNanos(end - start);
  }

  @Override
  public void close() throws IOException {
    try {
      holder.getOutputStream().close();
      holder.waitFor();
    } catch (InterruptedException e) {
      holder.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      jail.close();
    }
  }
}
