package org.slipway.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;

/**
 * The lines of an earlier catalogue, for packages that are in the next one too: they need not be read
 * again. Both are in one order, so that this is a merge that holds few lines at a time. What is
 * damaged or in another order gives no lines, and the packages are read.
 */
final class KeptLines implements AutoCloseable {
  private final @Nullable Ahead<CatalogueLine> lines;
  private @Nullable CatalogueLine current;

  private KeptLines(@Nullable Ahead<CatalogueLine> lines) {
    this.lines = lines;
  }

  static KeptLines none() {
    return new KeptLines(null);
  }

  /** Those of {@code packagesite.pkg} in a repository's folder; none where there is no such file. */
  static KeptLines of(Path repository) throws IOException {
    Path archive = repository.resolve("packagesite.pkg");
    if (!Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)) {
      return none();
    }
    try {
      return new KeptLines(
          new Ahead<>(new Lines(new LineReader(ArchiveMember.open(archive, "packagesite.yaml")))));
    } catch (RepositoryException e) {
      return none();
    }
  }

  /**
   * The line of this package; to be asked in the catalogue's order.
   *
   * @param key by which that order goes: {@code NAME-VERSION}
   */
  Optional<CatalogueLine> find(String key, Digest sum) throws IOException {
    while (lines != null) {
      CatalogueLine line = current == null ? lines.next() : current;
      current = line;
      if (line == null) {
        break;
      }
      int order = (line.facts().name() + "-" + line.facts().version()).compareTo(key);
      if (order > 0) {
        break;
      }
      current = null;
      if (order == 0) {
        return line.facts().sum().equals(sum.hex()) && line.isOurs()
            ? Optional.of(line)
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Lines with what they say; they end where one is damaged. */
  private record Lines(LineReader reader) implements Ahead.Source<CatalogueLine> {
    @Override
    public @Nullable CatalogueLine next() throws IOException {
      try {
        byte[] line = reader.next();
        return line == null
            ? null
            : new CatalogueLine(line, ManifestFacts.ofLine(line, line.length));
      } catch (RepositoryException | JsonProcessingException damaged) {
        return null;
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }
}
