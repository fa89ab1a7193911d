package org.slipway.repository;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Holds a files catalogue against the manifests of the packages that it lists. */
final class StrictFiles {
  private StrictFiles() {}

  static void check(String text, Map<String, RepositoryContents.PackageContents> packages) {
    int middle = text.startsWith("\n") ? 0 : text.indexOf("\n\n") + 1;
    List<String> folders = new ArrayList<>();
    String before = "";
    for (String line : text.substring(0, middle).lines().toList()) {
      int blank = line.indexOf(' ');
      byte[] kept = before.getBytes(StandardCharsets.UTF_8);
      int count = Integer.parseInt(line.substring(0, blank));
      before = new String(kept, 0, count, StandardCharsets.UTF_8) + line.substring(blank + 1);
      require(folders.isEmpty() || before.compareTo(folders.get(folders.size() - 1)) > 0, before);
      folders.add(before);
    }
    Set<String> seen = new HashSet<>();
    for (String block : text.substring(middle + 1).split("\n\n", -1)) {
      if (block.isEmpty()) {
        continue;
      }
      List<String> lines = block.strip().lines().toList();
      String[] head = lines.get(0).split(" ", -1);
      require(packages.containsKey(head[0]), lines.get(0));
      RepositoryContents.PackageContents contents = Objects.requireNonNull(packages.get(head[0]));
      require(contents.version().equals(head[1]), lines.get(0));
      require(seen.add(head[0]), head[0] + " twice");
      Set<String> paths = new TreeSet<>();
      String folder = "";
      for (String line : lines.subList(1, lines.size())) {
        if (line.startsWith(">")) {
          folder = folders.get(Integer.parseInt(line.substring(1)));
        } else {
          paths.add(folder + "/" + line);
        }
      }
      Set<String> expected = new TreeSet<>();
      contents.manifest().path("files").fieldNames().forEachRemaining(expected::add);
      require(paths.equals(expected), head[0] + " has " + paths + ", not " + expected);
    }
    require(seen.equals(packages.keySet()), "packages " + seen);
  }

  private static void require(boolean holds, String otherwise) {
    StrictRepositoryReader.check(holds, "files.pkg: " + otherwise);
  }
}
