package org.slipway;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.slipway.jail.KeptBase;

/** Kept bases as a person reads them, on 80 columns where names are not longer than usual. */
final class BaseText {
  private static final String LINE = "%-18s %-18s %-12s %9s %7s  %s";

  private BaseText() {}

  static void head(List<KeptBase> bases, PrintWriter out) {
    if (bases.isEmpty()) {
      out.println("no base is kept; ./slipway base create --help tells how one is made");
    } else {
      out.println(
          String.format(Locale.ROOT, LINE, "NAME", "SYSTEM", "ID", "SIZE", "PATHS", "MADE"));
    }
  }

  static void line(KeptBase base, List<String> users, PrintWriter out) {
    boolean host = base.id().isEmpty();
    out.println(String.format(
        Locale.ROOT,
        LINE,
        base.name(),
        system(base),
        base.id().map(id -> id.hex().substring(0, 12)).orElse("-"),
        host ? "-" : size(base.sizeBytes()),
        host ? "-" : Long.toString(base.paths()),
        base.created().toString().substring(0, 10)));
    users.forEach(user -> out.println("  used by " + Quoted.printable(user)));
  }

  static void made(KeptBase base, PrintWriter out) {
    out.println("base    " + base.name());
    out.println("system  " + system(base));
    base.id().ifPresent(id -> {
      out.println("id      " + id);
      out.println(String.format(
          Locale.ROOT, "holds   %,d paths, %s", base.paths(), size(base.sizeBytes())));
      out.println("in      " + base.folder().resolve("root"));
      if (!base.owners()) {
        out.println("note: made by an ordinary user, so all of its files are that user's");
      }
    });
  }

  static String system(KeptBase base) {
    return base.id().isEmpty()
        ? "host"
        : BaseWord.system(base.base()).map(Object::toString).orElse("unknown");
  }

  /** In powers of 1024. */
  static String size(long bytes) {
    if (bytes < 1 << 20) {
      return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    }
    return bytes < 1 << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
        : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
  }
}
