package org.slipway.packages;

import java.io.IOException;
import java.util.Optional;

/**
 * What a packing list is read with.
 *
 * @param prefix what relative paths start with, until the first {@code @cwd}
 * @param keywords of the ports tree
 * @param includes where {@code @include} finds its lists
 */
public record PlistRules(String prefix, Keywords keywords, Includes includes) {
  /** The lists that a list may take in. */
  @FunctionalInterface
  public interface Includes {
    /** A list's text by the name that stands behind {@code @include}; empty when there is none. */
    Optional<String> text(String name) throws IOException;
  }

  /** A list without a tree: no keyword files, and nothing to take in. */
  public static PlistRules of(String prefix) {
    return new PlistRules(prefix, Keywords.NONE, name -> Optional.empty());
  }

  public PlistRules {
    if (!prefix.equals("/")) {
      PathRules.requireAbsolute(prefix);
    }
  }
}
