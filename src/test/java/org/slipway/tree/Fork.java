package org.slipway.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.api.errors.InvalidRefNameException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * A real git repository for tests, written object by object so that it can also hold what git itself
 * would refuse.
 */
public final class Fork implements AutoCloseable {
  private static final String BRANCH = Constants.R_HEADS + "main";

  private final Repository repository;
  private final SortedMap<String, Entry> files = new TreeMap<>();
  private long second = 1_700_000_000;

  private record Entry(FileMode mode, String content) {}

  public Fork(Path folder) throws IOException {
    HermeticGit.install();
    FileRepositoryBuilder builder =
        new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare();
    try {
      repository = builder.setInitialBranch("main").build();
    } catch (InvalidRefNameException e) {
      throw new IllegalStateException(e);
    }
    repository.create(true);
  }

  public Path folder() {
    return repository.getDirectory().toPath();
  }

  Repository repository() {
    return repository;
  }

  public Fork file(String path, String content) {
    files.put(path, new Entry(FileMode.REGULAR_FILE, content));
    return this;
  }

  public Fork program(String path, String content) {
    files.put(path, new Entry(FileMode.EXECUTABLE_FILE, content));
    return this;
  }

  public Fork link(String path, String target) {
    files.put(path, new Entry(FileMode.SYMLINK, target));
    return this;
  }

  public Fork without(String path) {
    files.keySet().removeIf(name -> name.equals(path) || name.startsWith(path + "/"));
    return this;
  }

  /** Commits all files on top of the branch's head. */
  public CommitId commit(String message) throws IOException {
    return commit(message, Optional.ofNullable(repository.resolve(BRANCH)));
  }

  /** Commits all files on top of another commit, or of none, and forces the branch there. */
  CommitId commit(String message, Optional<ObjectId> parent) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(tree(inserter, ""));
      parent.ifPresent(commit::setParentId);
      PersonIdent author = new PersonIdent(
          "Ada", "ada@example.org", Instant.ofEpochSecond(second++), ZoneOffset.UTC);
      commit.setAuthor(author);
      commit.setCommitter(author);
      commit.setMessage(message);
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return head(id);
    }
  }

  /** A commit of the current files, its own lines as given. */
  CommitId raw(String headers, String message) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      String text = "tree " + tree(inserter, "").name() + "\n" + headers + "\n" + message;
      ObjectId id =
          inserter.insert(Constants.OBJ_COMMIT, text.getBytes(StandardCharsets.ISO_8859_1));
      inserter.flush();
      return head(id);
    }
  }

  private CommitId head(ObjectId id) throws IOException {
    return ref(BRANCH, new CommitId(id.name()));
  }

  /** Sets a branch or a tag, such as refs/tags/v1. */
  CommitId ref(String name, CommitId id) throws IOException {
    RefUpdate update = repository.updateRef(name);
    update.setNewObjectId(ObjectId.fromString(id.hex()));
    update.setForceUpdate(true);
    update.update();
    return id;
  }

  /** An annotated tag: an object of its own that points to the commit. */
  void tag(String name, CommitId id) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      String text = "object " + id + "\ntype commit\ntag " + name
          + "\ntagger Ada <ada@example.org> 1700000000 +0000\n\nA tag\n";
      ObjectId tag = inserter.insert(Constants.OBJ_TAG, text.getBytes(StandardCharsets.UTF_8));
      inserter.flush();
      ref(Constants.R_TAGS + name, new CommitId(tag.name()));
    }
  }

  /** The name of a file's object. */
  String object(CommitId id, String path) throws IOException {
    try (TreeWalk walk = TreeWalk.forPath(
        repository, path, repository.parseCommit(ObjectId.fromString(id.hex())).getTree())) {
      return walk.getObjectId(0).name();
    }
  }

  /** Takes a file's object out of the repository, as a damaged disk does; its name. */
  String lose(CommitId id, String path) throws IOException {
    String object = object(id, path);
    Files.delete(
        folder().resolve("objects").resolve(object.substring(0, 2)).resolve(object.substring(2)));
    return object;
  }

  private ObjectId tree(ObjectInserter inserter, String under) throws IOException {
    // Git orders a folder as if its name ended with a slash.
    Map<String, FileMode> names = new TreeMap<>();
    for (Map.Entry<String, Entry> file : files.entrySet()) {
      if (file.getKey().startsWith(under)) {
        String rest = file.getKey().substring(under.length());
        int slash = rest.indexOf('/');
        names.put(
            slash < 0 ? rest : rest.substring(0, slash + 1),
            slash < 0 ? file.getValue().mode() : FileMode.TREE);
      }
    }
    TreeFormatter formatter = new TreeFormatter();
    for (Map.Entry<String, FileMode> name : names.entrySet()) {
      boolean folder = FileMode.TREE.equals(name.getValue());
      String plain =
          folder ? name.getKey().substring(0, name.getKey().length() - 1) : name.getKey();
      ObjectId id = folder ? tree(inserter, under + name.getKey()) : blob(inserter, under + plain);
      formatter.append(plain, name.getValue(), id);
    }
    return inserter.insert(formatter);
  }

  private ObjectId blob(ObjectInserter inserter, String path) throws IOException {
    Entry entry = Objects.requireNonNull(files.get(path));
    return inserter.insert(Constants.OBJ_BLOB, entry.content().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    repository.close();
  }
}
