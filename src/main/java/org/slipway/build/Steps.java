package org.slipway.build;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Port;
import org.slipway.jail.Command;
import org.slipway.jail.Command.Network;
import org.slipway.jail.Command.User;
import org.slipway.jail.Limits;

/** The commands of one port's build. Nothing of the farm's own environment goes into them. */
final class Steps {
  static final String WORK = "/wrkdirs";
  static final String TREE = Evaluator.TREE;
  static final String KIT = Evaluator.KIT;
  static final String DISTFILES = "/distfiles";

  /** Installing and collecting are the farm's own work: quick, and never silent for long. */
  private static final Duration OWN_STEP = Duration.ofMinutes(30);

  private final BuildRequest request;
  private final Instant epoch;

  /**
   * Commands for a request.
   *
   * @param epoch what SOURCE_DATE_EPOCH is
   */
  Steps(BuildRequest request, Instant epoch) {
    this.request = request;
    this.epoch = epoch;
  }

  /** One of the framework's targets, as the build user. */
  Command make(String target, Network network, List<String> more) {
    Port port = request.port();
    List<String> argv = new ArrayList<>();
    // FreeBSD's own make is bmake; elsewhere "make" is another program.
    argv.add(request.target().abi().os().equals("FreeBSD") ? "make" : "bmake");
    argv.addAll(List.of("-C", TREE + "/" + port.spec().origin()));
    // An empty FLAVOR is an error in the framework.
    port.spec().flavor().ifPresent(flavor -> argv.add("FLAVOR=" + flavor));
    argv.addAll(List.of(
        "BATCH=yes",
        "NO_DEPENDS=yes",
        "DISTDIR=" + DISTFILES,
        "WRKDIRPREFIX=" + WORK,
        "PORTSDIR=" + TREE,
        "MAKE_JOBS_NUMBER=" + request.jobs()));
    argv.addAll(more);
    argv.add(target);
    return new Command(
        argv, environment(), "/", User.BUILDER, network, request.limits(), Optional.empty());
  }

  /** A script of a package that is installed. */
  Command script(String script, List<String> arguments) {
    return own(
        User.ROOT, shell(script, arguments), Optional.empty(), request.limits().outputBytes());
  }

  /** A script of the farm's own whose output is data. */
  Command ask(String script, List<String> arguments) {
    return own(
        User.BUILDER,
        shell(script, arguments),
        Optional.empty(),
        request.limits().outputBytes());
  }

  /** Unpacks the tars that come on its input, one behind the other, over the root. */
  Command unpack(InputStream tars) {
    return own(
        User.ROOT,
        List.of("tar", "-x", "-p", "-i", "--no-same-owner", "-f", "-", "-C", "/"),
        Optional.of(tars),
        request.limits().outputBytes());
  }

  /** A folder as a tar on the output, of which so many bytes are taken. */
  Command pack(String folder, long limitBytes) {
    List<String> argv = new ArrayList<>(List.of("tar", "-c"));
    if (request.target().abi().os().equals("FreeBSD")) {
      // bsdtar else writes what a package cannot hold.
      argv.addAll(List.of("--no-read-sparse", "--no-xattrs", "--no-acls", "--no-fflags"));
    }
    argv.addAll(List.of("-f", "-", "-C", folder, "."));
    return own(User.BUILDER, argv, Optional.empty(), limitBytes);
  }

  /** A file's bytes on the output. */
  Command read(String path, long limitBytes) {
    return own(User.BUILDER, List.of("cat", path), Optional.empty(), limitBytes);
  }

  private static List<String> shell(String script, List<String> arguments) {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    argv.addAll(arguments);
    return argv;
  }

  private Command own(User user, List<String> argv, Optional<InputStream> input, long outputBytes) {
    Limits limits = request.limits();
    return new Command(
        argv,
        environment(),
        "/",
        user,
        Network.NONE,
        new Limits(OWN_STEP, OWN_STEP, outputBytes, limits.memoryBytes(), limits.processes()),
        input);
  }

  private Map<String, String> environment() {
    // Make must answer here as it did when it was asked for the port's variables.
    Map<String, String> environment = new TreeMap<>(Evaluator.environment(request.tree()));
    environment.put("HOME", WORK);
    environment.put("USER", "builder");
    environment.put("SOURCE_DATE_EPOCH", Long.toString(epoch.getEpochSecond()));
    return environment;
  }
}
