package org.slipway.plan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.slipway.packages.Digest;

/**
 * What a package is made from: equal keys make equal packages.
 *
 * @param parts what went in, by name: {@code spec}, {@code folder}, {@code recipe CFLAGS}, {@code
 *     options}, {@code make}, {@code base}, {@code dependency devel/libfoo} ...; values are short
 *     texts or digests; kept so that a reason can say which one differs
 */
public record BuildKey(Map<String, String> parts) {
  public BuildKey {
    parts = Collections.unmodifiableMap(new TreeMap<>(parts));
  }

  /** One digest over all parts. */
  public Digest digest() {
    StringBuilder text = new StringBuilder();
    parts.forEach((name, value) -> text.append(name).append('\0').append(value).append('\0'));
    return Digest.of(text.toString());
  }
}
