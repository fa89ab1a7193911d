package org.slipway.poudriere;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;

/**
 * The farm's class for what poudriere says of a failure: the phase in which it was, and a word that
 * it guessed from the log (errortype; poudriere's awk/processonelog.awk), which is believed where
 * it says more than the phase does.
 */
public final class Failures {
  /** In which a guess from the log says more than the phase. */
  private static final Set<Phase> OPEN = EnumSet.of(
      Phase.CHECK_SANITY,
      Phase.EXTRACT,
      Phase.PATCH,
      Phase.CONFIGURE,
      Phase.BUILD,
      Phase.STAGE,
      Phase.PACKAGE);

  private static final Map<String, FailureClass> GUESSES = guesses();

  private Failures() {}

  private static Map<String, FailureClass> guesses() {
    Map<String, FailureClass> all = new HashMap<>();
    put(all, FailureClass.FETCH, "fetch fetch_timeout");
    put(all, FailureClass.CHECKSUM, "checksum distinfo_update");
    put(all, FailureClass.PATCH, "patch");
    put(all, FailureClass.CONFIGURE, "configure_error");
    put(
        all,
        FailureClass.COMPILE,
        "compiler_error new_compiler_error bad_C++_code gcc4_error clang clang11 clang-bug gcc_bug"
            + " clang_werror missing_header regparm termios rust");
    put(all, FailureClass.LINK, "linker_error lld_linker_error duplicate_symbol threads");
    put(all, FailureClass.DEPENDENCY, "LIB_DEPENDS depend_object depend_package");
    put(all, FailureClass.STAGE, "install_error manpage");
    put(all, FailureClass.LEFTOVER, "mtree");
    put(all, FailureClass.FS_VIOLATION, "WRKDIR");
    return Map.copyOf(all);
  }

  private static void put(Map<String, FailureClass> all, FailureClass failure, String words) {
    for (String word : words.split(" ", -1)) {
      all.put(word, failure);
    }
  }

  /** The failure of a package that poudriere lists as failed. */
  public static BuildResult.Failed of(Settled failed) {
    String phase = failed.phase();
    String guess = failed.why();
    List<String> words = new ArrayList<>(List.of("it failed in poudriere's phase " + named(phase)));
    if (!guess.isEmpty() && !guess.equals("???") && !guess.equals(phase)) {
      words.add("whose log looks like " + guess);
    }
    return new BuildResult.Failed(
        failureClass(phase, guess), phase(phase), String.join(", ", words), List.of());
  }

  private static String named(String phase) {
    return phase.isEmpty() || phase.equals("???") ? "unknown" : phase;
  }

  static FailureClass failureClass(String word, String guess) {
    if (word.endsWith("/timeout")) {
      return FailureClass.TIMEOUT;
    }
    if (word.endsWith("/runaway")) {
      return FailureClass.SILENT;
    }
    switch (word) {
      case "build_fs_violation", "stage_fs_violation" -> {
        return FailureClass.FS_VIOLATION;
      }
      case "crashed", "stuck_in_queue" -> {
        return FailureClass.CRASHED;
      }
      default -> {
        Phase phase = phase(word);
        FailureClass usual = known(word) ? FailureClass.usual(phase) : FailureClass.UNKNOWN;
        FailureClass guessed = GUESSES.get(guess);
        // A configure script compiles and links too; that these fail is how it finds things out.
        boolean script = phase == Phase.CONFIGURE
            && (guessed == FailureClass.COMPILE || guessed == FailureClass.LINK);
        return guessed != null && (OPEN.contains(phase) || !known(word)) && !script
            ? guessed
            : usual;
      }
    }
  }

  /** The farm's phase for poudriere's, and the one where a check of poudriere's own belongs. */
  static Phase phase(String word) {
    String name = word.replaceFirst("/.*", "");
    for (Phase each : Phase.values()) {
      if (each.word().equals(name)) {
        return each;
      }
    }
    return switch (name) {
      case "build_fs_violation" -> Phase.BUILD;
      case "stage_fs_violation" -> Phase.STAGE;
      default -> Phase.CHECK_SANITY;
    };
  }

  private static boolean known(String word) {
    return phase(word) != Phase.CHECK_SANITY || word.startsWith(Phase.CHECK_SANITY.word());
  }
}
