package org.slipway.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.ForeignBase;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.jail.JailException;
import org.slipway.jail.Mount;

/**
 * What a base that is not FreeBSD's lacks to build ports: a pkg that answers a ports framework's
 * questions, and for a target that is FreeBSD also its programs' ways (sed -i '', stat -f, find -s),
 * its shell, its make and a few files. It lies read-only at /rig, and some of it over the base's own
 * programs, because frameworks and ports call those by absolute paths.
 *
 * <p>It is for trying ports before FreeBSD sees them: what is compiled are programs of the base's
 * system.
 */
final class Rig {
  static final String PLACE = "/rig";

  /** Where frameworks look for pkg ({@code PKG_BIN}); and where a person does. */
  private static final List<String> PKG =
      List.of("/usr/local/sbin/pkg-static", "/usr/local/sbin/pkg");

  /** What stands over a program of the base, which is then found in {@code /rig/real}. */
  private static final List<String> OVER = List.of(
      "/sbin/ldconfig",
      "/usr/bin/date",
      "/usr/bin/find",
      "/usr/bin/fmt",
      "/usr/bin/install",
      "/usr/bin/make",
      "/usr/bin/mktemp",
      "/usr/bin/sed",
      "/usr/bin/stat",
      "/usr/bin/uname",
      "/usr/bin/which",
      "/usr/bin/xargs");

  /** What such a base has nothing of. */
  private static final List<String> BESIDE = List.of("cpio", "gzcat", "jot", "make", "mtree");

  private static final List<String> DIGESTS = List.of("md5", "sha1", "sha256", "sha384", "sha512");

  /** A program of the base that takes the place of another, whole, by its folder's search path. */
  private static final Map<String, String> INSTEAD = Map.of(
      // FreeBSD's sh knows pipefail.
      "/bin/sh", "bash",
      // The framework has tar read mtree(5) specifications.
      "/usr/bin/tar", "bsdtar");

  /** What has to be there, with the Debian package that has it. */
  private static final SortedMap<String, String> NEEDED = new TreeMap<>(Map.of(
      "bash", "bash",
      "bmake", "bmake",
      "bsdcpio", "libarchive-tools",
      "bsdtar", "libarchive-tools",
      "file", "file",
      "gzip", "gzip",
      "patch", "patch",
      "readelf", "binutils",
      "xz", "xz-utils"));

  private static final List<String> FOLDERS = List.of("usr/bin", "bin", "usr/sbin", "sbin");
  private static final int LINKS = 16;

  private final Target target;
  private final Path root;
  private final boolean whole;
  private final List<Mount> mounts = new ArrayList<>();

  private Rig(Target target, Path root) {
    this.target = target;
    this.root = root;
    this.whole = ForeignBase.is(target);
  }

  /**
   * The rig for a target, written to disk unless it is there already.
   *
   * @param folder where rigs are kept, each in a folder named by its content; the build user must
   *     be able to reach it
   * @return empty where the base is FreeBSD's, which needs none
   * @throws JailException where the base lacks something that nothing can stand in for, with the
   *     names of the packages to install
   */
  static Optional<Rig> of(Target target, Path folder) throws IOException {
    if (ForeignBase.isFreeBsd(target)) {
      return Optional.empty();
    }
    Rig rig = new Rig(target, ForeignBase.root(target));
    rig.prepare(folder.toAbsolutePath());
    return Optional.of(rig);
  }

  /** Whether a target's base is FreeBSD's own. */
  static boolean ofFreeBsd(Target target) {
    return ForeignBase.isFreeBsd(target);
  }

  /** The name of the make that reads ports: FreeBSD's is bmake, elsewhere "make" is another. */
  static String make(Target target) {
    return ofFreeBsd(target) ? "make" : "bmake";
  }

  /** Whether tar is bsdtar in a jail of this target: on FreeBSD's base, and where it is put over. */
  static boolean hasBsdTar(Target target) {
    return ofFreeBsd(target) || ForeignBase.is(target);
  }

  /** What is mounted for it, in this order; all of it read-only. */
  List<Mount> mounts() {
    return List.copyOf(mounts);
  }

  /**
   * What a build's environment needs for it, over what is there. A build that has a make.conf of its
   * own puts {@link #makeConf} into that and names it in {@code __MAKE_CONF} instead.
   */
  SortedMap<String, String> environment() {
    SortedMap<String, String> environment = new TreeMap<>();
    if (whole) {
      String path = Evaluator.environment(root).getOrDefault("PATH", "/usr/bin:/bin");
      environment.put("PATH", PLACE + "/bin:" + path);
      environment.put("__MAKE_CONF", PLACE + "/make.conf");
    }
    return Collections.unmodifiableSortedMap(environment);
  }

  /**
   * Lines for make.conf: commands that frameworks call by paths where the base has nothing that
   * could be covered. None of them is part of what a package is.
   */
  List<String> makeConf() {
    if (!whole) {
      return List.of();
    }
    return List.of(
        "# What the base has not where FreeBSD has it, or not at all.",
        "BSDMAKE=\t" + PLACE + "/bin/make",
        "CHOWN=\t\t" + PLACE + "/lib/chown",
        "CONFIG_SITE=\t" + PLACE + "/config.site",
        "CPIO=\t\t" + PLACE + "/bin/cpio",
        "GZCAT=\t\t" + PLACE + "/bin/gzcat",
        "JOT=\t\t" + PLACE + "/bin/jot",
        "MD5=\t\t" + PLACE + "/bin/md5",
        "MTREE_CMD=\t" + PLACE + "/bin/mtree",
        "SHA256=\t\t" + PLACE + "/bin/sha256");
  }

