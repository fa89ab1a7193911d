package org.slipway.jail;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The device nodes that a build sees: none but those named here. The system's own rules for jails (number 4 of devfs.rules(5))
 * also show zfs and fuse, which no build needs.
 */
final class FreeBsdDevices {
  /** The farm's number among the host's rules; two farms share the same. */
  static final int RULESET = 5170;

  /** A rule is numbered by hundreds where no number is given (devfs(8)); here each has its own. */
  private static final int STEP = 100;

  private static final Pattern SHOWN = Pattern.compile("([0-9]+) (.+)");

  private static final List<String> SEEN = List.of(
      "null", "zero", "full", "random", "urandom", "fd", "fd/*", "stdin", "stdout", "stderr",
      "ptmx", "pts", "pts/*");

  private FreeBsdDevices() {}

  /** Asks what is there. */
  static FreeBsdCall show(int ruleset) {
    return FreeBsdManual.DEVFS_RULE.call("rule", "-s", Integer.toString(ruleset), "show");
  }

  /**
   * The commands that make the rules, none where they are there.
   *
   * @param shown what {@link #show} gave
   * @throws JailException where that number has other rules
   */
  static List<FreeBsdCall> define(int ruleset, String shown) throws JailException {
    List<String> rules = rules();
    List<String> present = new ArrayList<>();
    for (String line : shown.lines().filter(line -> !line.isBlank()).toList()) {
      Matcher rule = SHOWN.matcher(line.strip());
      present.add(rule.matches() ? rule.group(2) : line);
    }
    if (present.equals(rules)) {
      return List.of();
    }
    if (!present.isEmpty()) {
      throw new JailException("devfs ruleset " + ruleset + " of this host is not the farm's; remove"
          + " it with: devfs rule -s " + ruleset + " delset");
    }
    List<FreeBsdCall> calls = new ArrayList<>();
    for (String rule : rules) {
      List<String> words = new ArrayList<>(List.of("rule", "-s", Integer.toString(ruleset), "add"));
      words.add(Integer.toString(STEP * (calls.size() + 1)));
      words.addAll(List.of(rule.split(" ", -1)));
      calls.add(FreeBsdManual.DEVFS_RULE.call(words));
    }
    return calls;
  }

  private static List<String> rules() {
    List<String> rules = new ArrayList<>(List.of("hide"));
    SEEN.forEach(path -> rules.add("path " + path + " unhide"));
    return rules;
  }
}
