package org.slipway.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The conditions of a request, in the order of RFC 9110, 13.2.2. */
final class Conditions {
  private Conditions() {}

  /** What they come to. */
  enum Verdict {
    /** The client gets what it asks for. */
    SEND,
    /** It has that: 304. */
    UNCHANGED,
    /** What it would build on is gone: 412. */
    FAILED
  }

  static Verdict judge(HttpFields asked, ServedFile file) {
    String match = asked.get(HttpHeader.IF_MATCH);
    if (match != null) {
      if (!names(match, file.tag(), false)) {
        return Verdict.FAILED;
      }
    } else {
      Optional<Instant> unless = date(asked.get(HttpHeader.IF_UNMODIFIED_SINCE));
      if (unless.isPresent() && file.lastModified().isAfter(unless.get())) {
        return Verdict.FAILED;
      }
    }
    String noneMatch = asked.get(HttpHeader.IF_NONE_MATCH);
    if (noneMatch != null) {
      return names(noneMatch, file.tag(), true) ? Verdict.UNCHANGED : Verdict.SEND;
    }
    return unchangedSince(asked.get(HttpHeader.IF_MODIFIED_SINCE), file)
        ? Verdict.UNCHANGED
        : Verdict.SEND;
  }

  /** Whether a range may be given: the client's part is of this very file. */
  static boolean sameAs(@Nullable String ifRange, ServedFile file) {
    return ifRange == null || ifRange.equals(file.tag()) || ifRange.equals(file.date());
  }

  private static boolean unchangedSince(@Nullable String since, ServedFile file) {
    if (since == null) {
      return false;
    }
    if (since.equals(file.date())) {
      return true;
    }
    // A package's name may come to mean an older file again when a channel goes back; then only the
    // very same date says
    // that nothing changed.
    return file.forwardOnly()
        && date(since).filter(known -> !file.lastModified().isAfter(known)).isPresent();
  }

  private static Optional<Instant> date(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }

  /** Whether a list of entity tags has this one; with {@code weakly}, {@code W/} before it does not matter. */
  private static boolean names(String list, String tag, boolean weakly) {
    for (String each : list.split(",", -1)) {
      String one = each.strip();
      if (one.equals("*") || one.equals(tag) || (weakly && one.equals("W/" + tag))) {
        return true;
      }
    }
    return false;
  }
}
