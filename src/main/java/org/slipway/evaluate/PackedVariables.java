package org.slipway.evaluate;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A port's answers by variable, kept compressed: they are some 6 kB of text, a tree has tens of
 * thousands of ports, and most are looked at once. Immutable; unset variables are left out.
 */
final class PackedVariables extends AbstractMap<String, String> {
  private static final char BETWEEN = '\0';

  /** Not packed: they are looked at in every port at every commit, and mostly one is set. */
  private static final Set<String> AT_HAND = Set.of(
      Variables.OPTIONS_NAME,
      "OPTIONS_SINGLE_MEMBERS",
      "OPTIONS_MULTI_MEMBERS",
      "OPTIONS_RADIO_MEMBERS");

  /** A port of which more is said is like no other. */
  private static final int SAMPLE_BYTES = 1 << 16;

  private static @Nullable PackedText shared;

  private final PackedText texts;
  private final byte[] packed;
  private final Map<String, String> atHand;
  private volatile WeakReference<Map<String, String>> unpacked = new WeakReference<>(Map.of());

  private PackedVariables(PackedText texts, byte[] packed, Map<String, String> atHand) {
    this.texts = texts;
    this.packed = packed;
    this.atHand = atHand;
  }

  /** @param values in the order of {@link Variables#ALL} */
  static PackedVariables of(List<String> values) {
    // make's values hold no NUL: they are C strings.
    byte[] text = String.join("\0", values).getBytes(StandardCharsets.UTF_8);
    PackedText texts = texts(text);
    Map<String, String> atHand = new HashMap<>();
    for (String name : AT_HAND) {
      String value = values.get(Variables.index(name));
      if (!value.isEmpty()) {
        atHand.put(name, value);
      }
    }
    return new PackedVariables(texts, texts.pack(text), Map.copyOf(atHand));
  }

  /** Ports' answers are much alike: those of the first, whichever it is, are the others' sample. */
  private static synchronized PackedText texts(byte[] text) {
    PackedText texts = shared;
    if (texts == null) {
      texts = new PackedText(text.length <= SAMPLE_BYTES ? text : new byte[0]);
      shared = texts;
    }
    return texts;
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    if (key == null) {
      return null;
    }
    return key instanceof String name && AT_HAND.contains(name)
        ? atHand.get(name)
        : unpacked().get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
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
    String text = new String(texts.unpack(packed), StandardCharsets.UTF_8);
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
