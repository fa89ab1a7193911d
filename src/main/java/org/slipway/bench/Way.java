package org.slipway.bench;

/** A way to ask every port of a tree what it is. */
public enum Way {
  OURS("slipway", "slipway"),
  PRESETS("plain, all presets", "plain_presets"),
  BARE("plain, no compiler presets", "plain_no_compiler_presets");

  private final String words;
  private final String key;

  Way(String words, String key) {
    this.words = words;
    this.key = key;
  }

  String words() {
    return words;
  }

  String key() {
    return key;
  }
}
