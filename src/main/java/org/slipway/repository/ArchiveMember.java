package org.slipway.repository;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * One member of a catalogue archive that was written here, as a stream; damage comes out of it as a
 * {@link RepositoryException}.
 */
final class ArchiveMember extends FilterInputStream {
  private final Path archive;

  private ArchiveMember(InputStream in, Path archive) {
    super(in);
    this.archive = archive;
  }

  /** @throws RepositoryException when the archive is damaged or has no such member */
  static InputStream open(Path archive, String member) throws IOException {
    InputStream file = Files.newInputStream(archive);
    try {
      TarArchiveInputStream tar = new TarArchiveInputStream(new ZstdInputStream(file));
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals(member)) {
          return new ArchiveMember(tar, archive);
        }
      }
    } catch (IOException e) {
      file.close();
      throw damaged(archive, e);
    }
    file.close();
    throw new RepositoryException(archive + " is damaged: it has no member \"" + member + "\"");
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      throw damaged(archive, e);
    }
  }

  private static IOException damaged(Path archive, IOException fault) {
    // A failing disk is told by other classes than these two.
    boolean content = fault instanceof ZstdIOException || fault.getClass() == IOException.class;
    return content
        ? new RepositoryException(archive + " is damaged: " + fault.getMessage())
        : fault;
  }
}
