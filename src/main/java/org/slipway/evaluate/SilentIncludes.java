package org.slipway.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that a framework includes only if they are there. make records each search for a file
 * but not a try at one with an absolute path that is missing, so these expressions are asked for
 * with each port: a file that comes to be there later changes the port's answers.
 */
final class SilentIncludes {
  private static final Pattern DIRECTIVE =
      Pattern.compile("^\\.\\s*(?:s|-|d)include\\s+[\"<]([^\">]*\\$\\{[^\">]*)[\">]");

  /** More than a framework has; each is asked of each port. */
  private static final int MOST = 40;

  private SilentIncludes() {}

  /** Arguments that hold variables, sorted; of all makefiles below Mk. */
  static List<String> of(TreeFiles tree) throws IOException {
    NavigableSet<String> found = new TreeSet<>();
    for (TreeFiles.Root root : tree.roots()) {
      Optional<Path> mk = root.checkout().resolve("Mk").filter(Files::isDirectory);
      if (mk.isEmpty()) {
        continue;
      }
      List<Path> files;
      try (Stream<Path> walk = Files.walk(mk.get())) {
        files = walk.filter(file -> file.toString().endsWith(".mk"))
            .filter(Files::isRegularFile)
            .toList();
      }
      for (Path file : files) {
        String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        text.lines()
            .filter(line -> line.startsWith(".") && line.contains("include"))
            .map(DIRECTIVE::matcher)
            .filter(Matcher::find)
            .map(m -> m.group(1))
            .forEach(found::add);
      }
    }
    return found.stream().limit(MOST).toList();
  }
}
