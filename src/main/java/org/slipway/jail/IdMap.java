package org.slipway.jail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How user ids of a jail become ids of the host, and with it how namespaces are entered. */
enum IdMap {
  /** Real root: ids are the host's; only names, mounts, processes and network are apart. */
  REAL,
  /** Root who may not mount: a user namespace in which ids 0 to 65535 are the host's. */
  IDENTITY,
  /** Ordinary user with a range in /etc/subuid: root is the user, all others are from the range. */
  SUBORDINATE,
  /** Ordinary user without: every file and process of a jail is the user's own. */
  SINGLE;

  /**
   * The build user's id in a jail, and on the host where ids are the host's. It is in the small range
   * (65520 to 65533) that neither Debian's policy nor systemd's dynamic users hand out.
   */
  static final int BUILDER = 65530;

  /** From best to worst for this user. */
  static List<IdMap> candidates(boolean root) {
    return root ? List.of(REAL, IDENTITY, SINGLE) : List.of(SUBORDINATE, SINGLE);
  }

  /** The command line that runs {@code program} as the jail's root in new namespaces. */
  List<String> enter(Path scripts, List<String> namespaces, List<String> program) {
    List<String> argv = new ArrayList<>();
    switch (this) {
      case REAL -> argv.add("unshare");
      case IDENTITY ->
        argv.addAll(List.of("sh", scripts.resolve("identity.sh").toString(), "unshare"));
      case SUBORDINATE ->
        argv.addAll(List.of("unshare", "--user", "--map-root-user", "--map-auto"));
      case SINGLE -> argv.addAll(List.of("unshare", "--user", "--map-root-user"));
    }
    argv.addAll(namespaces);
    argv.addAll(program);
    return argv;
  }

  /** Whether the farm's user owns, or may act as owner of, every file that a jail leaves. */
  boolean farmOwnsAll() {
    return this == REAL || this == IDENTITY;
  }

  /** Whether the farm can give a file to the build user. */
  boolean canGive() {
    return farmOwnsAll();
  }
}
