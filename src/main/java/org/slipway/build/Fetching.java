package org.slipway.build;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slipway.build.Distinfo.Distfile;
import org.slipway.evaluate.Port;
import org.slipway.jail.Command.Network;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Mount;

/**
 * A port's distfiles, from the network to the build's own view. The fetch runs the port's
 * makefiles with the network in a root of its own that the build never sees; what it leaves is
 * read from inside, byte for byte, and only what distinfo names and sums is taken.
 */
final class Fetching implements AutoCloseable {
  private static final Pattern GROUP = Pattern.compile(":[A-Za-z0-9_,]+$");

  /** Doubled for each further attempt: a mirror that is away for a moment is often back soon. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final Jails jails;
  private final BuildRequest request;
  private final Distfiles distfiles;
  private final Path view;
  private final List<Mount> seen;
  private final Consumer<Jail> count;
  private final Steps steps;
  private final BuildLog log;
  private final List<Distfile> wanted;
  private final List<Distfile> missing = new ArrayList<>();
  private Optional<Jail> jail = Optional.empty();
  private Optional<Distfiles.Claim> claim = Optional.empty();

  /**
   * Prepares.
   *
   * @param view an empty folder that becomes the build's /distfiles
   * @param seen what every jail of the build sees
   * @param count is told of the jail that is made where something must be fetched
   */
  Fetching(
      Jails jails,
      BuildRequest request,
      Distinfo distinfo,
      Distfiles distfiles,
      Path view,
      List<Mount> seen,
      Steps steps,
      BuildLog log,
      Consumer<Jail> count)
      throws PhaseFailure {
    this.jails = jails;
    this.request = request;
    this.distfiles = distfiles;
    this.view = view;
    this.seen = List.copyOf(seen);
    this.count = count;
    this.steps = steps;
    this.log = log;
    this.wanted = wanted(request.port(), distinfo);
  }

  /** Whether the port has distfiles at all. */
  boolean isNeeded() {
    return !wanted.isEmpty();
  }

