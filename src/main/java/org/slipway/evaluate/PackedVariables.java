package org.slipway.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A port's answers by variable, kept compressed: they are some 6 kB of text, a tree has tens of
 * thousands of ports, and most are looked at once. Immutable; unset variables are left out.
 */
final class PackedVariables extends AbstractMap<String, String> {
  private static final char BETWEEN = '\0';

  /** To make one takes longer than to pack a port. */
  private static final ThreadLocal<Deflater> DEFLATER =
      ThreadLocal.withInitial(() -> new Deflater(Deflater.BEST_SPEED));

  private final byte[] packed;

  /** Not packed: it is looked at in every port at every commit. */
  private final String optionsName;

  private volatile WeakReference<Map<String, String>> unpacked = new WeakReference<>(Map.of());

  private PackedVariables(byte[] packed, String optionsName) {
    this.packed = packed;
    this.optionsName = optionsName;
  }

  /** @param values in the order of {@link Variables#ALL} */
  static PackedVariables of(List<String> values) {
    // make's values hold no NUL: they are C strings.
    byte[] text = String.join("\0", values).getBytes(StandardCharsets.UTF_8);
    return new PackedVariables(
        pack(text), values.get(Variables.ALL.indexOf(Variables.OPTIONS_NAME)));
  }

  private static byte[] pack(byte[] text) {
    Deflater deflater = DEFLATER.get();
    byte[] buffer = new byte[text.length / 2 + 64];
    int length = 0;
    try {
      deflater.setInput(text);
      deflater.finish();
      while (!deflater.finished()) {
        if (length == buffer.length) {
          buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        length += deflater.deflate(buffer, length, buffer.length - length);
      }
    } finally {
      deflater.reset();
    }
    return Arrays.copyOf(buffer, length);
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    if (Variables.OPTIONS_NAME.equals(key) && !optionsName.isEmpty()) {
      return optionsName;
    }
    return key == null ? null : unpacked().get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key != null && unpacked().containsKey(key);
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return unpacked().entrySet();
  }

  private Map<String, String> unpacked() {
    Map<String, String> known = unpacked.get();
    if (known == null || known.isEmpty()) {
      known = unpack();
      unpacked = new WeakReference<>(known);
    }
    return known;
  }

  private Map<String, String> unpack() {
    String text;
    try (InputStream in = new InflaterInputStream(new java.io.ByteArrayInputStream(packed))) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("answers that were packed cannot be unpacked", e);
    }
    Map<String, String> values = new TreeMap<>();
    int start = 0;
    for (String name : Variables.ALL) {
      int end = text.indexOf(BETWEEN, start);
      String value = text.substring(start, end < 0 ? text.length() : end);
      if (!value.isEmpty()) {
        values.put(name, value);
      }
      start = end < 0 ? text.length() : end + 1;
    }
    return java.util.Collections.unmodifiableMap(values);
  }
}
