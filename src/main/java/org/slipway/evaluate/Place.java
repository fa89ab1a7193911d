package org.slipway.evaluate;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that an evaluation may hang on, at a path as a jail sees it. What is there now is
 * looked up once and kept until it may have changed; guarded by its ledger.
 */
final class Place {
  /** What it is about a place that counts. */
  enum Kind {
    /** Whether there is a file, a folder or nothing. */
    PRESENCE('p'),
    /** The bytes of a file. */
    CONTENT('c'),
    /** Every file below a folder; of a file its bytes. */
    FOLDER('f'),
    /** A job's lines about the options of a port; the path is the port's options name. */
    OPTIONS('o'),
    /** All of the tree: something was run of which it is not known what it reads. */
    ALL('a');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    static Kind of(char letter) {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of place has the letter " + letter);
    }
  }

  private final Kind kind;
  private final String path;
  private @Nullable String now;
  private boolean fleeting;

  Place(Kind kind, String path) {
    this.kind = kind;
    this.path = path;
  }

  Kind kind() {
    return kind;
  }

  String path() {
    return path;
  }

  /** Kind and path in one word. */
  String key() {
    return kind.letter + path;
  }

  /**
   * A name as make wrote it, absolute and without dots; empty for what no file can be called.
   *
   * @param from the folder that it is relative to
   */
  static Optional<String> absolute(String from, String name) {
    if (name.indexOf("./") < 0
        && name.indexOf("//") < 0
        && !name.endsWith("/")
        && !name.endsWith(".")) {
      // Nearly all are plain; a million of them go this way for a tree.
      return Optional.of(name.startsWith("/") ? name : from + "/" + name);
    }
    try {
      return Optional.of(Path.of(from).resolve(name).normalize().toString());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  static String key(Kind kind, String path) {
    return kind.letter + path;
  }

  /** What was seen there last, null where that may no longer hold. */
  @Nullable
  String now() {
    return now;
  }

  /** @param ofLinks whether the way there leads over a symbolic link, which may change elsewhere */
  void see(String what, boolean ofLinks) {
    now = what;
    fleeting = ofLinks;
  }

  void forget() {
    now = null;
  }

  boolean fleeting() {
    return fleeting;
  }
}
