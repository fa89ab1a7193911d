package org.slipway.plan;

import java.util.List;
import org.slipway.packages.OriginSpec;

/** What happens to a package in a build, with the reason in words. */
public sealed interface Decision
    permits Decision.Build, Decision.Reuse, Decision.Skip, Decision.Ignore {
  /** A sentence without a full stop, such as {@code files of devel/libfoo changed}. */
  String reason();

  /** It is built, or reused after all if its dependencies turn out to be what they were. */
  record Build(String reason) implements Decision {}

  /** It exists already. */
  record Reuse(String reason, KnownPackage known) implements Decision {}

  /** It cannot be built for what others are: ignored, unevaluable, in a cycle. */
  record Skip(String reason, List<OriginSpec> because) implements Decision {
    public Skip {
      because = List.copyOf(because);
    }
  }

  /** The port itself says no, or gives no answers. */
  record Ignore(String reason) implements Decision {}
}
