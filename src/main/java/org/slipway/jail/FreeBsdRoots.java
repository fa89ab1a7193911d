package org.slipway.jail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commands that make the root of a jail on FreeBSD, and those that take it away. Pure: it looks at no file and runs nothing.
 *
 * <p>Every mount is made in the fresh root, before a build has been in it: a name in a used root may lead anywhere.
 */
final class FreeBsdRoots {
  private static final String OWNER = Integer.toString(IdMap.BUILDER);
  private static final Pattern TARGET = Pattern.compile("(/[A-Za-z0-9_@%+=:,.~-]+)+");

  /** Folders that every root has; see {@link Jail}. */
  private static final List<String> FARMS =
      List.of("dev", "farm", "kit", "packages", "usr/local/lib", "xports");

  private static final List<String> FOR_ALL = List.of("tmp", "var/tmp");
  private static final List<String> BUILDERS = List.of("distfiles", "wrkdirs");

  private final Root root;
  private final FreeBsdBase base;
  private final Set<Path> files;
  private final FreeBsdChoices choices;
  private final List<FreeBsdCall> calls = new ArrayList<>();
  private final List<FreeBsdCall> undo = new ArrayList<>();

  private FreeBsdRoots(Root root, FreeBsdBase base, Set<Path> files, FreeBsdChoices choices) {
    this.root = root;
    this.base = base;
    this.files = files;
    this.choices = choices;
  }

  /**
   * What is to be run.
   *
   * @param make in this order; the first that fails is the end of it
   * @param undo in this order, when all of {@code make} was done; what is left is a folder of the farm's own
   */
  record Plan(List<FreeBsdCall> make, List<FreeBsdCall> undo) {
    Plan {
      make = List.copyOf(make);
      undo = List.copyOf(undo);
    }
  }

  /**
   * @param files those sources of the spec's mounts that are files
   * @throws JailException where the spec asks what FreeBSD does not give
   */
  static Plan plan(Root root, FreeBsdBase base, Set<Path> files, FreeBsdChoices choices)
      throws JailException {
    return new FreeBsdRoots(root, base, files, choices).plan();
  }

  /** Paths in a base, relative, at which the farm puts something of its own; no link of the base may stand in the way. */
  static List<String> written(JailSpec spec) {
    return Stream.of(
            Stream.of(FARMS, FOR_ALL, BUILDERS).flatMap(List::stream),
            Stream.of("etc/hosts", "etc/resolv.conf", "farm/sh", "var/run"),
            spec.mounts().stream().map(mount -> mount.target().substring(1)),
            spec.tmpfs().stream().map(part -> part.target().substring(1)))
        .flatMap(names -> names)
        .toList();
  }

  /** Where files are that the farm puts into a root. */
  static Path settings(Root root) {
    return root.folder().resolve("settings");
  }

  /** The name of a root's own dataset. */
  static String dataset(Root root, FreeBsdChoices choices) {
    return choices.dataset().orElseThrow() + "/" + root.id();
  }

  private Plan plan() throws JailException {
    List<Placed> placed = placed();
    fill();
    folders(FARMS, "0", "0755");
    folders(FOR_ALL, "0", "1777");
    folders(BUILDERS, OWNER, "0755");
    settings();
    mount(FreeBsdManual.DEVFS, "ruleset=" + choices.ruleset(), "devfs", "dev");
    mount(FreeBsdManual.FDESCFS, "nosuid", "fdescfs", "dev/fd");
    for (Placed each : placed) {
      place(each);
    }
    return new Plan(calls, undo);
  }

  // ---- The base

  private void fill() throws JailException {
    switch (choices.roots()) {
      case ZFS -> copyOnWrite();
      case TMPFS -> {
        memory();
        copy(List.of("."));
      }
      case NULLFS -> {
        memory();
        folders(base.shared(), "0", "0755");
        copy(base.copied());
        for (String name : base.shared()) {
          mount(FreeBsdManual.NULLFS, "ro,nosuid", base.root().resolve(name).toString(), name);
        }
      }
    }
  }

