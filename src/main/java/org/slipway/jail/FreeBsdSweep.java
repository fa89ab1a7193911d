package org.slipway.jail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The commands that take away used roots, of this farm or of one that was killed, from what the host says is there. Pure.
 *
 * <p>First what runs, then what is mounted, then files: a folder is removed only when nothing is mounted in it any more, because
 * what is mounted there may be the farm's own. umount(8) is given names as the kernel has them: those it looks up in the table
 * of mounts, where any other name would be followed through whatever links a build has put into its root.
 */
final class FreeBsdSweep {
  private FreeBsdSweep() {}

  /** A command; where one that must succeed does not, none of the later ones is run. */
  record Step(FreeBsdCall call, boolean must) {}

  /**
   * @param farm the word with which the names of the farm's jails and datasets begin
   * @param folders of roots, each with its root in it
   */
  static List<Step> roots(FreeBsdState state, String farm, List<Path> folders) {
    List<Step> steps = new ArrayList<>();
    Set<String> ended = new LinkedHashSet<>();
    for (FreeBsdState.Prison jail : state.jails()) {
      if (ofFarm(jail.name(), farm)
          && folders.stream().anyMatch(folder -> jail.path().startsWith(folder))) {
        // One that ends by itself meanwhile is no fault.
        steps.add(may(FreeBsdManual.JAIL.call("-q", "-R", jail.name())));
        ended.add(jail.name());
      }
    }
    for (String name : state.limited().stream().sorted().toList()) {
      if (ended.contains(name)) {
        steps.add(may(FreeBsdManual.RCTL.call("-r", "jail:" + name)));
      }
    }
    for (Path folder : folders) {
      for (Path mount : state.mountsBelow(folder)) {
        steps.add(must(FreeBsdManual.UMOUNT.call("-f", mount.toString())));
      }
      for (FreeBsdState.Dataset dataset : state.datasets()) {
        // Only a clone, with a name of the farm's own: nothing else is ever destroyed.
        if (dataset.origin().isPresent()
            && ofFarm(dataset.name().substring(dataset.name().lastIndexOf('/') + 1), farm)
            && dataset.mountpoint().filter(folder.resolve("root")::equals).isPresent()) {
          steps.add(must(FreeBsdManual.ZFS_DESTROY.call("destroy", "-f", "-r", dataset.name())));
        }
      }
      steps.add(may(FreeBsdManual.CHFLAGS.call("-R", "-P", "0", folder.toString())));
      steps.add(must(FreeBsdManual.RM.call("-r", "-f", "-x", folder.toString())));
    }
    return steps;
  }

  /** What a killed farm of this name left besides folders: jails whose folder is gone, and rules of jails that are. */
  static List<Step> rest(FreeBsdState state, String farm) {
    List<Step> steps = new ArrayList<>();
    for (FreeBsdState.Prison jail : state.jails()) {
      if (ofFarm(jail.name(), farm)) {
        // One that ends by itself meanwhile is no fault.
        steps.add(may(FreeBsdManual.JAIL.call("-q", "-R", jail.name())));
      }
    }
    for (String name : state.limited().stream().sorted().toList()) {
      if (ofFarm(name, farm)) {
        steps.add(may(FreeBsdManual.RCTL.call("-r", "jail:" + name)));
      }
    }
    return steps;
  }

  private static boolean ofFarm(String name, String farm) {
    return name.startsWith(farm + "-");
  }

  private static Step must(FreeBsdCall call) {
    return new Step(call, true);
  }

  private static Step may(FreeBsdCall call) {
    return new Step(call, false);
  }
}
