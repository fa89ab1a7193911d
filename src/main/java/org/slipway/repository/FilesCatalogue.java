package org.slipway.repository;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slipway.sign.Signing;

/**
 * The text {@code files}, which tells {@code pkg rwhich} whose file a path is: first all folders,
 * sorted, each as how many bytes it begins like the one before and the rest; an empty line; then for
 * each package {@code NAME VERSION}, {@code >NUMBER} of a folder before the names in it, and an empty
 * line. Folders are numbered when all are known, so what packages have waits in a file.
 */
final class FilesCatalogue implements Closeable {
  private final Path spool;
  private final BufferedWriter packages;
  private final Map<String, Integer> folders = new HashMap<>();

  /** @param spool a new file for what waits, which the caller removes */
  FilesCatalogue(Path spool) throws IOException {
    this.spool = spool;
    this.packages = Files.newBufferedWriter(spool, StandardCharsets.ISO_8859_1);
  }

  void add(ManifestFacts facts, FileList files) throws IOException {
    for (int at = files.text().indexOf("\t>"); at >= 0; at = files.text().indexOf("\t>", at + 1)) {
      int end = files.text().indexOf('\t', at + 1);
      folders.putIfAbsent(files.text().substring(at + 2, end), 0);
    }
    packages.write(facts.name() + " " + facts.version() + files.text() + "\n");
  }

  /** Signs; the whole archive. */
  byte[] finish(Signing signing) throws IOException {
    packages.close();
    SignedArchive archive = new SignedArchive("files", signing);
    String before = "";
    int number = 0;
    for (String folder : new TreeMap<>(folders).keySet()) {
      int kept = common(before, folder);
      write(archive, kept + " " + folder.substring(kept) + "\n");
      folders.put(folder, number++);
      before = folder;
    }
    write(archive, "\n");
    try (BufferedReader lines = Files.newBufferedReader(spool, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        StringBuilder text = new StringBuilder(line.length());
        for (String word : line.split("\t", -1)) {
          text.append(word.startsWith(">") ? ">" + folders.get(word.substring(1)) : word)
              .append('\n');
        }
        write(archive, text.append('\n').toString());
      }
    }
    return archive.finish();
  }

  private static void write(SignedArchive archive, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    archive.write(bytes, bytes.length);
  }

  private static int common(String one, String other) {
    int length = Math.min(one.length(), other.length());
    int kept = 0;
    while (kept < length && one.charAt(kept) == other.charAt(kept)) {
      kept++;
    }
    return kept;
  }

  @Override
  public void close() throws IOException {
    packages.close();
  }
}
