package org.slipway.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.schedule.Job;

/**
 * A folder of a repository, a page at a time.
 *
 * @param path from the site's top, with a slash at both ends
 * @param parent the folder above, absent at the top
 * @param crumbs the folders on the way, this one last
 * @param channelPage the page about the channel that this is of, where it is of one
 * @param query only names with this in them
 * @param sort {@code name}, {@code size} or {@code date}
 * @param descending whether the largest, the newest or the last comes first
 */
record ListingView(
    String path,
    @Nullable String parent,
    List<Crumb> crumbs,
    @Nullable String channelPage,
    String query,
    String sort,
    boolean descending,
    int total,
    int page,
    int pages,
    List<Row> rows) {
  private static final int ROWS = 500;
  private static final int LONGEST_NAME = 300;

  ListingView {
    crumbs = List.copyOf(crumbs);
    rows = List.copyOf(rows);
  }

  /** A folder on the way. */
  record Crumb(String href, String text) {}

  /**
   * A name in the folder.
   *
   * @param name as people read it
   * @param href from the folder; absent where no address can name it
   */
  record Row(
      String name,
      @Nullable String href,
      boolean folder,
      @Nullable Long sizeBytes,
      @Nullable String modified) {
    static Row folder(String name, Optional<Instant> date) {
      return of(name, true, null, date);
    }

    static Row file(String name, long sizeBytes, Instant date) {
      return of(name, false, sizeBytes, Optional.of(date));
    }

    /** What is made when it is asked for. */
    static Row text(String name) {
      return of(name, false, null, Optional.empty());
    }

    private static Row of(
        String name, boolean folder, @Nullable Long sizeBytes, Optional<Instant> date) {
      boolean reachable = name.chars()
          .allMatch(c ->
              c > 0x20 && c != 0x7f && c != '\\' && c != '%' && !Character.isSurrogate((char) c));
      return new Row(
          Clean.line(name, LONGEST_NAME),
          reachable ? "./" + encoded(name) + (folder ? "/" : "") : null,
          folder,
          sizeBytes,
          date.map(each -> each.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(null));
    }

    private static String encoded(String name) {
      return URLEncoder.encode(name, StandardCharsets.UTF_8)
          .replace("+", "%20")
          .replace("%2F", "/")
          .replace("%2B", "+")
          .replace("%2C", ",")
          .replace("%7E", "~");
    }

    private long size() {
      return sizeBytes == null ? -1 : sizeBytes;
    }

    private String date() {
      return modified == null ? "" : modified;
    }
  }

  /** @param all folders first, sorted by name */
  static ListingView of(List<Row> all, Asked asked, Optional<Job> job) {
    String query = asked.parameter("q");
    String wanted = query.substring(0, Math.min(query.length(), 100)).toLowerCase(Locale.ROOT);
    String sort = List.of("size", "date").contains(asked.parameter("sort"))
        ? asked.parameter("sort")
        : "name";
    boolean descending = asked.parameter("order").equals("down");
    List<Row> found = sorted(
        all.stream()
            .filter(
                each -> wanted.isEmpty() || each.name().toLowerCase(Locale.ROOT).contains(wanted))
            .toList(),
        sort,
        descending);
    int pages = Math.max(1, (found.size() + ROWS - 1) / ROWS);
    int page = (int) Math.min(Math.max(1, asked.number("page")), pages);
    List<Crumb> crumbs = crumbs(asked.path());
    return new ListingView(
        crumbs.get(crumbs.size() - 1).href(),
        crumbs.size() < 2 ? null : crumbs.get(crumbs.size() - 2).href(),
        crumbs,
        channelPage(asked.path(), job),
        Clean.line(wanted, 100),
        sort,
        descending,
        found.size(),
        page,
        pages,
        found.subList((page - 1) * ROWS, Math.min(found.size(), page * ROWS)));
  }

  private static List<Row> sorted(List<Row> rows, String sort, boolean descending) {
    if (sort.equals("name") && !descending) {
      return rows;
    }
    List<Row> sorted = new ArrayList<>(rows);
    Comparator<Row> by = switch (sort) {
      case "size" -> Comparator.comparingLong(Row::size);
      case "date" -> Comparator.comparing(Row::date);
      default -> Comparator.comparing(each -> each.name().toLowerCase(Locale.ROOT));
    };
    sorted.sort(Comparator.comparing((Row each) -> !each.folder())
        .thenComparing(descending ? by.reversed() : by));
    return sorted;
  }

  private static List<Crumb> crumbs(List<String> path) {
    List<Crumb> crumbs = new ArrayList<>();
    StringBuilder href = new StringBuilder("/");
    for (String part : path) {
      href.append(Row.encoded(part)).append('/');
      crumbs.add(new Crumb(href.toString(), Clean.line(part, LONGEST_NAME)));
    }
    return crumbs;
  }

  private static @Nullable String channelPage(List<String> path, Optional<Job> job) {
    return job.isPresent() && path.size() > 2 && !path.get(2).equals("snapshots")
        ? "/jobs/" + job.get().name() + "/channels/" + path.get(2)
        : null;
  }
}
