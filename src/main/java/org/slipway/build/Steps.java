package org.slipway.build;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slipway.evaluate.Evaluator;
import org.slipway.jail.Command;
import org.slipway.jail.Command.Network;
import org.slipway.jail.Command.User;
import org.slipway.jail.Jail;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;

/** The commands of one port's build. Nothing of the farm's own environment goes into them. */
final class Steps {
  static final String WORK = "/wrkdirs";
  static final String TREE = Evaluator.TREE;
  static final String KIT = Evaluator.KIT;
  static final String DISTFILES = "/distfiles";

  /** Installing and collecting are the farm's own work: quick, and never silent for long. */
  private static final Duration OWN_STEP = Duration.ofMinutes(30);

  /** How {@link #checkSanity} ends where the port gives itself another name than was planned. */
  static final int OTHER_NAME = 97;

  private static final String SERIES = """
      read -r mark || exit 1
      umask 022
      alone=$1
      shift
      while read -r phase; do
        "$@" "$phase" </dev/null
        status=$?
        [ -z "$alone" ] || kill -9 -1 2>/dev/null
        printf '\\n%s times\\n' "$mark"
        times
        printf '\\n%s end %s\\n' "$mark" "$status"
        [ "$status" -eq 0 ] || exit "$status"
      done
      """;

  private static final String ALONE = """
      umask 022
      echo begin
      for each in check-sanity "-V PKGNAME" extract patch configure build stage; do
        "$@" $each >&2 || exit
      done
      "$@" PACKAGES=/nonexistent package >&2 || exit
      echo end
      """;

  private static final String SANITY = """
      umask 022
      planned=$1
      shift
      "$@" check-sanity || exit
      name=$("$@" -V PKGNAME) || exit
      if [ "$name" != "$planned" ]; then
        echo "$name"
        exit %d
      fi
      """.formatted(OTHER_NAME);

  private final BuildRequest request;
  private final Instant epoch;
  private final Optional<Rig> rig;

  /**
   * Commands for a request.
   *
   * @param epoch what SOURCE_DATE_EPOCH is
   */
  Steps(BuildRequest request, Instant epoch, Optional<Rig> rig) {
    this.request = request;
    this.epoch = epoch;
    this.rig = rig;
  }

  /** Runs a phase's own target of the framework. */
  Command make(Phase phase) {
    return make(phase.word(), Network.NONE, List.of());
  }

  /**
   * Runs one of the framework's targets, within the limits of the phase of that name; one that is
   * no phase belongs to package.
   */
  Command make(String target, Network network, List<String> more) {
    Phase phase = Stream.of(Phase.values())
        .filter(each -> each.word().equals(target))
        .findFirst()
        .orElse(Phase.PACKAGE);
    List<String> words = new ArrayList<>(settings(phase, network));
    words.addAll(more);
    words.add(target);
    return command(phase, network, "umask 022; exec \"$@\"", List.of(), words);
  }

  /**
   * A shell that reads a mark and then phases, runs each as {@link #make(Phase)} would and says
   * after a line end and the mark which times(1) there are, and {@code end} and the status. The
   * first that fails ends it with its status.
   *
   * @param alone whether what a phase leaves running may be ended by a signal to all, see {@link
   *     Jail#seesOnlyItsRun}
   */
  Command series(Phase first, InputStream orders, boolean alone) {
    List<String> argv =
        new ArrayList<>(List.of(Jail.SHELL, "-c", SERIES, "sh", alone ? "alone" : ""));
    argv.addAll(make(settings(first, Network.NONE)));
    return new Command(
        argv, environment(), "/", worker(), Network.NONE, limits(first), Optional.of(orders));
  }

  /** All make calls of a build that fetches and installs nothing, one after the other; says when they begin and end. */
  Command makeCallsAlone() {
    return command(
        Phase.BUILD, Network.NONE, ALONE, List.of(), settings(Phase.BUILD, Network.NONE));
  }

  /** How long a phase may take. */
  Duration time(Phase phase) {
    return limits(phase).time();
  }

