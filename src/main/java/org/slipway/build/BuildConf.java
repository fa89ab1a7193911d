package org.slipway.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slipway.jail.Base;

/**
 * The make.conf of one build, which make reads behind the kit's, where the job's own lines stand.
 *
 * <p>What it sets may not change what a port answers to the evaluation: else another package would
 * be built than was planned, and after check-sanity PKGNAME is compared. These differ from the
 * evaluation, each for a reason:
 *
 * <ul>
 *   <li>MAKE_JOBS_NUMBER, DISABLE_MAKE_JOBS: the evaluation says 1, so that keys do not hang on the
 *       host's processors
 *   <li>UID, GID: the evaluation says root's; here frameworks must know who builds, for chown(8)
 *   <li>NO_DEPENDS, STRICT_DEPENDS, DEVELOPER_MODE, USE_PACKAGE_DEPENDS_ONLY, FORCE_PACKAGE: which
 *       work is done, not what a port is
 *   <li>WITH_CCACHE_BUILD and what belongs to it: only flags the compiler's way; NO_CCACHE_DEPEND, or
 *       the framework would add a dependency that nobody planned
 * </ul>
 */
final class BuildConf {
  /** In the jail; where FreeBSD's make looks for it unasked. */
  static final String PLACE = "/etc/make.conf";

  /** Where the compiler cache is seen. */
  static final String CCACHE = "/ccache";

  private static final int LINES_SHOWN = 200;
  private static final int BYTES_READ = 64 << 10;

  /** Where systems put the compilers that are links to ccache. */
  private static final List<String> WRAPPERS = List.of(
      "usr/local/libexec/ccache", "usr/libexec/ccache", "usr/lib/ccache", "usr/lib64/ccache");

  private BuildConf() {}

  /** @param rig lines that a base needs which is not FreeBSD's */
  static String text(BuildRequest request, List<String> rig) {
    StringBuilder text = new StringBuilder();
    text.append("# What the farm tells make for this build. The job's own lines are in ")
        .append(Steps.KIT)
        .append("/make.conf\n# and are read before these.\n");
    set(text, "PORTSDIR", Steps.TREE);
    set(text, "WRKDIRPREFIX", Steps.WORK);
    set(text, "DISTDIR", Steps.DISTFILES);
    set(text, "PACKAGES", "/packages");
    for (Path overlay : request.wishes().overlays()) {
      // Once more where the kit has it does no harm: the first place that has a file counts.
      text.append("OVERLAYS+=\t").append(Steps.seen(overlay)).append('\n');
    }
    for (String name : List.of(
        "BATCH",
        "PACKAGE_BUILDING",
        "PACKAGE_BUILDING_FLAVORS",
        "FORCE_PACKAGE",
        "USE_PACKAGE_DEPENDS",
        "USE_PACKAGE_DEPENDS_ONLY")) {
      set(text, name, "yes");
    }
    set(text, "MAKE_JOBS_NUMBER", String.valueOf(request.jobs()));
    if (request.jobs() == 1) {
      set(text, "DISABLE_MAKE_JOBS", "slipway");
    }
    text.append("# Who builds; older makes do not know it themselves.\n")
        .append(".if !empty(.MAKE.UID)\nUID:=\t${.MAKE.UID}\n.else\nUID!=\tid -u\n.endif\n")
        .append(".if !empty(.MAKE.GID)\nGID:=\t${.MAKE.GID}\n.else\nGID!=\tid -g\n.endif\n");
    Optional<Ccache> ccache = ccache(request);
    if (ccache.isPresent()) {
      set(text, "WITH_CCACHE_BUILD", "yes");
      set(text, "NO_CCACHE_DEPEND", "yes");
      set(text, "CCACHE_DIR", CCACHE);
      set(text, "CCACHE_BIN", ccache.get().program());
      set(text, "CCACHE_WRAPPER_PATH", ccache.get().wrappers());
    }
    rig.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static void set(StringBuilder text, String name, String value) {
    text.append(name).append("=\t").append(value).append('\n');
  }

  /** A compiler cache of the base's. */
  record Ccache(String program, String wrappers) {}

  /** The base's ccache, where one is wished for and there. */
  static Optional<Ccache> ccache(BuildRequest request) {
    if (request.wishes().ccache().isEmpty()) {
      return Optional.empty();
    }
    boolean host = request.target().base() instanceof Base.Host;
    Path base = request.target().base() instanceof Base.Directory directory
        ? directory.root()
        : Path.of("/");
    for (String wrappers : WRAPPERS) {
      // A jail on the host's base has a /usr/local of its own.
      if (host && wrappers.startsWith("usr/local/")) {
        continue;
      }
      String program =
          wrappers.startsWith("usr/local/") ? "usr/local/bin/ccache" : "usr/bin/ccache";
      if (Files.isDirectory(base.resolve(wrappers), LinkOption.NOFOLLOW_LINKS)
          && Files.exists(base.resolve(program), LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(new Ccache("/" + program, "/" + wrappers));
      }
    }
    return Optional.empty();
  }

  /** What stands at the head of a log: the job's lines, then this build's. */
  static void show(BuildRequest request, String text, BuildLog log) throws IOException {
    Path jobs = request.kit().resolve("make.conf");
    if (Files.isRegularFile(jobs)) {
      String lines;
      try (InputStream in = Files.newInputStream(jobs)) {
        lines = new String(in.readNBytes(BYTES_READ), StandardCharsets.UTF_8);
      }
      show("make.conf of the job", lines, log);
    }
    show("make.conf of this build", text, log);
  }

  private static void show(String title, String text, BuildLog log) throws IOException {
    log.say("---- " + title + " ----");
    List<String> lines = text.lines().toList();
    for (String line : lines.subList(0, Math.min(LINES_SHOWN, lines.size()))) {
      log.say(line);
    }
    if (lines.size() > LINES_SHOWN) {
      log.say("# and " + (lines.size() - LINES_SHOWN) + " lines or more");
    }
    log.say("---- end of " + title + " ----");
  }
}
