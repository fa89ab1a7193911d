package org.slipway.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/**
 * All packages of a build, a page at a time.
 *
 * @param state only these, where given
 * @param query only what has this in its origin or name
 */
record PackagesView(
    BuildLine build,
    @Nullable String state,
    String query,
    List<String> states,
    int total,
    int page,
    int pages,
    List<PackageRow> rows) {
  private static final int ROWS = 200;

  static Optional<PackagesView> read(
      BuildId id, Optional<PackageState> state, String query, int asked, Look look) {
    return look.site().store().build(id).map(build -> of(build, state, query, asked, look));
  }

  private static PackagesView of(
      BuildRecord build, Optional<PackageState> state, String query, int asked, Look look) {
    String wanted = query.toLowerCase(Locale.ROOT);
    List<PackageRecord> all = look.packages(build.id());
    List<PackageRecord> found = state.map(word -> BuildView.ordered(word, all)).orElse(all).stream()
        .filter(each -> wanted.isEmpty()
            || each.spec().toString().toLowerCase(Locale.ROOT).contains(wanted)
            || each.name().toString().toLowerCase(Locale.ROOT).contains(wanted))
        .toList();
    int pages = Math.max(1, (found.size() + ROWS - 1) / ROWS);
    int page = Math.min(Math.max(1, asked), pages);
    return new PackagesView(
        BuildLine.of(build, look),
        state.map(PackageState::word).orElse(null),
        Clean.line(query, 100),
        List.of(PackageState.values()).stream().map(PackageState::word).toList(),
        found.size(),
        page,
        pages,
        found.stream()
            .skip((page - 1L) * ROWS)
            .limit(ROWS)
            .map(each -> PackageRow.of(each, look))
            .toList());
  }
}
