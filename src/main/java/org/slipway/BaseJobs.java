package org.slipway;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.jail.BaseName;

/** Which job files of a farm name a base. A file that cannot be read may name any. */
final class BaseJobs {
  private static final Form<String> ANY = new Form<>("a word", word -> word);

  private BaseJobs() {}

  /** The job files that name it, in words, by path. */
  static List<String> naming(Path home, BaseName base) throws IOException {
    Path jobs = home.resolve("jobs");
    List<String> found = new ArrayList<>();
    if (!Files.isDirectory(jobs)) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(jobs, "[!.]*.yaml")) {
      for (Path file : files) {
        Mistakes mistakes = new Mistakes(file);
        Optional<Section> top = YamlFile.read(file, mistakes);
        if (top.isEmpty()) {
          found.add(file + " (which is broken, and may name it)");
        } else if (top.flatMap(each -> each.section("target"))
            .flatMap(each -> each.read("base", ANY))
            .filter(base.name()::equals)
            .isPresent()) {
          found.add(file.toString());
        }
      }
    }
    found.sort(null);
    return found;
  }
}