  private void copyOnWrite() throws JailException {
    String snapshot = base.snapshot()
        .orElseThrow(() -> new JailException("jail " + root.spec().name() + ": the base "
            + base.root() + " has no snapshot " + FreeBsdBase.SNAPSHOT + " to be cloned; it must be"
            + " a dataset of its own"));
    String dataset = dataset(root, choices);
    long quota = root.spec().diskBytes();
    // Nothing in it survives the build, so nothing has to reach the disk. setuid=off is nosuid.
    calls.add(FreeBsdManual.ZFS_CLONE.call(
        "clone",
        "-o",
        "mountpoint=" + root.mounted(),
        "-o",
        "atime=off",
        "-o",
        "sync=disabled",
        "-o",
        "setuid=off",
        "-o",
        "quota=" + (quota > 0 ? Long.toString(quota) : "none"),
        snapshot,
        dataset));
    undo.add(FreeBsdManual.ZFS_DESTROY.call("destroy", "-f", "-r", dataset));
  }

  private void memory() {
    long bytes = root.spec().diskBytes() > 0 ? root.spec().diskBytes() : choices.memoryBytes();
    folders(List.of(""), "0", "0755");
    mount(FreeBsdManual.TMPFS, "nosuid,mode=0755,size=" + bytes, "tmpfs", "");
  }

  /** By tar(1), which keeps hard links: /rescue is one file of 150 names. Flags such as schg stay behind. */
  private void copy(List<String> names) {
    List<String> from = new ArrayList<>(
        List.of("-c", "-f", "-", "--one-file-system", "-C", base.root().toString()));
    from.addAll(names);
    calls.add(FreeBsdManual.TAR
        .call(from)
        .into(FreeBsdManual.TAR.call(
            "-x", "-p", "-f", "-", "--no-fflags", "-C", root.mounted().toString())));
  }

  // ---- What the farm adds

  private void settings() {
    String place = root.mounted().toString();
    // See Jail.SHELL; what FreeBSD does for it is allow.nounprivileged_proc_debug.
    calls.add(FreeBsdManual.INSTALL.call(
        "-o", "0", "-g", "0", "-m", "0111", base.root() + "/bin/sh", place + Jail.SHELL));
    calls.add(installFile(settings(root) + "/resolv.conf", place + "/etc/resolv.conf"));
    calls.add(installFile(settings(root) + "/hosts", place + "/etc/hosts"));
    if (!base.builder()) {
      calls.add(FreeBsdManual.PW.call("-R", place, "groupadd", "-n", "builder", "-g", OWNER));
      calls.add(FreeBsdManual.PW.call(
          "-R",
          place,
          "useradd",
          "-n",
          "builder",
          "-u",
          OWNER,
          "-g",
          "builder",
          "-c",
          "Slipway build user",
          "-d",
          "/wrkdirs",
          "-s",
          "/bin/sh",
          "-w",
          "no"));
    }
    // The loader finds no library of a package without it. The base's own program, so in a jail.
    List<String> hints = new ArrayList<>(List.of("-q", "-c"));
    hints.addAll(FreeBsdRuns.parameters(
        root, root.id() + "-0", FreeBsdRuns.Reach.NOTHING.words(FreeBsdAddresses.NONE), choices));
    hints.addAll(List.of("command=/sbin/ldconfig", "/lib", "/usr/lib", "/usr/local/lib"));
    calls.add(FreeBsdManual.JAIL.call(hints));
  }

  private static FreeBsdCall installFile(String source, String target) {
    return FreeBsdManual.INSTALL.call("-o", "0", "-g", "0", "-m", "0644", source, target);
  }

  private void folders(List<String> relative, String owner, String mode) {
    List<String> words = new ArrayList<>(List.of("-d", "-o", owner, "-g", owner, "-m", mode));
    relative.forEach(name -> words.add(root.mounted().resolve(name).toString()));
    calls.add(FreeBsdManual.INSTALL.call(words));
  }

  // ---- Mounts

