package org.slipway.jail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a Linux host offers jails, from files of its kernel. Pure. Which jail really starts is told by {@link Jails#open}. */
final class LinuxFindings {
  private static final String MOUNTS = "/proc/self/mountinfo";
  private static final String FILE_SYSTEMS = "/proc/filesystems";
  private static final String NAMESPACES = "/proc/sys/user/max_user_namespaces";
  private static final String DEBIAN = "/proc/sys/kernel/unprivileged_userns_clone";
  private static final String UBUNTU = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
  private static final String SUBUID = "/etc/subuid";
  private static final String SUBGID = "/etc/subgid";
  private static final String RESOLVER = "/etc/resolv.conf";

  static final List<String> FILES =
      List.of(MOUNTS, FILE_SYSTEMS, NAMESPACES, DEBIAN, UBUNTU, SUBUID, SUBGID, RESOLVER);
  static final List<String> PROGRAMS =
      List.of("newuidmap", "newgidmap", "mkfs.ext4", Outside.PROGRAM);

  private final Map<String, String> answers;
  private final boolean root;
  private final List<HostFinding> findings = new ArrayList<>();

  private LinuxFindings(Map<String, String> answers) {
    this.answers = answers;
    this.root = answer("uid").equals("0");
  }

  /**
   * @param answers contents of {@link #FILES} by their paths, {@code which NAME} of programs found, {@code user}, {@code uid},
   *     {@code loop devices} where they can be made, and {@code tunnel} where networks can be given one
   */
  static List<HostFinding> of(Map<String, String> answers) {
    LinuxFindings all = new LinuxFindings(answers);
    all.controlGroups();
    all.overlay();
    all.namespaces();
    if (!all.root) {
      all.subordinates();
    }
    all.disk();
    all.fetch();
    return List.copyOf(all.findings);
  }

  private String answer(String name) {
    return answers.getOrDefault(name, "").strip();
  }

  /** See cgroups(7): version 2 is one tree, version 1 a tree for each controller, and a host may have both. */
  private void controlGroups() {
    int first = 0;
    int second = 0;
    int readOnly = 0;
    for (String line : answer(MOUNTS).lines().toList()) {
      String[] halves = line.split(" - ", 2);
      String[] left = halves[0].split(" ", -1);
      if (halves.length == 2 && halves[1].startsWith("cgroup") && left.length > 5) {
        if (halves[1].startsWith("cgroup2 ")) {
          second++;
        } else {
          first++;
        }
        readOnly += List.of(left[5].split(",", -1)).contains("ro") ? 1 : 0;
      }
    }
    String layout = first > 0 && second > 0
        ? "version 1, with a version 2 mount beside it (hybrid)"
        : first > 0 ? "version 1" : "version 2";
    if (first + second == 0) {
      findings.add(HostFinding.note(
          "cgroups", "none are mounted: memory is not limited and peaks are not told"));
    } else if (readOnly == first + second) {
      findings.add(HostFinding.note(
          "cgroups",
          layout + ", read-only (a container?): memory is not limited and peaks are not told"));
    } else if (!root) {
      findings.add(HostFinding.note(
          "cgroups", layout + "; only root's farm makes groups of its own: memory is not limited"));
    } else {
      findings.add(HostFinding.good("cgroups", layout));
    }
  }

  private void overlay() {
    boolean there = answer(FILE_SYSTEMS).lines().anyMatch(line -> line.strip().endsWith("overlay"));
    findings.add(
        there
            ? HostFinding.good("overlay", "in the kernel: bases other than the host can be used")
            : HostFinding.note(
                "overlay",
                "not loaded: only \"base: host\" can be used until root loads it",
                "modprobe overlay"));
  }

  private void namespaces() {
    String most = answer(NAMESPACES);
    if (most.isEmpty() || most.equals("0")) {
      found("this kernel gives no user namespaces", "sysctl user.max_user_namespaces=15000");
    } else if (answer(DEBIAN).equals("0")) {
      found("user namespaces are for root alone here", "sysctl kernel.unprivileged_userns_clone=1");
    } else if (answer(UBUNTU).equals("1")) {
      found(
          "AppArmor keeps user namespaces from ordinary users",
          "sysctl kernel.apparmor_restrict_unprivileged_userns=0");
    } else {
      findings.add(HostFinding.good("userns", "user namespaces are for every user"));
    }
  }

  /** Root's farm does without them. */
  private void found(String sentence, String mend) {
    findings.add(
        root
            ? HostFinding.good("userns", sentence + "; a farm of root needs none")
            : HostFinding.missing(
                "userns", sentence + ", and a farm that is not root's needs them; as root", mend));
  }

  private void subordinates() {
    String user = answer("user");
    boolean ids = List.of(SUBUID, SUBGID).stream()
        .allMatch(file ->
            answer(file).lines().anyMatch(line -> line.startsWith(user + ":") && !user.isEmpty()));
    boolean programs = List.of("newuidmap", "newgidmap").stream()
        .allMatch(name -> answers.containsKey("which " + name));
    if (ids && programs) {
      findings.add(HostFinding.good("subuid", "the build user gets an id of its own"));
    } else {
      findings.add(HostFinding.note(
          "subuid",
          (ids ? "newuidmap is not installed" : user + " has no range in " + SUBUID)
              + ": the root of a jail and the build user are one; as root",
          ids
              ? "apt-get install uidmap"
              : "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 " + user));
    }
  }

  private void fetch() {
    String reached = ": while distfiles are fetched, a hostile port reaches what listens on this"
        + " host's 127.0.0.1 and on its abstract unix sockets";
    if (!answers.containsKey("which " + Outside.PROGRAM)) {
      findings.add(HostFinding.note(
          "fetch",
          Outside.PROGRAM + " is not installed" + reached,
          "apt-get install " + Outside.PROGRAM));
    } else if (!answers.containsKey("tunnel")) {
      findings.add(HostFinding.note(
          "fetch", "the farm may not open " + Outside.TUNNEL + reached, "modprobe tun"));
    } else if (NameServers.of(answer(RESOLVER)).lackIpv4()) {
      findings.add(HostFinding.note(
          "fetch", "none of the name servers in " + RESOLVER + " has an IPv4 address" + reached));
    } else {
      findings.add(HostFinding.good(
          "fetch", "what fetches distfiles has a network of its own, by " + Outside.PROGRAM));
    }
  }

  /** A root with a limit on its disk lies in a file, which is mounted as ext4 by a loop device. */
  private void disk() {
    String refused = ": a job that limits the disk of its builds is refused";
    if (!root) {
      findings.add(
          HostFinding.note("disk", "only root's farm can limit what a root takes" + refused));
    } else if (!answers.containsKey("loop devices")) {
      findings.add(
          HostFinding.note("disk", "no loop devices (a container?)" + refused, "modprobe loop"));
    } else if (!answers.containsKey("which mkfs.ext4")) {
      findings.add(HostFinding.note(
          "disk", "mkfs.ext4 is not installed" + refused, "apt-get install e2fsprogs"));
    } else {
      findings.add(HostFinding.good("disk", "what a root takes can be limited, by loop devices"));
    }
  }
}
