package org.slipway.repository;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;

/**
 * A package's files as one text between two catalogues: for each folder {@code <tab>>FOLDER} and for
 * each of its files {@code <tab>NAME}. Bytes are characters here, whatever their encoding, because the
 * files catalogue counts bytes. Names that it cannot hold, with control characters or {@code >} at their
 * beginning, are left out.
 */
record FileList(String text) {
  static FileList read(Path file) throws IOException {
    try {
      StringBuilder text = new StringBuilder();
      String folder = "";
      for (PackageFile.FileSum each : PackageFile.open(file).files()) {
        String path =
            new String(each.path().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        if (path.chars().anyMatch(c -> c < ' ' || c == 127)) {
          continue;
        }
        int slash = path.lastIndexOf('/');
        if (path.startsWith(">", slash + 1)) {
          continue;
        }
        String own = slash == 0 ? "/" : path.substring(0, Math.max(0, slash));
        if (!own.equals(folder)) {
          text.append("\t>").append(own);
          folder = own;
        }
        text.append('\t').append(path, slash + 1, path.length());
      }
      return new FileList(text.toString());
    } catch (PackageException e) {
      throw new RepositoryException(e.getMessage() == null ? "no package" : e.getMessage());
    }
  }
}
