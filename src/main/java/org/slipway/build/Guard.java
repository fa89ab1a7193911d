package org.slipway.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;

/**
 * Watches a root while a port is tested: configure, build and stage may write nothing outside of
 * WRKDIR, and after deinstall the root must be what it was before install. It lists names from
 * inside the jail, as its root, with commands that POSIX and both BSD and GNU find know; what was
 * changed is told by the change time, which no program can set, and for files below /etc, /var and
 * LOCALBASE by a checksum too, so that one which was put back is not blamed. A folder's own mode and
 * owner are not looked at.
 */
final class Guard {
  private static final long LIST_BYTES = 256L << 20;
  private static final int TOLD = 100;

  /** Not part of the root, or anybody's to write to. */
  private static final List<String> ELSEWHERE = List.of(
      "/dev",
      "/proc",
      "/sys",
      "/farm",
      "/rig",
      "/packages",
      "/overlays",
      BuildConf.PLACE,
      BuildConf.CCACHE,
      Steps.WORK,
      Steps.TREE,
      Steps.KIT,
      Steps.DISTFILES);

  private static final List<String> TEMPORARY = List.of("/tmp", "/var/tmp");

  /** Users and groups stay, as does what the system keeps of packages, libraries and events. */
  private static final Pattern KEPT = Pattern.compile(
      "/etc/((passwd|group|shadow|gshadow|master\\.passwd|pwd\\.db|spwd\\.db|ld\\.so\\.cache)-?"
          + "|\\.pwd\\.lock)"
          + "|/var(/(db(/(pkg|slipway-pkg)(/.*)?)?|(log|run)(/.*)?|cache(/ldconfig(/.*)?)?))?");

  /**
   * Lists names, sums, and what was changed since the last listing: the tops, then what is left
   * out.
   */
  private static final String SCRIPT = """
      local=$1
      shift
      marker=/farm/.seen
      tops=/
      [ ! -d "$local" ] || tops="/ $local"
      left=
      for place in "$@"; do
        left="$left -path $place -prune -o"
      done
      set -f
      find $tops -xdev $left -type d -print 2>/dev/null | sed 's/^/d /'
      find $tops -xdev $left ! -type d -print 2>/dev/null | sed 's/^/n /'
      if [ -f $marker ]; then
        find $tops -xdev $left ! -type d -cnewer $marker -print 2>/dev/null | sed 's/^/c /'
      fi
      find /etc /var $local -xdev $left -type f -exec cksum {} + 2>/dev/null | sed 's/^/s /'
      rm -f $marker && : >$marker
      """;

  private static final Pattern NOTHING = Pattern.compile("(?!)");

  private final Jail jail;
  private final BuildRequest request;
  private final Steps steps;
  private final Path list;
  private final BuildLog log;
  private Listing before = new Listing();

  /** @param folder of the farm's own, for lists */
  Guard(Jail jail, BuildRequest request, Steps steps, Path folder, BuildLog log) {
    this.jail = jail;
    this.request = request;
    this.steps = steps;
    this.list = folder.resolve("names");
    this.log = log;
  }

  void before(Phase phase) throws IOException, InterruptedException, PhaseFailure {
    switch (phase) {
      case CONFIGURE, STAGE -> before = look(phase, true);
      case INSTALL -> before = look(phase, false);
      default -> {}
    }
  }

  void after(Phase phase) throws IOException, InterruptedException, PhaseFailure {
    switch (phase) {
      case BUILD, STAGE ->
        require(
            before.differences(look(phase, true), NOTHING),
            FailureClass.FS_VIOLATION,
            phase == Phase.BUILD
                ? "configure or build changed files outside of WRKDIR: "
                : "stage changed files outside of WRKDIR: ");
      case LEFTOVERS ->
        require(
            before.differences(look(phase, false), KEPT),
            FailureClass.LEFTOVER,
            "deinstall leaves the root changed: ");
      default -> {}
    }
  }

