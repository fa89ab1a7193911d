package org.slipway.tree;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Turns a person's words for a commit into the commit. Of git's language (gitrevisions(7)) it takes
 * names, ids, HEAD, and the steps back {@code ~N} and {@code ^N}; what reads the reflog, searches
 * messages or leads to a file is refused.
 */
final class Revisions {
  private static final int LONGEST = 500;

  private static final Pattern WORDS = Pattern.compile("([^~^]+)((?:~[0-9]{0,6}|\\^[0-9]{0,2})*)");
  private static final Pattern STEP = Pattern.compile("([~^])([0-9]*)");
  private static final Pattern ABBREVIATION = Pattern.compile("[0-9a-fA-F]{4,40}");

  /** Where git looks for a short name. One that means two commits is refused and not guessed. */
  private static final List<String> PLACES =
      List.of(Constants.R_TAGS, Constants.R_HEADS, Constants.R_REMOTES, Constants.R_REFS);

  private final Source source;

  Revisions(Source source) {
    this.source = source;
  }

  CommitId resolve(String revision) throws IOException {
    Matcher words = WORDS.matcher(revision.length() > LONGEST ? "" : revision);
    if (!words.matches() || !Repository.isValidRefName(Constants.R_HEADS + words.group(1))) {
      throw new TreeException(RefNames.quoted(revision)
          + " cannot name a commit; give a branch, a tag or a commit id, with ~1 behind it for the"
          + " commit before");
    }
    String name = words.group(1);
    try (RevWalk walk = new RevWalk(source.repository())) {
      RevCommit commit = start(walk, name);
      Matcher step = STEP.matcher(words.group(2));
      while (step.find()) {
        int count = step.group(2).isEmpty() ? 1 : Integer.parseInt(step.group(2));
        commit = step.group(1).equals("~")
            ? back(walk, commit, count, revision)
            : parent(walk, commit, count, revision);
      }
      return new CommitId(commit.name());
    } catch (MissingObjectException e) {
      throw new TreeException(
          source.name() + " lacks object " + e.getObjectId().name() + ", which "
              + RefNames.quoted(revision) + " leads to; run git fsck there",
          e);
    }
  }

  private RevCommit start(RevWalk walk, String name) throws IOException {
    if (name.equals(Constants.HEAD)) {
      CommitId head = source.head().orElseThrow(() -> unknown(name, "there is no commit yet"));
      return walk.parseCommit(ObjectId.fromString(head.hex()));
    }
    boolean id = ABBREVIATION.matcher(name).matches();
    // As in git, 40 digits are an id even where somebody named a branch so.
    Optional<RevCommit> found = id && name.length() == Constants.OBJECT_ID_STRING_LENGTH
        ? Optional.empty()
        : named(walk, name);
    if (found.isEmpty() && id) {
      found = abbreviated(walk, name.toLowerCase(Locale.ROOT));
    }
    return found.orElseThrow(() -> unknown(name, RefNames.advice(source.repository(), name)));
  }

  private TreeException unknown(String name, String advice) {
    return new TreeException(
        source.name() + " has no branch, tag or commit " + RefNames.quoted(name) + "; " + advice);
  }

  private Optional<RevCommit> named(RevWalk walk, String name) throws IOException {
    Map<RevCommit, String> found = new LinkedHashMap<>();
    if (name.startsWith(Constants.R_REFS)) {
      look(walk, name, found);
    }
    for (String place : PLACES) {
      look(walk, place + name, found);
    }
    look(walk, Constants.R_REMOTES + name + "/" + Constants.HEAD, found);
    if (found.size() > 1) {
      throw new TreeException(RefNames.quoted(name) + " means more than one commit in "
          + source.name() + "; say " + String.join(" or ", found.values()));
    }
    return found.keySet().stream().findFirst();
  }

  private void look(RevWalk walk, String full, Map<RevCommit, String> found) throws IOException {
    Ref ref;
    try {
      ref = source.repository().exactRef(full);
    } catch (IOException e) {
      // The fault's own message quotes the file that the name leads to, whatever that is.
      throw new TreeException(
          RefNames.quoted(full) + " cannot be read in " + source.name() + "; run git fsck there",
          e);
    }
    if (ref != null && ref.getObjectId() != null) {
      RevObject object = walk.peel(walk.parseAny(ref.getObjectId()));
      if (!(object instanceof RevCommit commit)) {
        throw new TreeException(RefNames.quoted(full) + " names no commit but a "
            + Constants.typeString(object.getType()) + " in " + source.name());
      }
      found.putIfAbsent(commit, full);
    }
  }

  /** Only commits count, and tags of commits: files and folders have ids that begin so too. */
  private Optional<RevCommit> abbreviated(RevWalk walk, String digits) throws IOException {
    Collection<ObjectId> begun =
        walk.getObjectReader().resolve(AbbreviatedObjectId.fromString(digits));
    Map<String, RevCommit> commits = new LinkedHashMap<>();
    for (ObjectId each : begun) {
      if (walk.getObjectReader().has(each)
          && walk.peel(walk.parseAny(each)) instanceof RevCommit commit) {
        commits.put(commit.name(), commit);
      }
    }
    if (commits.size() > 1) {
      throw new TreeException(RefNames.quoted(digits) + " begins the ids of " + commits.size()
          + " commits of " + source.name() + "; give more digits of "
          + String.join(" or ", commits.keySet().stream().sorted().limit(3).toList()));
    }
    return commits.values().stream().findFirst();
  }

  private static RevCommit back(RevWalk walk, RevCommit from, int count, String revision)
      throws IOException {
    RevCommit commit = from;
    for (int i = 0; i < count; i++) {
      if (commit.getParentCount() == 0) {
        throw new TreeException(RefNames.quoted(revision)
            + " goes back to before the first commit; give a smaller number");
      }
      commit = walk.parseCommit(commit.getParent(0));
    }
    return commit;
  }

  private static RevCommit parent(RevWalk walk, RevCommit commit, int which, String revision)
      throws IOException {
    if (which > commit.getParentCount()) {
      throw new TreeException(RefNames.quoted(revision) + " asks for parent " + which
          + " of a commit that has " + commit.getParentCount() + "; give a smaller number");
    }
    return which == 0 ? commit : walk.parseCommit(commit.getParent(which - 1));
  }
}
