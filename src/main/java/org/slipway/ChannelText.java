package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slipway.publish.ChannelEvent;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Comparison;
import org.slipway.publish.Hold;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;

/** Channels for a person at 80 columns. */
final class ChannelText {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int NAME_COLUMNS = 30;

  private ChannelText() {}

  static void list(Map<String, Publisher> jobs, PrintStream out) throws IOException {
    int width = "CHANNEL".length();
    for (Publisher job : jobs.values()) {
      for (ChannelName channel : job.channels()) {
        width = Math.max(width, channel.name().length());
      }
    }
    boolean any = false;
    for (Map.Entry<String, Publisher> job : jobs.entrySet()) {
      List<ChannelName> channels = job.getValue().channels();
      if (!channels.isEmpty()) {
        out.println((any ? System.lineSeparator() : "") + Quoted.printable(job.getKey()));
        out.println("  " + pad("CHANNEL", width) + "  " + pad("SNAPSHOT", 16) + "  SINCE (UTC)");
        any = true;
      }
      for (ChannelName channel : channels) {
        channel(job.getValue(), channel, width, out);
      }
    }
    if (!any) {
      out.println("nothing has been published yet");
    }
    out.flush();
  }

  private static void channel(Publisher job, ChannelName channel, int width, PrintStream out)
      throws IOException {
    Optional<Publication> current = job.current(channel);
    if (current.isEmpty()) {
      return;
    }
    Wrapped.print(
        out,
        "  " + pad(channel.name(), width) + "  " + current.get().snapshot() + "  "
            + moment(current.get().at()) + "  " + current.get().source());
    Optional<Hold> hold = job.held(channel);
    if (hold.isPresent()) {
      Wrapped.print(
          out,
          "    held by " + Quoted.printable(hold.get().who()) + " since "
              + moment(hold.get().at()) + because(hold.get().why()));
    }
  }

  static void history(List<ChannelEvent> events, int limit, PrintStream out) {
    int shown = limit == 0 ? events.size() : Math.min(limit, events.size());
    out.println(pad("WHEN (UTC)", 19) + "  " + pad("SNAPSHOT", 16) + "  WHAT");
    for (ChannelEvent event : events.subList(0, shown)) {
      String snapshot = event instanceof Publication move ? move.snapshot().hex() : pad("", 16);
      String what = event instanceof Publication move
          ? move.source().toString()
          : event instanceof Hold ? "held" : "released";
      String who = event.who().isEmpty() ? "" : ", by " + Quoted.printable(event.who());
      Wrapped.print(out, moment(event.at()) + "  " + snapshot + "  " + what + who);
      if (!event.why().isEmpty()) {
        Wrapped.print(out, "    " + Quoted.printable(event.why()));
      }
    }
    if (shown < events.size()) {
      out.println("and " + (events.size() - shown) + " earlier; --limit 0 shows all");
    }
    out.flush();
  }

  static void comparison(String from, String to, Comparison comparison, PrintStream out) {
    int width = Math.max(from.length(), to.length());
    side("from", pad(from, width), comparison.from(), out);
    side("to  ", pad(to, width), comparison.to(), out);
    List<String> sums = new ArrayList<>();
    sums.add(comparison.same() + " the same");
    for (Comparison.Kind kind : Comparison.Kind.values()) {
      List<Comparison.Difference> these =
          comparison.differences().stream().filter(each -> each.kind() == kind).toList();
      if (!these.isEmpty()) {
        out.println();
        out.println(word(kind));
        these.forEach(each -> difference(each, out));
        sums.add(these.size() + " " + word(kind));
      }
    }
    out.println();
    long bytes = comparison.to().bytes() - comparison.from().bytes();
    Wrapped.print(out, String.join(", ", sums) + "; " + signed(bytes) + " in all");
    out.flush();
  }

  private static void side(String word, String name, Comparison.Side side, PrintStream out) {
    out.println(word + "  " + name + "  " + side.snapshot() + "  " + side.packages()
        + (side.packages() == 1 ? " package, " : " packages, ") + size(side.bytes()));
  }

  private static void difference(Comparison.Difference each, PrintStream out) {
    String versions = each.from().isPresent() && !each.from().equals(each.to())
        ? each.from().get() + each.to().map(to -> " -> " + to).orElse("")
        : each.to().orElse("");
    String rest = pad(versions, 28) + "  " + signed(each.bytes());
    if (each.name().length() > NAME_COLUMNS) {
      Wrapped.print(out, "  " + each.name());
      out.println("  " + pad("", NAME_COLUMNS) + "  " + rest);
    } else {
      Wrapped.print(out, "  " + pad(each.name(), NAME_COLUMNS) + "  " + rest);
    }
  }

  static String word(Comparison.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  static String moment(Instant instant) {
    return MOMENT.format(instant);
  }

  private static String because(String why) {
    return why.isEmpty() ? "" : ": " + Quoted.printable(why);
  }

  private static String signed(long bytes) {
    return (bytes < 0 ? "-" : "+") + size(Math.abs(bytes));
  }

  /** In powers of 1024, three digits. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double size = bytes;
    int unit = -1;
    while (size >= 999.5 && unit < 4) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f", size)
        + " " + "KMGTP".charAt(unit) + "iB";
  }

  private static String pad(String text, int columns) {
    return text.length() >= columns ? text : text + " ".repeat(columns - text.length());
  }
}
