package org.slipway.jail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a FreeBSD host offers jails, from what its programs say. Pure. */
final class FreeBsdFindings {
  static final FreeBsdCall RELEASE = FreeBsdManual.UNAME.call("-r");
  static final FreeBsdCall USER = FreeBsdManual.ID.call("-u");
  static final FreeBsdCall BUILDER =
      FreeBsdManual.ID.call("-u", "-n", Integer.toString(IdMap.BUILDER));
  static final FreeBsdCall FILE_SYSTEMS = FreeBsdManual.LSVFS.call();
  static final FreeBsdCall SWAP = FreeBsdManual.SWAPINFO.call("-k");
  static final FreeBsdCall RULES = FreeBsdDevices.show(FreeBsdDevices.RULESET);

  /** All that is asked; a program that fails has no answer. */
  static final List<FreeBsdCall> PROBES = List.of(
      RELEASE,
      USER,
      BUILDER,
      FILE_SYSTEMS,
      SWAP,
      RULES,
      FreeBsdState.DATASETS,
      sysctl("security.jail.jailed"),
      sysctl("kern.securelevel"),
      sysctl("kern.features.vimage"),
      sysctl("kern.features.sysv_msg"),
      sysctl("kern.features.sysv_sem"),
      sysctl("kern.features.sysv_shm"),
      sysctl("kern.racct.enable"),
      sysctl("hw.physmem"));

  /** Its content is an answer as well. */
  static final Path NAMES = Path.of("/etc/resolv.conf");

  /** Of the base system, all of them. */
  static final List<String> PROGRAMS = List.of(
      "chflags",
      "devfs",
      "id",
      "ifconfig",
      "install",
      "jail",
      "jexec",
      "jls",
      "mount",
      "ps",
      "pw",
      "rctl",
      "rm",
      "sysctl",
      "tar",
      "umount",
      "uname");

  private static final int OLDEST = 14;
  private static final long LITTLE_MEMORY = 8L << 30;

  private final Map<String, String> answers;
  private final Path jails;
  private final List<HostFinding> findings = new ArrayList<>();

  private FreeBsdFindings(Map<String, String> answers, Path jails) {
    this.answers = answers;
    this.jails = jails;
  }

  /**
   * @param answers by the command line that was asked; programs found have {@code which NAME}
   * @param jails the farm's folder of jails
   */
  static List<HostFinding> of(Map<String, String> answers, Path jails) {
    FreeBsdFindings all = new FreeBsdFindings(answers, jails);
    all.system();
    all.programs();
    all.kernel();
    all.accounting();
    all.fileSystems();
    all.devices();
    all.roots();
    all.memory();
    all.builder();
    all.fetch();
    return List.copyOf(all.findings);
  }

  static FreeBsdCall sysctl(String name) {
    return FreeBsdManual.SYSCTL.call("-n", name);
  }

  private Optional<String> answer(FreeBsdCall call) {
    return Optional.ofNullable(answers.get(call.line())).map(String::strip);
  }

  private boolean is(String sysctl, String value) {
    return answer(sysctl(sysctl)).filter(value::equals).isPresent();
  }

  private void good(String what, String found) {
    findings.add(HostFinding.good(what, found));
  }

  private void note(String what, String found, String... mend) {
    findings.add(HostFinding.note(what, found, mend));
  }

  private void missing(String what, String found, String... mend) {
    findings.add(HostFinding.missing(what, found, mend));
  }

  private void system() {
    String release = answer(RELEASE).orElse("of an unknown release");
    int dot = release.indexOf('.');
    OptionalLong major = number(dot < 0 ? release : release.substring(0, dot));
    if (major.isPresent() && major.getAsLong() >= OLDEST) {
      good("system", "FreeBSD " + release);
    } else {
      missing(
          "system",
          "FreeBSD " + release + "; jails are made on " + OLDEST + " and newer",
          "freebsd-update upgrade -r " + OLDEST + ".3-RELEASE");
    }
    if (answer(USER).filter("0"::equals).isPresent()) {
      good("user", "root, who may make jails");
    } else {
      missing("user", "not root; only root may make jails here", "su -");
    }
    if (!is("security.jail.jailed", "0")) {
      missing(
          "host",
          "this is a jail itself, and jails in it could not be given a network stack or"
              + " mounts of their own; run the farm on the host, or in a virtual machine");
    }
  }

  private void programs() {
    List<String> absent =
        PROGRAMS.stream().filter(name -> !answers.containsKey("which " + name)).toList();
    if (absent.isEmpty()) {
      good("programs", "all of the base system's that jails are made with");
    } else {
      missing(
          "programs",
          "of the base system this host lacks " + String.join(", ", absent)
              + "; they are in base.txz of its release");
    }
  }

  private void fetch() {
    if (NameServers.of(answers.getOrDefault(NAMES.toString(), "")).onlyOnLoopback()) {
      note(
          "fetch",
          "the name server is this host's own: while distfiles are fetched, a hostile port reaches"
              + " what listens on this host's 127.0.0.1; name a server in " + NAMES
              + " that answers at another address");
    } else {
      good("fetch", "what fetches distfiles has this host's addresses without its 127.0.0.1");
    }
  }

