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
 * again. Both are in one order, so that this is a merge that holds one line at a time. What is damaged
 * or in another order gives no lines, and the packages are read.
 */
final class KeptLines implements AutoCloseable {
  private static final KeptLines NONE = new KeptLines(null);

  private final @Nullable LineReader lines;
  private @Nullable CatalogueLine current;
  private boolean ended;

  private KeptLines(@Nullable LineReader lines) {
    this.lines = lines;
    this.ended = lines == null;
  }

  static KeptLines none() {
    return NONE;
  }

  /** Those of {@code packagesite.pkg} in a repository's folder; none where there is no such file. */
  static KeptLines of(Path repository) throws IOException {
    Path archive = repository.resolve("packagesite.pkg");
    if (!Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)) {
      return none();
    }
    try {
      return new KeptLines(new LineReader(ArchiveMember.open(archive, "packagesite.yaml")));
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
    while (!ended) {
      CatalogueLine line = current == null ? next() : current;
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

  private @Nullable CatalogueLine next() throws IOException {
    try {
      byte[] line = lines == null ? null : lines.next();
      if (line != null) {
        return new CatalogueLine(line, ManifestFacts.ofLine(line, line.length));
      }
    } catch (RepositoryException | JsonProcessingException damaged) {
      current = null;
    }
    ended = true;
    return null;
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }
}
