package org.slipway.tree;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Writes a commit's files into a folder, or moves a folder from one commit to another by writing
 * only what differs. Trees are hostile: what {@link PathRules} refuses is left out and told, never
 * followed.
 */
final class TreeWriter {
  // The build user of a jail is another one than ours and must be able to read, whatever our umask
  // is.
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private static final String TWICE = "is in the commit twice, as a file and as a folder or link";

  private final Repository repository;

  TreeWriter(Repository repository) {
    this.repository = repository;
  }

  /** What is written for a commit, as the commit itself knows it. */
  CommitTree tree(History history, CommitId commit) {
    return new CommitTree(repository, history, commit);
  }

  /** One path that differs; the object is what it shall be. */
  private record Change(String path, boolean was, FileMode mode, ObjectId object) {}

  /**
   * @param from what the folder holds, empty for a folder that holds nothing
   * @param omitted what was left out of {@code from}: path to reason
   * @return what is left out of {@code to}
   */
  SortedMap<String, String> write(
      Path folder, Optional<CommitId> from, SortedMap<String, String> omitted, CommitId to)
      throws IOException {
    SortedMap<String, String> left = new TreeMap<>(omitted);
    try (ObjectReader reader = repository.newObjectReader()) {
      List<Change> changes = changes(reader, from, to);
      // All that goes goes first: a file's place may become a folder and the other way round.
      for (Change change : changes) {
        if (change.was() && left.remove(change.path()) == null) {
          remove(folder, change.path());
        }
      }
      Set<String> folders = new HashSet<>();
      for (Change change : changes) {
        if (!FileMode.MISSING.equals(change.mode())) {
          put(reader, folder, change, folders).ifPresent(reason -> left.put(change.path(), reason));
        }
      }
    } catch (MissingObjectException e) {
      throw History.missing(to, e);
    }
    return left;
  }

  /** Whether one was left out because another entry of the commit has its name. */
  static boolean crowded(SortedMap<String, String> omitted) {
    return omitted.containsValue(TWICE);
  }

  private static List<Change> changes(ObjectReader reader, Optional<CommitId> from, CommitId to)
      throws IOException {
    List<Change> changes = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(reader);
        RevWalk commits = new RevWalk(reader)) {
      if (from.isPresent()) {
        walk.addTree(commits.parseCommit(ObjectId.fromString(from.get().hex())).getTree());
      } else {
        walk.addTree(new EmptyTreeIterator());
      }
      walk.addTree(commits.parseCommit(ObjectId.fromString(to.hex())).getTree());
      walk.setRecursive(true);
      walk.setFilter(TreeFilter.ANY_DIFF);
      while (walk.next()) {
        boolean was = !FileMode.MISSING.equals(walk.getFileMode(0));
        changes.add(
            new Change(walk.getPathString(), was, walk.getFileMode(1), walk.getObjectId(1)));
      }
    }
    return changes;
  }

  private static void remove(Path folder, String path) throws IOException {
    Path file = folder.resolve(path);
    try {
      Files.deleteIfExists(file);
      for (Path parent = file.getParent();
          parent != null && !parent.equals(folder);
          parent = parent.getParent()) {
        Files.delete(parent);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // Other files of the folder stay; or an earlier removal took the folder with it.
    }
  }

  /** Writes one path; the reason where it is left out. */
  private static Optional<String> put(
      ObjectReader reader, Path folder, Change change, Set<String> folders) throws IOException {
    Optional<String> refusal = PathRules.refusal(change.path());
    if (refusal.isPresent()) {
      return refusal;
    }
    if (FileMode.GITLINK.equals(change.mode())) {
      return Optional.of("is a submodule; submodules are not read");
    }
    Path file = folder.resolve(change.path());
    try {
      makeFolders(folder, change.path(), folders);
      if (FileMode.SYMLINK.equals(change.mode())) {
        return link(reader, file, change);
      }
      writeFile(reader, file, change);
      return Optional.empty();
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      return Optional.of(TWICE);
    } catch (MissingObjectException e) {
      return Optional.of("lacks its object " + e.getObjectId().name()
          + " in the repository; run git fsck where it came from");
    }
  }

  private static void writeFile(ObjectReader reader, Path file, Change change) throws IOException {
    var content = reader.open(change.object(), Constants.OBJ_BLOB);
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.copyTo(out);
    }
    Files.setPosixFilePermissions(
        file, FileMode.EXECUTABLE_FILE.equals(change.mode()) ? EXECUTABLE : READABLE);
  }

  private static Optional<String> link(ObjectReader reader, Path file, Change change)
      throws IOException {
    var content = reader.open(change.object(), Constants.OBJ_BLOB);
    if (content.getSize() > PathRules.PATH_BYTES) {
      return Optional.of("is a symbolic link with a target that is too long");
    }
    String target = new String(content.getBytes(), StandardCharsets.UTF_8);
    Optional<String> refusal = PathRules.linkRefusal(change.path(), target);
    if (refusal.isEmpty()) {
      Files.createSymbolicLink(file, Path.of(target));
    }
    return refusal;
  }

  /** Makes the folders above a path, and refuses to step through anything but real folders. */
  private static void makeFolders(Path top, String path, Set<String> known) throws IOException {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      String above = path.substring(0, slash);
      Path folder = top.resolve(above);
      if (!known.contains(above) && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(folder);
        open(folder);
      }
      known.add(above);
    }
  }

  /** Lets everybody read a folder of ours. */
  static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, EXECUTABLE);
  }
}
