package org.slipway.jail;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One program for FreeBSD's host to run, as a list of arguments that no shell reads.
 *
 * @param into what reads its output, of a pair
 */
record FreeBsdCall(FreeBsdManual manual, List<String> argv, Optional<FreeBsdCall> into) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  FreeBsdCall {
    argv = List.copyOf(argv);
  }

  FreeBsdCall into(FreeBsdCall reader) {
    return new FreeBsdCall(manual, argv, Optional.of(reader));
  }

  /** For people: quoted as sh(1) would read it. */
  String line() {
    String own = argv.stream().map(FreeBsdCall::quoted).collect(Collectors.joining(" "));
    return own + into.map(reader -> " | " + reader.line()).orElse("");
  }

  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