  /** A part of the spec that is mounted, at a target that was checked. */
  private record Placed(String target, FreeBsdManual manual, String options, String source) {
    long depth() {
      return target.chars().filter(sign -> sign == '/').count();
    }
  }

  /** Mounts and parts in memory, those first that others may lie in. */
  private List<Placed> placed() throws JailException {
    List<Placed> all = new ArrayList<>();
    for (Mount mount : root.spec().mounts()) {
      all.add(new Placed(
          mount.target(),
          FreeBsdManual.NULLFS,
          mount.writable() ? "rw,nosuid" : "ro,nosuid",
          mount.source().toString()));
    }
    for (Tmpfs part : root.spec().tmpfs()) {
      all.add(new Placed(part.target(), FreeBsdManual.TMPFS, options(part), "tmpfs"));
    }
    Set<String> seen = new HashSet<>();
    for (Placed each : all) {
      check(each.target());
      if (!seen.add(each.target())) {
        throw refusal(each.target(), "something else is mounted there too");
      }
    }
    all.sort(Comparator.comparingLong(Placed::depth));
    return all;
  }

  private static String options(Tmpfs part) {
    boolean forAll = part.target().equals("/tmp") || part.target().equals("/var/tmp");
    boolean builders = Stream.of("/wrkdirs", "/distfiles")
        .anyMatch(own -> part.target().equals(own) || part.target().startsWith(own + "/"));
    String owner = builders ? OWNER : "0";
    return "nosuid,uid=" + owner + ",gid=" + owner + ",mode=" + (forAll ? "1777" : "0755")
        + ",size=" + part.bytes() + (part.inodes() > 0 ? ",inodes=" + part.inodes() : "");
  }

  private void check(String target) throws JailException {
    if (!TARGET.matcher(target).matches()
        || Stream.of(target.split("/", -1)).anyMatch("."::equals)) {
      throw refusal(
          target,
          "on FreeBSD a mount point is an absolute path of letters, digits and"
              + " the signs _ @ % + = : , . ~ -");
    }
    for (String taken : List.of("/dev", "/farm", "/etc", "/bin", "/sbin", "/lib", "/libexec")) {
      if (target.equals(taken) || target.startsWith(taken + "/")) {
        throw refusal(target, "the jail has its own " + taken);
      }
    }
    if (choices.roots() == FreeBsdChoices.Roots.NULLFS) {
      for (String shared : base.shared()) {
        if (target.startsWith("/" + shared + "/")) {
          throw refusal(target, "/" + shared + " is the base's, read-only");
        }
      }
    }
  }

  private JailException refusal(String target, String reason) {
    return new JailException(
        "jail " + root.spec().name() + ": nothing can be mounted at " + target + ": " + reason);
  }

  private void place(Placed each) {
    String relative = each.target().substring(1);
    if (files.contains(Path.of(each.source()))) {
      Path parent = Path.of(relative).getParent();
      if (parent != null && !fixed(parent.toString())) {
        folders(List.of(parent.toString()), "0", "0755");
      }
      calls.add(installFile("/dev/null", root.mounted().resolve(relative).toString()));
    } else if (!fixed(relative)) {
      folders(List.of(relative), "0", "0755");
    }
    mount(each.manual(), each.options(), each.source(), relative);
  }

  /** Whether it is there already, with an owner that is to stay. */
  private static boolean fixed(String relative) {
    return Stream.of(FARMS, FOR_ALL, BUILDERS).anyMatch(names -> names.contains(relative));
  }

  private void mount(FreeBsdManual type, String options, String source, String relative) {
    String place = root.mounted().resolve(relative).toString();
    calls.add(type.call("-t", name(type), "-o", options, source, place));
    undo.add(0, FreeBsdManual.UMOUNT.call("-f", place));
  }

  private static String name(FreeBsdManual type) {
    return switch (type) {
      case DEVFS -> "devfs";
      case FDESCFS -> "fdescfs";
      case NULLFS -> "nullfs";
      case TMPFS -> "tmpfs";
      default -> throw new IllegalArgumentException(type + " is no file system");
    };
  }
}
