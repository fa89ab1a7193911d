package org.slipway.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;

/**
 * The attempts at a package that failed and were not the last. An attempt that a farm's end cut
 * short is none of them.
 *
 * @param failed in their order
 * @param next when it is tried again, while it waits for that
 */
public record Tries(List<Failed> failed, Optional<Instant> next) {
  /** Nothing failed so far. */
  public static final Tries NONE = new Tries(List.of(), Optional.empty());

  public Tries {
    failed = List.copyOf(failed);
  }

  /**
   * An attempt that failed.
   *
   * @param most how many attempts there would be if all failed like this one
   * @param message one sentence, as {@link BuildResult.Failed#message()}
   */
  public record Failed(int most, FailureClass failure, Phase phase, String message) {}

  /** Such as {@code attempt 2 of 4, the first failed at fetch: the mirror is away}. */
  public Optional<String> sentence() {
    if (failed.isEmpty()) {
      return Optional.empty();
    }
    Failed last = failed.get(failed.size() - 1);
    return Optional.of("attempt " + (failed.size() + 1) + " of " + last.most() + ", "
        + (failed.size() == 1 ? "the first" : "the one before") + " failed at " + last.phase()
        + ": "
        + last.message());
  }
}