  /**
   * Runs check-sanity, then asks once more for the package's name: an answer other than the planned
   * one ends it with status {@link #OTHER_NAME}, the name being the last line of its output.
   */
  Command checkSanity() {
    return command(
        Phase.CHECK_SANITY,
        Network.NONE,
        SANITY,
        List.of(request.port().name().toString()),
        settings(Phase.CHECK_SANITY, Network.NONE));
  }

  private Command command(
      Phase phase, Network network, String script, List<String> before, List<String> words) {
    List<String> arguments = new ArrayList<>(before);
    arguments.addAll(make(words));
    return new Command(
        shell(script, arguments),
        environment(),
        "/",
        user(phase, network),
        network,
        limits(phase),
        Optional.empty());
  }

  private List<String> make(List<String> words) {
    List<String> argv = new ArrayList<>(List.of(Rig.make(request.target()), "-C", portFolder()));
    argv.addAll(words);
    return argv;
  }

  /** As the framework looks for a port: the first overlay that has it, else the tree. */
  private String portFolder() {
    String origin = request.port().spec().origin().toString();
    for (Path overlay : request.wishes().overlays()) {
      // What counts as a port there is what was evaluated: a folder of its own with a makefile.
      Path port = overlay.resolve(origin);
      if (Files.isRegularFile(port.resolve("Makefile"))
          && !Files.isSymbolicLink(port)
          && !Files.isSymbolicLink(
              overlay.resolve(request.port().spec().origin().category()))) {
        return seen(overlay) + "/" + origin;
      }
    }
    return TREE + "/" + origin;
  }

  /** Where an overlay is seen in a jail: at the place where it was evaluated. */
  static String seen(Path overlay) {
    return "/overlays/" + overlay.toAbsolutePath().normalize().getFileName();
  }

  /** What every jail of a build sees of the farm's, read-only. */
  static List<Mount> sources(BuildRequest request) {
    List<Mount> mounts = new ArrayList<>(
        List.of(new Mount(request.tree(), TREE, false), new Mount(request.kit(), KIT, false)));
    for (Path overlay : request.wishes().overlays()) {
      mounts.add(new Mount(overlay.toAbsolutePath().normalize(), seen(overlay), false));
    }
    return mounts;
  }

  /** What differs from phase to phase; the rest is in {@link BuildConf}. */
  private List<String> settings(Phase phase, Network network) {
    List<String> words = new ArrayList<>();
    // An empty FLAVOR is an error in the framework.
    request.port().spec().flavor().ifPresent(flavor -> words.add("FLAVOR=" + flavor));
    boolean test = request.wishes().mode() == BuildRequest.Mode.TEST;
    if (test) {
      words.add("DEVELOPER_MODE=yes");
    }
    if (!phase.depends()) {
      // Only what fetching needs is installed where there is a network.
      words.add(test && network == Network.NONE ? "STRICT_DEPENDS=yes" : "NO_DEPENDS=yes");
    }
    return words;
  }

  /**
   * A shell for a person, as the user of all phases, in the port's work folder where there is one.
   * What make is told for phase build is in MAKEFLAGS, so that in the port's folder it does again
   * what a phase did.
   */
  Command shell() {
    Map<String, String> environment = new TreeMap<>(environment());
    environment.put("MAKEFLAGS", String.join(" ", settings(Phase.BUILD, Network.NONE)));
    return new Command(
        shell(
            "umask 022; cd \"$1\" 2>/dev/null || cd \"$2\" || exit 1; exec /bin/sh",
            List.of(request.port().variable("WRKDIR"), portFolder())),
        environment,
        "/",
        worker(),
        Network.NONE,
        request.limits(),
        Optional.empty());
  }

  /**
   * Nobody has a network and root's rights; what only asks or looks needs none of these; and
   * packages are the system's.
   */
  private User user(Phase phase, Network network) {
    if (network != Network.NONE || phase.depends()) {
      return User.BUILDER;
    }
    return switch (phase) {
      case CHECK_SANITY, FETCH, CHECKSUM -> User.BUILDER;
      case DEINSTALL -> User.ROOT;
      default -> worker();
    };
  }

