package org.slipway.tree;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code whole} beside a checkout's tree: the commit on its first line, then a line for
 * each path that was left out and why, both percent-encoded with a tab between.
 */
record WholeMark(CommitId commit, SortedMap<String, String> omitted) {
  private static final String NAME = "whole";

  WholeMark {
    omitted = Collections.unmodifiableSortedMap(new TreeMap<>(omitted));
  }

  /** Empty where there is none, or none that can be read: such a folder is written anew. */
  static Optional<WholeMark> read(Path place) throws IOException {
    Path file = place.resolve(NAME);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    try {
      SortedMap<String, String> omitted = new TreeMap<>();
      for (String line : lines.subList(1, lines.size())) {
        int tab = line.indexOf('\t');
        omitted.put(decode(line.substring(0, tab)), decode(line.substring(tab + 1)));
      }
      return Optional.of(new WholeMark(new CommitId(lines.get(0)), omitted));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  void write(Path place) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(commit.hex());
    omitted.forEach((path, reason) -> lines.add(encode(path) + "\t" + encode(reason)));
    Path aside = place.resolve(NAME + ".new");
    Files.write(aside, lines, StandardCharsets.ISO_8859_1);
    Files.move(aside, place.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  static void remove(Path place) throws IOException {
    Files.deleteIfExists(place.resolve(NAME));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
