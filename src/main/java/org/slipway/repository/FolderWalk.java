package org.slipway.repository;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the packages of a folder as {@code pkg repo} does: files {@code *.pkg} at any depth, but no
 * folder whose name begins with a dot, none called {@code Latest}, and no catalogue. Links are not
 * followed, so that nothing outside the folder comes into its catalogue.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
  private static final Set<String> CATALOGUES = Set.of(
      "meta.pkg",
      "data.pkg",
      "packagesite.pkg",
      "files.pkg",
      "filesite.pkg",
      "digests.pkg",
      "conflicts.pkg",
      "fulldb.pkg");

  /** What every client fetches by the name that the catalogue gives; pkg escapes nothing. */
  private static final String FETCHABLE = "._+,~$@=:!()/-";

  private final Path root;
  private final int top;
  private final List<FoundPackage> found = new ArrayList<>();
  private final List<String> links = new ArrayList<>();

  private FolderWalk(Path root) {
    this.root = root;
    this.top = root.resolve("x").toString().length() - 1;
  }

  /**
   * What is there.
   *
   * @param packages in the catalogue's order
   * @param links to packages that were passed over, but for those that lead to one of them
   */
  record Result(List<FoundPackage> packages, List<String> links) {}

  static Result of(Path root) throws IOException {
    FolderWalk walk = new FolderWalk(root);
    Files.walkFileTree(root, walk);
    walk.found.sort(FolderWalk::compare);
    return new Result(walk.found, walk.links);
  }

  private static int compare(FoundPackage one, FoundPackage other) {
    int order = one.order().compareTo(other.order());
    return order != 0 ? order : one.path().compareTo(other.path());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    String name = String.valueOf(folder.getFileName());
    boolean passed = !folder.equals(root) && (name.startsWith(".") || name.equals("Latest"));
    return passed ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(".pkg") || name.startsWith(".") || CATALOGUES.contains(name)) {
      return FileVisitResult.CONTINUE;
    }
    String path = file.toString().substring(top);
    if (attributes.isSymbolicLink()) {
      if (!inside(file)) {
        links.add(path);
      }
    } else if (attributes.isRegularFile()) {
      if (!isFetchable(path)) {
        throw new RepositoryException(
            file + " cannot be fetched by clients, because of a character in"
                + " its name; rename it to its package's name and version");
      }
      @Nullable Object key = attributes.fileKey();
      found.add(new FoundPackage(
          path,
          FoundPackage.orderOf(path),
          file,
          attributes.size(),
          attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
          key == null ? "-" : key.toString()));
    }
    return FileVisitResult.CONTINUE;
  }

  /** Asked of every file; an expression would take longer than the file's attributes. */
  private static boolean isFetchable(String path) {
    for (int i = 0; i < path.length(); i++) {
      char each = path.charAt(i);
      if ((each < 'a' || each > 'z')
          && (each < 'A' || each > 'Z')
          && (each < '0' || each > '9')
          && FETCHABLE.indexOf(each) < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean inside(Path link) {
    try {
      return link.toRealPath().startsWith(root);
    } catch (IOException dead) {
      return true;
    }
  }
}
