package org.slipway.web;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;

/** What a request is answered with, before it is bytes. */
sealed interface Answer {
  /** A page, or the same content as JSON: the template only lays out what the record holds. */
  record View(String template, Record content) implements Answer {}

  /** A page of the site's own words. */
  record Plain(String template) implements Answer {}

  /** What could not be answered, in one sentence for a person. */
  record Problem(int status, String message) implements Answer {}

  /** A small text. */
  record Text(String type, String text) implements Answer {}

  /** A small file that is no text. */
  record Octets(ByteBuffer bytes) implements Answer {}

  /** A style sheet, a script or an icon. */
  record File(Assets.Asset asset) implements Answer {}

  /**
   * A build log, or lines of it.
   *
   * @param from the first line, counted from 1; 0 for the first there is
   * @param count how many lines at most, 0 for all
   * @param times whether each line says when it was written
   * @param raw whether it is wanted as the build wrote it, all of it or a range of bytes
   */
  record Log(BuildId build, OriginSpec spec, long from, long count, boolean times, boolean raw)
      implements Answer {}

  /** What could not be answered to a program, in one line of plain text. */
  record Bare(int status, String message) implements Answer {}

  /**
   * A file of a repository.
   *
   * @param standing what the channel has to stand at for the same address to mean this file still; empty where it always does
   */
  record Download(ServedFile file, Optional<Standing> standing) implements Answer {}

  /** A stream of events, of one build where it is given. */
  record Events(Optional<BuildId> build) implements Answer {}

  /** It is at another address of this site. */
  record Elsewhere(String path) implements Answer {}

  /** It has always been at another address, with a slash at the end. */
  record Moved(String path) implements Answer {}

  static Problem missing(String what) {
    return new Problem(404, what);
  }

  /** The view, or 404 with a sentence. */
  static Answer view(String template, Optional<? extends Record> content, String absent) {
    return content.<Answer>map(found -> new View(template, found)).orElseGet(() -> missing(absent));
  }
}