  private void kernel() {
    if (is("kern.features.vimage", "1")) {
      good("vnet", "the kernel gives a jail a network of its own");
    } else {
      missing(
          "vnet",
          "the kernel has no vnet, which keeps builds from the network; use the GENERIC"
              + " kernel, or build one with this line",
          "options VIMAGE");
    }
    List<String> absent = List.of("msg", "sem", "shm").stream()
        .filter(name -> !is("kern.features.sysv_" + name, "1"))
        .map(name -> "sysv" + name)
        .toList();
    if (absent.isEmpty()) {
      good("ipc", "a jail gets System V messages, semaphores and memory of its own");
    } else {
      missing(
          "ipc",
          "the kernel lacks " + String.join(", ", absent) + ", which a jail gets for itself",
          "kldload " + String.join(" ", absent),
          "sysrc kld_list+=\"" + String.join(" ", absent) + "\"");
    }
    OptionalLong level = answer(sysctl("kern.securelevel"))
        .map(FreeBsdFindings::number)
        .orElse(OptionalLong.empty());
    if (level.isPresent() && level.getAsLong() > 0) {
      missing(
          "securelevel",
          "it is " + level.getAsLong() + ": files that are marked unchangeable could never be"
              + " removed; take it back and restart",
          "sysrc kern_securelevel_enable=NO",
          "shutdown -r now");
    }
  }

  private void accounting() {
    if (is("kern.racct.enable", "1")) {
      good("limits", "the kernel counts and limits memory, processes, files and processors");
    } else if (answer(sysctl("kern.racct.enable")).isPresent()) {
      missing(
          "limits",
          "the kernel does not count what jails use: a build could take all memory and start processes"
              + " without end, and a job that limits memory is refused; write this line into"
              + " /boot/loader.conf and restart",
          "kern.racct.enable=1");
    } else {
      missing(
          "limits",
          "the kernel cannot count what jails use; use the GENERIC kernel, or build"
              + " one with these lines",
          "options RACCT",
          "options RCTL");
    }
  }

  private void fileSystems() {
    List<String> loaded = answer(FILE_SYSTEMS)
        .orElse("")
        .lines()
        .map(line -> line.strip().split("\\s+", -1)[0])
        .toList();
    List<String> absent = List.of("fdescfs", "nullfs", "tmpfs").stream()
        .filter(name -> !loaded.contains(name))
        .toList();
    if (absent.isEmpty()) {
      good("mounts", "fdescfs, nullfs and tmpfs are in the kernel");
    } else {
      note(
          "mounts",
          String.join(", ", absent)
              + " not loaded yet; mount(8) does that, and to have it done at the start",
          absent.stream()
              .map(name -> name + "_load=\"YES\" # /boot/loader.conf")
              .toArray(String[]::new));
    }
  }

  private void devices() {
    try {
      boolean there = FreeBsdDevices.define(
              FreeBsdDevices.RULESET, answer(RULES).orElse(""))
          .isEmpty();
      good(
          "devices",
          "devfs ruleset " + FreeBsdDevices.RULESET
              + (there ? " is the farm's" : " is free; the farm makes it when it starts"));
    } catch (JailException e) {
      missing(
          "devices",
          "devfs ruleset " + FreeBsdDevices.RULESET + " has rules that are not the farm's",
          "devfs rule -s " + FreeBsdDevices.RULESET + " delset");
    }
  }

  private void roots() {
    FreeBsdState state =
        FreeBsdState.parse("", "", answer(FreeBsdState.DATASETS).orElse(""), "");
    Optional<FreeBsdState.Dataset> own = state.datasetAt(jails);
    String without = "roots have the base's programs read-only and all else in memory";
    if (own.isPresent()) {
      good(
          "roots",
          "clones in " + own.get().name() + ", of bases that are datasets with a snapshot "
              + FreeBsdBase.SNAPSHOT);
    } else if (state.datasets().isEmpty()) {
      note("roots", "no ZFS here: " + without + ", so a limit on disk is one on memory");
    } else {
      String pool = state.datasets().get(0).name().split("/", -1)[0];
      note(
          "roots",
          "no dataset is mounted at " + jails + ": " + without + "; to have clones on disk",
          "zfs create -p -o mountpoint=" + FreeBsdCall.quoted(jails.toString()) + " " + pool
              + "/slipway/jails");
    }
  }

  private void memory() {
    long memory = number(answer(sysctl("hw.physmem")).orElse("")).orElse(0);
    long swap = 0;
    // A line a device, and one of their sum where there are several: NAME BLOCKS USED AVAIL
    // CAPACITY.
    for (String line : answer(SWAP).orElse("").lines().toList()) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length >= 4 && !words[0].equals("Total")) {
        swap += number(words[1]).orElse(0) << 10;
      }
    }
    if (memory == 0) {
      note("memory", "the host does not say how much it has");
      return;
    }
    String sentence = gibibytes(memory) + " GiB of memory, " + gibibytes(swap) + " GiB of swap";
    if (memory < LITTLE_MEMORY) {
      note("memory", sentence + "; large ports want 8 GiB for each build at a time");
    } else {
      good("memory", sentence);
    }
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / (double) (1L << 30));
  }

  private void builder() {
    Optional<String> name = answer(BUILDER);
    if (name.isPresent() && !name.get().equals("builder")) {
      note(
          "build user",
          "user " + name.get() + " of this host has the build user's id " + IdMap.BUILDER
              + ", and could end its processes; give that user another id");
    } else {
      good(
          "build user", "id " + IdMap.BUILDER + " is nobody else's; roots get the user themselves");
    }
  }

  private static OptionalLong number(String word) {
    return word.matches("-?[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(word))
        : OptionalLong.empty();
  }
}
