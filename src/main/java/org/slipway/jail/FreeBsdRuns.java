package org.slipway.jail;

import java.util.ArrayList;
import java.util.List;

/**
 * The commands around one run on FreeBSD: a jail of its own in the root, its limits, the command in it, and the end of it. Pure.
 *
 * <p>A jail is made for each run and removed after it, because limits and network are a command's, and because the removal of a
 * jail ends every process in it (jail_remove(2)).
 */
final class FreeBsdRuns {
  private final Root root;
  private final String name;
  private final FreeBsdChoices choices;

  /**
   * @param number which run in this root it is, from 1: a jail that is still dying keeps its name
   */
  FreeBsdRuns(Root root, int number, FreeBsdChoices choices) {
    this.root = root;
    this.name = root.id() + "-" + number;
    this.choices = choices;
  }

  String name() {
    return name;
  }

  /**
   * What is run before the command, as the host's root.
   *
   * @param addresses of the host, for a command that reaches other hosts alone
   * @throws JailException for a limit that this host cannot hold
   */
  List<FreeBsdCall> begin(Command command, FreeBsdAddresses addresses) throws JailException {
    List<FreeBsdCall> calls = new ArrayList<>();
    List<String> jail = new ArrayList<>(List.of("-q", "-c"));
    jail.addAll(parameters(root, name, Reach.of(command).words(addresses), choices));
    jail.add("persist");
    calls.add(FreeBsdManual.JAIL.call(jail));
    for (String rule : rules(command.limits())) {
      calls.add(FreeBsdManual.RCTL.call("-a", "jail:" + name + ":" + rule));
    }
    if (Reach.of(command) == Reach.LOOPBACK) {
      // The host's own program: a build may have replaced the root's.
      calls.add(FreeBsdManual.IFCONFIG.call("-j", name, "lo0", "inet", "127.0.0.1/8", "up"));
    }
    return calls;
  }

  /**
   * The command itself. jexec(8), limits(1) and env(1) each become the next, so file 3, the streams and the status are the
   * command's own.
   */
  FreeBsdCall enter(Command command) {
    Limits limits = command.limits();
    List<String> argv = new ArrayList<>();
    if (command.user() == Command.User.BUILDER) {
      argv.addAll(List.of("-U", "builder"));
    }
    argv.addAll(List.of(name, "/usr/bin/limits", "-B", "-c", "0"));
    if (limits.openFiles() > 0) {
      argv.addAll(List.of("-n", Integer.toString(limits.openFiles())));
    }
    if (!choices.accounting()) {
      // Does not bind root.
      argv.addAll(List.of("-u", Integer.toString(limits.processes())));
    }
    argv.addAll(Entry.argv(command));
    return FreeBsdManual.JEXEC.call(argv);
  }

  /** What is run after the command, whatever came of it; each is tried. */
  List<FreeBsdCall> end() {
    List<FreeBsdCall> calls = new ArrayList<>();
    // -R looks at no jail.conf(5), sends no SIGTERM first and runs nothing inside.
    calls.add(FreeBsdManual.JAIL.call("-q", "-R", name));
    if (choices.accounting()) {
      calls.add(FreeBsdManual.RCTL.call("-r", "jail:" + name));
    }
    return calls;
  }

  /** What of the network a jail has. */
  enum Reach {
    /**
     * A network stack of its own with nothing but lo0. For the build user alone: root may do with such a stack what it likes,
     * open raw sockets, make interfaces, load rules of pf(4), whatever allow.* says (prison_priv_check of kern_jail.c).
     */
    LOOPBACK,
    /** No address, so that no socket of IPv4 or IPv6 can be made at all, not even one for 127.0.0.1. */
    NOTHING,
    /** What other hosts reach and offer: {@link FreeBsdAddresses}. */
    OUTSIDE,
    /** All that the host reaches, the host's own 127.0.0.1 among it. */
    HOST;

    List<String> words(FreeBsdAddresses addresses) {
      return switch (this) {
        case LOOPBACK -> List.of("vnet=new");
        case NOTHING -> List.of("vnet=inherit", "ip4=disable", "ip6=disable");
        case OUTSIDE -> addresses.words();
        case HOST -> List.of("vnet=inherit", "ip4=inherit", "ip6=inherit");
      };
    }

    static Reach of(Command command) {
      return switch (command.network()) {
        case NONE -> command.user() == Command.User.ROOT ? NOTHING : LOOPBACK;
        case OUTSIDE -> OUTSIDE;
        case HOST -> HOST;
      };
    }
  }

  /**
   * What jail(8) is told of every jail. What is not allowed is named although it is the default: the sysctls security.jail.*
   * change defaults.
   */
  static List<String> parameters(
      Root root, String name, List<String> network, FreeBsdChoices choices) {
    List<String> words = new ArrayList<>();
    words.add("name=" + name);
    words.add("path=" + root.mounted());
    words.add("host.hostname=builder");
    words.addAll(network);
    words.addAll(List.of("children.max=0", "enforce_statfs=2"));
    words.add("devfs_ruleset=" + choices.ruleset());
    words.addAll(List.of("sysvmsg=new", "sysvsem=new", "sysvshm=new"));
    for (String right : List.of(
        "chflags",
        "mlock",
        "mount",
        "quotas",
        "raw_sockets",
        "read_msgbuf",
        "set_hostname",
        "socket_af",
        "unprivileged_proc_debug")) {
      words.add("allow.no" + right);
    }
    return words;
  }

  /** Rules without their subject; amounts are bytes, counts, and percents of one processor. */
  private List<String> rules(Limits limits) throws JailException {
    List<String> rules = new ArrayList<>();
    if (limits.memoryBytes() > 0) {
      refuseUncounted("on memory (" + (limits.memoryBytes() >> 20) + " MiB)");
      // The kernel cannot refuse resident memory, it can only end who has too much of it; what it
      // can refuse is to promise more.
      rules.add("memoryuse:sigkill=" + limits.memoryBytes());
      rules.add("swapuse:deny=" + limits.memoryBytes());
    }
    if (limits.cpuPercent() > 0) {
      refuseUncounted("on processors (" + limits.cpuPercent() + " percent of one)");
      rules.add("pcpu:deny=" + limits.cpuPercent());
    }
    if (choices.accounting()) {
      rules.add("maxproc:deny=" + limits.processes());
      if (limits.openFiles() > 0) {
        rules.add("openfiles:deny=" + limits.openFiles() + "/process");
      }
    }
    return rules;
  }

  private void refuseUncounted(String limit) throws JailException {
    if (!choices.accounting()) {
      throw new JailException("jail " + root.spec().name() + ": a limit " + limit
          + " needs resource accounting; put kern.racct.enable=1 into /boot/loader.conf and restart"
          + " this host");
    }
  }
}
