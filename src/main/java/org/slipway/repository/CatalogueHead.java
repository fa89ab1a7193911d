package org.slipway.repository;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.packages.MetadataException;
import org.slipway.packages.RepositoryNote;

/**
 * What the data text has beside packages: groups and expired packages.
 *
 * @param json {@code "groups":[...],"expired_packages":[...]} on one line
 */
public record CatalogueHead(String json) {
  /** Neither. */
  public static final CatalogueHead EMPTY =
      new CatalogueHead("\"groups\":[],\"expired_packages\":[]");

  private static final long MAX_BYTES = 1 << 20;

  /** All are in the first line of a text that every client fetches. */
  private static final int MAX_FILES = 10_000;

  private static final long MAX_BYTES_TOGETHER = 16 << 20;

  /**
   * Reads folders of {@code *.ucl} files, as {@code pkg repo -g} does, in the order of
   * their names.
   *
   * @throws RepositoryException when a file is not as it should be, with its name
   */
  public static CatalogueHead read(Optional<Path> groups, Optional<Path> expired)
      throws IOException {
    if (groups.isEmpty() && expired.isEmpty()) {
      return EMPTY;
    }
    List<RepositoryNote.Expired> gone = new ArrayList<>();
    for (Path file : expired.isPresent() ? files(expired.get()) : List.<Path>of()) {
      gone.add(note(file, RepositoryNote::expired));
    }
    return of(groups.isPresent() ? groups(groups.get()) : List.of(), gone);
  }

  /**
   * Reads a folder of groups, a {@code *.ucl} file each, in the order of their names.
   *
   * @throws RepositoryException when a file is not as it should be, with its name
   */
  public static List<RepositoryNote.Group> groups(Path folder) throws IOException {
    List<RepositoryNote.Group> groups = new ArrayList<>();
    for (Path file : files(folder)) {
      groups.add(note(file, RepositoryNote::group));
    }
    return groups;
  }

  /** Both lists in the order in which they are given. */
  public static CatalogueHead of(
      List<RepositoryNote.Group> groups, List<RepositoryNote.Expired> expired) {
    if (groups.isEmpty() && expired.isEmpty()) {
      return EMPTY;
    }
    // Made here: whoever needs neither, as most do, would wait for it at every start.
    ObjectMapper json = new ObjectMapper();
    ArrayNode groupList = json.createArrayNode();
    for (RepositoryNote.Group each : groups) {
      ObjectNode node = groupList.addObject();
      node.put("name", each.name()).put("comment", each.comment());
      each.requires().forEach(node.withArray("requires")::add);
      each.depends().forEach(node.withArray("depends")::add);
    }
    ArrayNode expiredList = json.createArrayNode();
    for (RepositoryNote.Expired each : expired) {
      ObjectNode node = expiredList.addObject().put("name", each.name());
      each.reason().ifPresent(reason -> node.put("reason", reason));
      each.replacedBy().ifPresent(name -> node.put("replaced_by", name));
    }
    return new CatalogueHead("\"groups\":" + groupList + ",\"expired_packages\":" + expiredList);
  }

  /** Reads one note's text. */
  private interface NoteReader<T extends RepositoryNote> {
    T read(String text, String where) throws MetadataException;
  }

  private static <T extends RepositoryNote> T note(Path file, NoteReader<T> reader)
      throws IOException {
    try {
      return reader.read(text(file), file.toString());
    } catch (MetadataException e) {
      throw new RepositoryException(String.valueOf(e.getMessage()));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder + " is no folder; name one with *.ucl files");
    }
    List<Path> files = Disk.children(folder).stream()
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .filter(file -> file.getFileName().toString().matches("[^.].*\\.ucl"))
        .toList();
    if (files.size() > MAX_FILES) {
      throw new RepositoryException(folder + " has more than " + MAX_FILES + " *.ucl files");
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    if (bytes > MAX_BYTES_TOGETHER) {
      throw new RepositoryException(folder + " has more than 16 MiB of *.ucl files");
    }
    return files;
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new RepositoryException(file + " has more than 1 MiB");
    }
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new RepositoryException(file + " is no text in UTF-8");
    }
  }
}