  /** Who works on the port's files: root only for a port that says it needs it. */
  User worker() {
    return request.port().variable("NEED_ROOT").isEmpty() ? User.BUILDER : User.ROOT;
  }

  private Limits limits(Phase phase) {
    Limits usual = request.limits();
    // Nothing to unpack cannot be a wrong archive, for which extract's limit is shorter.
    boolean nothing = phase == Phase.EXTRACT && request.port().distfiles().isEmpty();
    return new Limits(
        nothing
            ? request.wishes().times().getOrDefault(phase, usual.time())
            : request.wishes().time(phase, usual.time()),
        usual.silence(),
        // The log has the limit, and shows the end of what it had to leave out.
        Long.MAX_VALUE,
        usual.memoryBytes(),
        usual.processes(),
        usual.openFiles(),
        usual.cpuPercent());
  }

  /** A script of a package that is installed. */
  Command script(String script, List<String> arguments) {
    return own(
        User.ROOT, shell(script, arguments), Optional.empty(), request.limits().outputBytes());
  }

  /** FreeBSD's own pkg, which installs the archive that comes on its input. */
  Command add(InputStream archive, boolean again) {
    List<String> argv = new ArrayList<>(List.of("/usr/local/sbin/pkg-static", "add", "-A", "-M"));
    if (again) {
      argv.add("-f");
    }
    argv.add("-");
    return own(User.ROOT, argv, Optional.of(archive), request.limits().outputBytes());
  }

  /** A script of the farm's own that looks at the whole root; of its output so many bytes count. */
  Command look(String script, List<String> arguments, long limitBytes) {
    return own(User.ROOT, shell(script, arguments), Optional.empty(), limitBytes);
  }

  /** Unpacks the tars that come on its input, one behind the other, over the root. */
  Command unpack(InputStream tars) {
    return own(
        User.ROOT,
        List.of("tar", "-x", "-p", "--ignore-zeros", "--no-same-owner", "-f", "-", "-C", "/"),
        Optional.of(tars),
        request.limits().outputBytes());
  }

  /** A folder as a tar on the output, of which so many bytes are taken. */
  Command pack(String folder, long limitBytes) {
    List<String> argv = new ArrayList<>(List.of(tar().split(" ", -1)));
    argv.addAll(List.of("-C", folder, "."));
    return own(worker(), argv, Optional.empty(), limitBytes);
  }

  /** The words of a tar that is written to the output. */
  String tar() {
    // bsdtar else writes what a package cannot hold.
    return Rig.hasBsdTar(request.target())
        ? "tar -c --no-read-sparse --no-xattrs --no-acls --no-fflags -f -"
        : "tar -c -f -";
  }

  /**
   * A script that runs the framework's package target, within its limits. It gets the arguments, then make with its words;
   * without a place for packages the framework leaves its own in WRKDIR.
   */
  Command packing(String script, List<String> arguments) {
    List<String> words = new ArrayList<>(settings(Phase.PACKAGE, Network.NONE));
    words.addAll(List.of("PACKAGES=/nonexistent", Phase.PACKAGE.word()));
    return command(Phase.PACKAGE, Network.NONE, script, arguments, words);
  }

  /** A file's bytes on the output. */
  Command read(String path, long limitBytes) {
    return own(worker(), List.of("cat", path), Optional.empty(), limitBytes);
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
        new Limits(
            OWN_STEP,
            OWN_STEP,
            outputBytes,
            limits.memoryBytes(),
            limits.processes(),
            limits.openFiles(),
            0),
        input);
  }

  private Map<String, String> environment() {
    // Make must answer here as it did when it was asked for the port's variables.
    Map<String, String> environment =
        new TreeMap<>(Evaluator.environment(request.tree(), request.wishes().overlays()));
    rig.ifPresent(given -> environment.putAll(given.environment()));
    environment.put("HOME", WORK);
    environment.put("USER", worker() == User.ROOT ? "root" : "builder");
    environment.put("LANG", "C");
    environment.put("TZ", "UTC");
    environment.put("__MAKE_CONF", BuildConf.PLACE);
    environment.put("SOURCE_DATE_EPOCH", Long.toString(epoch.getEpochSecond()));
    return environment;
  }
}
