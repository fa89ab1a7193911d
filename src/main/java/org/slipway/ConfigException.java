package org.slipway;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Files of a person that cannot be used as they are. The message is for that person: every mistake, one a line. */
public final class ConfigException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  ConfigException(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** All that is wrong, by file, in the order in which it stands there; at least one. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