  /**
   * Phase fetch: runs the framework's, unless all is here already. What another build is fetching is
   * waited for.
   *
   * @return how many files were missing
   */
  int fetch() throws IOException, InterruptedException, PhaseFailure {
    claim = Optional.of(distfiles.claim(
        wanted, request.wishes().time(Phase.FETCH, request.limits().time()), log));
    for (Distfile file : wanted) {
      if (!distfiles.link(file, view)) {
        missing.add(file);
      }
    }
    claim.get().keepOnly(missing);
    if (missing.isEmpty()) {
      log.say(isNeeded() ? "All distfiles are here already" : "Nothing to fetch");
      return 0;
    }
    Jail root = jails.create(spec());
    jail = Optional.of(root);
    count.accept(root);
    Path tars = view.resolveSibling("fetch-depends.tar");
    new Provision(root, request, steps, tars, log).ensureQuietly();
    List<String> mirror = request
        .mirror()
        .map(uri ->
            List.of("MASTER_SITE_OVERRIDE=" + uri + (uri.toString().endsWith("/") ? "" : "/")))
        .orElse(List.of());
    Network network = network();
    Exit exit = root.run(steps.make("fetch", network, mirror), log);
    for (int attempt = 2; attempt <= request.wishes().fetchAttempts(); attempt++) {
      // Only an end of its own is worth another try: a limit would be reached again.
      if (exit.succeeded() || !(exit instanceof Exit.Exited)) {
        break;
      }
      Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 2, 5));
      log.say("Fetching again in " + pause.toSeconds() + " s, attempt " + attempt + " of "
          + request.wishes().fetchAttempts());
      Thread.sleep(pause.toMillis());
      exit = root.run(steps.make("fetch", network, mirror), log);
    }
    if (!exit.succeeded()) {
      throw PhaseFailure.of(Phase.FETCH, exit, log.notes());
    }
    return missing.size();
  }

  /** What the fetch may reach; says so, because a fetch that fails is often one that looked elsewhere. */
  private Network network() throws IOException, PhaseFailure {
    Optional<String> lack = switch (request.wishes().fetchNetwork()) {
      case HOST -> Optional.of("the job's fetch-network is host");
      case OWN -> jails.lacksOutside();
      case AUTO ->
        request.mirror().filter(Fetching::isOnLoopback).isPresent()
            ? Optional.of("the job's mirror is this host")
            : jails.lacksOutside();
    };
    if (lack.isEmpty()) {
      log.say("Fetching by a network of its own: this host's 127.0.0.1 is not reached");
      return Network.OUTSIDE;
    }
    if (request.wishes().fetchNetwork() == BuildRequest.FetchNetwork.OWN) {
      throw new PhaseFailure(
          FailureClass.JAIL,
          "a fetch can have no network of its own here: " + lack.get()
              + "; ./slipway doctor says what to do, or set build: { fetch-network: auto } in the job");
    }
    log.say("Fetching by this host's network, its 127.0.0.1 included: " + lack.get());
    return Network.HOST;
  }

  /** By its name alone: nobody is asked. */
  private static boolean isOnLoopback(URI mirror) {
    String host = String.valueOf(mirror.getHost());
    return host.matches("(?i)localhost|.*\\.localhost|127\\.[0-9.]+|\\[::1\\]|0\\.0\\.0\\.0");
  }

  /**
   * Phase checksum, the farm's part: what came is verified, kept and shown to the build.
   *
   * @return the names of what was taken in
   */
  List<String> verify() throws IOException, InterruptedException, PhaseFailure {
    List<String> taken = new ArrayList<>();
    if (jail.isEmpty()) {
      return taken;
    }
    for (Distfile file : missing) {
      try (Distfiles.Arrival arrival = distfiles.arrive(file)) {
        // One byte more than distinfo allows, so that a longer file shows.
        Exit exit = jail.get()
            .run(
                steps.read(Steps.DISTFILES + "/" + file.name(), file.sizeBytes() + 1),
                arrival,
                log);
        if (!exit.succeeded()) {
          throw PhaseFailure.of(Phase.CHECKSUM, exit, log.notes());
        }
        arrival.keep();
      }
      if (!distfiles.link(file, view)) {
        throw new PhaseFailure(
            FailureClass.CHECKSUM,
            file.name() + " was replaced by another build whose distinfo sums it otherwise");
      }
      log.say("Took in " + file.name());
      taken.add(file.name());
    }
    return taken;
  }

  @Override
  public void close() throws IOException {
    claim.ifPresent(Distfiles.Claim::close);
    if (jail.isPresent()) {
      jail.get().close();
    }
  }

  private JailSpec spec() {
    List<Mount> mounts = new ArrayList<>(seen);
    for (Distfile file : wanted) {
      if (!missing.contains(file)) {
        mounts.add(
            new Mount(view.resolve(file.name()), Steps.DISTFILES + "/" + file.name(), false));
      }
    }
    return new JailSpec(JailNames.of("fetch", request.port()), request.target().base(), mounts);
  }

  private static List<Distfile> wanted(Port port, Distinfo distinfo) throws PhaseFailure {
    List<Distfile> wanted = new ArrayList<>();
    for (String word : port.distfiles()) {
      Distfile file = distinfo.files().get(word);
      String subfolder = port.variable("DIST_SUBDIR");
      String plain = GROUP.matcher(word).replaceFirst("");
      if (file == null) {
        file = distinfo.files().get(subfolder.isEmpty() ? plain : subfolder + "/" + plain);
      }
      if (file == null) {
        throw new PhaseFailure(
            FailureClass.CHECKSUM, "distinfo does not name " + word + "; run make makesum");
      }
      wanted.add(file);
    }
    return wanted.stream().distinct().toList();
  }

  /** Reads the distinfo that a port's variables name, in the tree or an overlay and nowhere else. */
  static Distinfo distinfo(BuildRequest request) throws IOException, PhaseFailure {
    Port port = request.port();
    if (port.distfiles().isEmpty()) {
      return Distinfo.NONE;
    }
    String named = port.variable("DISTINFO_FILE");
    Path holder = request.tree();
    String inside = Steps.TREE + "/";
    for (Path overlay : request.wishes().overlays()) {
      if (named.startsWith(Steps.seen(overlay) + "/")) {
        holder = overlay;
        inside = Steps.seen(overlay) + "/";
      }
    }
    String relative = named.startsWith(inside)
        ? named.substring(inside.length())
        : port.spec().origin() + "/distinfo";
    Path top = holder.toRealPath();
    Path file = top.resolve(relative).normalize();
    // A tree may hold links, and this is read by the farm.
    if (!file.startsWith(top)
        || !Files.isRegularFile(file)
        || !file.toRealPath().startsWith(top)) {
      throw new PhaseFailure(
          FailureClass.CHECKSUM,
          "there is no " + relative
              + (holder.equals(request.tree())
                  ? " in the tree"
                  : " in overlay " + holder.getFileName())
              + "; run make makesum");
    }
    return Distinfo.read(file);
  }
}
