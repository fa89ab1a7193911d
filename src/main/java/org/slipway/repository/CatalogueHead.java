package org.slipway.repository;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    // Made here: whoever needs neither, as most do, would wait for it at every start.
    ObjectMapper json = new ObjectMapper();
    ArrayNode groupList = json.createArrayNode();
    for (Path file : groups.isPresent() ? files(groups.get()) : List.<Path>of()) {
      add(groupList, text(file), file, true);
    }
    ArrayNode expiredList = json.createArrayNode();
    for (Path file : expired.isPresent() ? files(expired.get()) : List.<Path>of()) {
      add(expiredList, text(file), file, false);
    }
    return new CatalogueHead("\"groups\":" + json.writeValueAsString(groupList)
        + ",\"expired_packages\":" + json.writeValueAsString(expiredList));
  }

  private static void add(ArrayNode list, String text, Path file, boolean group)
      throws IOException {
    ObjectNode node = list.addObject();
    try {
      if (group) {
        RepositoryNote.Group read = RepositoryNote.group(text, file.toString());
        node.put("name", read.name()).put("comment", read.comment());
        read.requires().forEach(node.withArray("requires")::add);
        read.depends().forEach(node.withArray("depends")::add);
      } else {
        RepositoryNote.Expired read = RepositoryNote.expired(text, file.toString());
        node.put("name", read.name());
        read.reason().ifPresent(reason -> node.put("reason", reason));
        read.replacedBy().ifPresent(name -> node.put("replaced_by", name));
      }
    } catch (MetadataException e) {
      throw new RepositoryException(String.valueOf(e.getMessage()));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder + " is no folder; name one with *.ucl files");
    }
    return Disk.children(folder).stream()
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .filter(file -> file.getFileName().toString().matches("[^.].*\\.ucl"))
        .toList();
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new RepositoryException(file + " has more than 1 MiB");
    }
    return Files.readString(file);
  }
}
