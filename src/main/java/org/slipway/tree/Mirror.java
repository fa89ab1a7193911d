package org.slipway.tree;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/** The bare mirror of one branch. Open once at a time, in one process: a lock beside it says so. */
final class Mirror implements Source {
  /** Without a byte for so long a remote is taken for dead. */
  private static final int SILENCE_SECONDS = 120;

  /** Until when what no branch holds may go. JGit fails on git's own word "never" (7.8.1). */
  private static final String NEVER = "100.years.ago";

  /** What a force-push took off the branch stays: it was built from. */
  private static final String KEPT = Constants.R_REFS + "kept/";

  private final URIish source;
  private final String branch;
  private final Repository repository;
  private final FileChannel lockFile;
  private final ReentrantLock fetching = new ReentrantLock();

  private Mirror(URIish source, String branch, Repository repository, FileChannel lockFile) {
    this.source = source;
    this.branch = branch;
    this.repository = repository;
    this.lockFile = lockFile;
  }

  static Mirror open(String url, String branch, Path folder) throws IOException {
    HermeticGit.install();
    if (!Repository.isValidRefName(Constants.R_HEADS + branch)) {
      throw new TreeException(
          "\"" + branch + "\" cannot name a branch; give the branch to follow, such as main");
    }
    URIish source = parse(url);
    Path place = folder.toAbsolutePath().normalize();
    Files.createDirectories(parent(place));
    FileChannel lockFile = lock(place);
    try {
      if (!Files.exists(place)) {
        create(place, branch);
      }
      removeLeftoverLocks(place);
      Repository repository = read(place);
      try {
        settle(repository);
        return new Mirror(source, branch, repository, lockFile);
      } catch (IOException | RuntimeException e) {
        repository.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  @Override
  public Repository repository() {
    return repository;
  }

  @Override
  public Optional<CommitId> head() throws IOException {
    Ref ref = repository.exactRef(Constants.R_HEADS + branch);
    return ref == null || ref.getObjectId() == null
        ? Optional.empty()
        : Optional.of(new CommitId(ref.getObjectId().name()));
  }

  @Override
  public CommitId fetch() throws IOException {
    fetching.lock();
    try {
      transfer();
      return head()
          .orElseThrow(() -> new TreeException("no branch " + branch + " came from " + source));
    } finally {
      fetching.unlock();
    }
  }

  @Override
  public String name() {
    return source.toString();
  }

  private void transfer() throws IOException {
    String ref = Constants.R_HEADS + branch;
    // The plus sign: a force-push moves our branch too. Every fetch leaves a pack, and JGit packs
    // them into one at the end of a fetch when there are many.
    RefSpec wanted = new RefSpec("+" + ref + ":" + ref);
    try (Transport transport = Transport.open(repository, source)) {
      transport.setTimeout(SILENCE_SECONDS);
      transport.setTagOpt(TagOpt.NO_TAGS);
      TrackingRefUpdate update =
          transport.fetch(NullProgressMonitor.INSTANCE, List.of(wanted)).getTrackingRefUpdate(ref);
      if (update != null) {
        requireMoved(update.getResult());
        if (update.getResult() == RefUpdate.Result.FORCED) {
          keep(update.getOldObjectId());
        }
      }
    } catch (NoRemoteRepositoryException | NotSupportedException e) {
      throw new TreeException(
          "no git repository at " + source
              + "; check the tree's url and that this user may read it",
          e);
    } catch (TransportException e) {
      throw explain(e);
    }
  }

  private void keep(ObjectId dropped) throws IOException {
    RefUpdate update = repository.updateRef(KEPT + dropped.name());
    update.setNewObjectId(dropped);
    requireMoved(update.update());
  }

  private void requireMoved(RefUpdate.Result result) throws TreeException {
    switch (result) {
      case NEW, FAST_FORWARD, FORCED, NO_CHANGE -> {}
      default ->
        throw new TreeException(
            "the mirror " + repository.getDirectory() + " could not take branch " + branch + " ("
                + result + "); check that its disk has room and can be written");
    }
  }

  /**
   * A transport's message says little; a second, cheap look tells a missing branch from the rest.
   */
  private TreeException explain(TransportException fault) {
    try (Transport transport = Transport.open(repository, source);
        FetchConnection connection = transport.openFetch()) {
      if (connection.getRef(Constants.R_HEADS + branch) == null) {
        return new TreeException(
            source + " has no branch " + branch + "; " + branches(connection.getRefs()), fault);
      }
    } catch (IOException | RuntimeException again) {
      fault.addSuppressed(again);
    }
    return new TreeException(
        "cannot fetch from " + source + ": " + innermost(fault)
            + "; check the tree's url and that this user may read it",
        fault);
  }

  private static String branches(Collection<Ref> refs) {
    String names = refs.stream()
        .map(Ref::getName)
        .filter(name -> name.startsWith(Constants.R_HEADS))
        .map(name -> name.substring(Constants.R_HEADS.length()))
        .sorted()
        .limit(8)
        .collect(Collectors.joining(", "));
    return names.isEmpty() ? "it has none yet" : "it has " + names;
  }

  private static String innermost(Throwable fault) {
    Throwable inner = fault;
    for (int depth = 0; inner.getCause() != null && depth < 10; depth++) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null ? inner.getClass().getSimpleName() : message;
  }

  private static URIish parse(String url) throws TreeException {
    try {
      return new URIish(localFolder(url).map(Path::toString).orElse(url));
    } catch (URISyntaxException e) {
      throw new TreeException(
          "\"" + url + "\" is no address of a git repository; give a folder or an url", e);
    }
  }

  /** A folder's full path: JGit would read a relative one from the mirror's place. */
  private static Optional<Path> localFolder(String url) {
    try {
      Path path = Path.of(url);
      return Files.exists(path) ? Optional.of(path.toAbsolutePath().normalize()) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static FileChannel lock(Path mirror) throws IOException {
    Path file = mirror.resolveSibling(fileName(mirror) + ".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it already: the same sentence serves.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new TreeException(
        "the mirror " + mirror + " is in use by a running farm; stop it, or use another home");
  }

  /** Made aside and moved, so that a mirror that is there is whole. */
  private static void create(Path mirror, String branch) throws IOException {
    Path aside = mirror.resolveSibling(fileName(mirror) + ".new");
    Folders.delete(aside);
    try (Repository fresh = builder(aside).build()) {
      fresh.create(true);
      fresh.updateRef(Constants.HEAD).link(Constants.R_HEADS + branch);
    }
    Files.move(aside, mirror, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void settle(Repository mirror) throws IOException {
    StoredConfig config = mirror.getConfig();
    String section = ConfigConstants.CONFIG_GC_SECTION;
    if (!NEVER.equals(config.getString(section, null, "pruneExpire"))) {
      config.setString(section, null, "pruneExpire", NEVER);
      config.setBoolean(section, null, "autoDetach", false);
      config.save();
    }
  }

  private static Repository read(Path mirror) throws IOException {
    FileRepositoryBuilder builder = builder(mirror).setMustExist(true);
    try {
      return builder.build();
    } catch (IOException e) {
      throw new TreeException(
          mirror + " is no git repository; move it away and the mirror is made anew", e);
    }
  }

  private static FileRepositoryBuilder builder(Path folder) {
    return new FileRepositoryBuilder().setGitDir(new File(folder.toString())).setBare();
  }

  /** What a killed farm was writing: our lock says that nobody is writing now. */
  private static void removeLeftoverLocks(Path mirror) throws IOException {
    List<Path> leftovers;
    try (Stream<Path> files = Files.find(
        mirror, 20, (file, kind) -> kind.isRegularFile() && fileName(file).endsWith(".lock"))) {
      leftovers = files.toList();
    }
    for (Path leftover : leftovers) {
      Files.deleteIfExists(leftover);
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  @Override
  public void close() {
    repository.close();
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
