package org.slipway.web;

import java.util.List;
import org.slipway.tree.Commit;

/**
 * A commit as pages show it; all but the numbers is hostile text.
 *
 * @param body the message without its first line
 */
record CommitView(
    String id,
    String abbreviated,
    String author,
    String email,
    String time,
    String subject,
    String message,
    String body,
    List<String> changedPaths,
    int changedPathCount) {
  private static final int PATHS = 40;
  private static final int MESSAGE = 4_000;

  static CommitView of(Commit commit) {
    return new CommitView(
        commit.id().hex(),
        commit.id().abbreviated(),
        Clean.line(commit.author(), 200),
        Clean.line(commit.email(), 200),
        Look.moment(commit.time()),
        Clean.line(commit.subject(), 200),
        Clean.text(commit.message(), MESSAGE),
        Clean.text(body(commit.message()), MESSAGE),
        commit.changedPaths().stream()
            .limit(PATHS)
            .map(path -> Clean.line(path, 300))
            .toList(),
        commit.changedPaths().size());
  }

  private static String body(String message) {
    int end = message.strip().indexOf('\n');
    return end < 0 ? "" : message.strip().substring(end).strip();
  }
}