  /** Why a port is not built on such a base; empty where it can be. */
  Optional<String> refusal(Port port) {
    if (whole && Installing.isThere(target, port.spec().origin())) {
      return Optional.of(
          port.spec() + " is not built on a base that is not FreeBSD's: it would be a"
              + " package tool of another system; the jail has a pkg of its own");
    }
    return Optional.empty();
  }

  private void prepare(Path folder) throws IOException {
    if (whole) {
      requireNeeded();
    }
    SortedMap<String, Path> real = whole ? real() : new TreeMap<>();
    Path rig = new RigFolder(folder).write(content(real));
    mounts.add(new Mount(rig, PLACE, false));
    for (String place : PKG) {
      mounts.add(new Mount(rig.resolve("lib/pkg"), place, false));
    }
    if (!whole) {
      return;
    }
    mounts.add(new Mount(rig.resolve("etc"), "/etc/mtree", false));
    // First all that is to be seen under another name, then what covers it.
    for (Map.Entry<String, Path> each : real.entrySet()) {
      mounts.add(new Mount(each.getValue(), PLACE + "/real/" + each.getKey(), false));
    }
    for (String place : OVER) {
      Path program = find(place);
      if (program != null) {
        mounts.add(new Mount(rig.resolve("bin").resolve(name(place)), inside(program), false));
      }
    }
    for (Map.Entry<String, String> each : new TreeMap<>(INSTEAD).entrySet()) {
      Path covered = find(each.getKey());
      Path instead = named(each.getValue());
      if (covered != null && instead != null && !covered.equals(instead)) {
        mounts.add(new Mount(instead, inside(covered), false));
      }
    }
  }

  private void requireNeeded() throws JailException {
    TreeSet<String> programs = new TreeSet<>();
    TreeSet<String> packages = new TreeSet<>();
    NEEDED.forEach((program, debian) -> {
      if (named(program) == null) {
        programs.add(program);
        packages.add(debian);
      }
    });
    if (!programs.isEmpty()) {
      throw new JailException("the base system at " + root + " has no "
          + String.join(", ", programs) + ", which FreeBSD's ports are built with; install there "
          + "(Debian's names): " + String.join(" ", packages));
    }
  }

  /** Programs of the base by the name under which the rig's own find them. */
  private SortedMap<String, Path> real() throws JailException {
    SortedMap<String, Path> real = new TreeMap<>();
    for (String place : OVER) {
      Path program = find(place);
      if (program != null) {
        real.put(name(place), program);
      }
    }
    Path shell = find("/bin/sh");
    if (shell == null) {
      throw new JailException(root + " is no base system: it has no bin/sh");
    }
    real.put("sh", shell);
    return real;
  }

  private SortedMap<String, byte[]> content(SortedMap<String, Path> real) throws IOException {
    SortedMap<String, byte[]> content = new TreeMap<>();
    for (String name : List.of("lib/pkg", "lib/version.awk")) {
      content.put(name, resource(name));
    }
    content.put("abi", (target.abi() + "\n").getBytes(StandardCharsets.UTF_8));
    if (!whole) {
      return content;
    }
    content.put("lib/chown", resource("lib/chown"));
    content.put("lib/turn", resource("lib/turn"));
    for (String place : OVER) {
      content.put("bin/" + name(place), resource("bin/" + name(place)));
    }
    for (String name : BESIDE) {
      content.put("bin/" + name, resource("bin/" + name));
    }
    for (String name : DIGESTS) {
      content.put("bin/" + name, resource("bin/digest"));
    }
    for (String name : List.of("root", "usr", "var", "local")) {
      String file = "etc/BSD." + name + ".dist";
      content.put(file, resource(file));
    }
    content.put("config.site", resource("config.site"));
    content.put(
        "make.conf", (String.join("\n", makeConf()) + "\n").getBytes(StandardCharsets.UTF_8));
    // Places for what is mounted in it.
    real.keySet().forEach(name -> content.put("real/" + name, new byte[0]));
    return content;
  }

  private static byte[] resource(String name) throws IOException {
    try (@Nullable InputStream in = Rig.class.getResourceAsStream("rig/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the rig's " + name + " is not in the program");
      }
      return in.readAllBytes();
    }
  }

  private static String name(String place) {
    return place.substring(place.lastIndexOf('/') + 1);
  }

  /** A program of the base by its name, a real file; null where there is none. */
  private @Nullable Path named(String program) {
    for (String folder : FOLDERS) {
      Path found = find("/" + folder + "/" + program);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * The real file that a path means inside the base; null where there is none. Links are followed
   * within the base: an absolute one means the base's root and not the host's.
   */
  private @Nullable Path find(String place) {
    Path path = Path.of("/").relativize(Path.of(place));
    Path found = root;
    int links = 0;
    List<Path> left = new ArrayList<>();
    path.forEach(left::add);
    try {
      while (!left.isEmpty()) {
        Path step = left.remove(0);
        if (step.toString().equals("..")) {
          found =
              found.equals(root) ? root : Optional.ofNullable(found.getParent()).orElse(root);
          continue;
        }
        Path next = found.resolve(step);
        if (Files.isSymbolicLink(next)) {
          if (++links > LINKS) {
            return null;
          }
          Path link = Files.readSymbolicLink(next);
          if (link.isAbsolute()) {
            found = root;
            link = Path.of("/").relativize(link);
          }
          List<Path> steps = new ArrayList<>();
          link.forEach(steps::add);
          left.addAll(0, steps);
        } else {
          found = next;
        }
      }
    } catch (IOException e) {
      return null;
    }
    return Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS) ? found : null;
  }

  /** Where the jail sees a file of the base. */
  private String inside(Path program) {
    return "/" + root.relativize(program);
  }
}