  private void require(List<String> differences, FailureClass failure, String lead)
      throws IOException, PhaseFailure {
    if (differences.isEmpty()) {
      return;
    }
    for (String line : differences.subList(0, Math.min(TOLD, differences.size()))) {
      log.say(OneLine.of(line));
    }
    int more = differences.size() - 1;
    throw new PhaseFailure(
        failure, lead + inWords(differences.get(0)) + (more == 0 ? "" : " and " + more + " more"));
  }

  private static String inWords(String line) {
    String path = line.substring(2);
    return switch (line.charAt(0)) {
      case '+' -> path + " (new)";
      case '-' -> path + " (gone)";
      default -> path + " (changed)";
    };
  }

  private Listing look(Phase phase, boolean temporary)
      throws IOException, InterruptedException, PhaseFailure {
    String local = request.port().variable("LOCALBASE");
    List<String> arguments = new ArrayList<>();
    arguments.add(local.matches("/[A-Za-z0-9/_.-]+") ? local : "/usr/local");
    arguments.addAll(ELSEWHERE);
    if (temporary) {
      arguments.addAll(TEMPORARY);
    }
    Exit exit;
    try (OutputStream out = Files.newOutputStream(list)) {
      exit = jail.run(steps.look(SCRIPT, arguments, LIST_BYTES), out, log);
    }
    if (!exit.succeeded()) {
      throw PhaseFailure.of(phase, exit, log.notes());
    }
    return Listing.read(list);
  }

  /** What a root holds. */
  private static final class Listing {
    private final NavigableSet<String> names = new TreeSet<>();
    private final Set<String> folders = new HashSet<>();
    private final Set<String> changed = new HashSet<>();
    private final Map<String, String> sums = new HashMap<>();

    static Listing read(Path file) throws IOException {
      Listing listing = new Listing();
      // Names are the build's: they need not be text.
      try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
        lines.forEach(listing::take);
      }
      return listing;
    }

    private void take(String line) {
      String rest = line.length() > 2 ? line.substring(2) : "";
      switch (line.isEmpty() ? ' ' : line.charAt(0)) {
        case 'd' -> {
          names.add(plain(rest));
          folders.add(plain(rest));
        }
        case 'n' -> names.add(plain(rest));
        case 'c' -> changed.add(plain(rest));
        case 's' -> {
          String[] words = rest.split(" ", 3);
          if (words.length == 3) {
            sums.put(plain(words[2]), words[0] + " " + words[1]);
          }
        }
        default -> {}
      }
    }

    private static String plain(String path) {
      return path.startsWith("//") ? path.substring(1) : path;
    }

    /**
     * Lines of a sign and a path, by path; of a new folder only the folder itself.
     *
     * @param kept paths that do not count
     */
    List<String> differences(Listing after, Pattern kept) {
      Set<String> paths = new TreeSet<>(after.names);
      paths.addAll(names);
      List<String> lines = new ArrayList<>();
      for (String path : paths) {
        if (kept.matcher(path).matches()) {
          continue;
        }
        boolean was = names.contains(path);
        boolean is = after.names.contains(path);
        Path up = Path.of("/").resolve(path.replace('\0', '?')).getParent();
        String parent = up == null ? "/" : up.toString();
        boolean apart = kept.matcher(parent).matches();
        if (is && !was && (apart || names.contains(parent))) {
          lines.add("+ " + path);
        } else if (was && !is && (apart || after.names.contains(parent)) && !empty(path)) {
          lines.add("- " + path);
        } else if (was && is && after.changed.contains(path) && !same(path, after)) {
          lines.add("M " + path);
        }
      }
      return lines;
    }

    /** An empty folder is no loss: a package manager removes those that it leaves empty. */
    private boolean empty(String path) {
      String next = names.higher(path + "/");
      return folders.contains(path) && (next == null || !next.startsWith(path + "/"));
    }

    private boolean same(String path, Listing after) {
      String sum = sums.get(path);
      return sum != null && sum.equals(after.sums.get(path));
    }
  }
}
