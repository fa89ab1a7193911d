package org.slipway.packages;

import java.util.List;
import java.util.Optional;

/**
 * What a repository says beside its packages, each in a UCL file of its own (libpkg/pkg_repo_create.c;
 * {@code pkg repo -g}).
 */
public sealed interface RepositoryNote {
  /** Packages that are installed together under one name. */
  record Group(String name, String comment, List<String> requires, List<String> depends)
      implements RepositoryNote {
    public Group {
      requires = List.copyOf(requires);
      depends = List.copyOf(depends);
    }
  }

  /** A package that is no more, and why. */
  record Expired(String name, Optional<String> reason, Optional<String> replacedBy)
      implements RepositoryNote {}

  /**
   * Reads a group.
   *
   * @param where the file, for messages
   * @throws MetadataException when the text is no UCL, or says no name or comment
   */
  static Group group(String text, String where) throws MetadataException {
    Ucl.Section section = MetadataReader.ucl(text, where);
    return new Group(
        required(section, "name", where),
        required(section, "comment", where),
        section.texts("requires"),
        section.texts("depends"));
  }

  /**
   * Reads an expired package.
   *
   * @param where the file, for messages
   * @throws MetadataException when the text is no UCL, or says no name
   */
  static Expired expired(String text, String where) throws MetadataException {
    Ucl.Section section = MetadataReader.ucl(text, where);
    return new Expired(
        required(section, "name", where), section.text("reason"), section.text("replaced_by"));
  }

  private static String required(Ucl.Section section, String key, String where)
      throws MetadataException {
    return section
        .text(key)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> new MetadataException(where + " says no " + key));
  }
}
