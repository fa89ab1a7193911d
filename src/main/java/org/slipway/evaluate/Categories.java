package org.slipway.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.packages.Origin;

/**
 * What the trees themselves say they hold: the {@code SUBDIR +=} lines of each one's Makefile and
 * of each category's. They are read as text, as other tools for ports do, and cost no run of make.
 */
final class Categories {
  private static final Pattern SUBDIR = Pattern.compile("^\\s*SUBDIR\\s*\\+?=\\s*([^#]*)");

  private final TreeFiles tree;
  private final List<Finding> findings = new ArrayList<>();

  Categories(TreeFiles tree) {
    this.tree = tree;
  }

  /** What is listed and there; what is listed and missing becomes a finding. */
  SortedSet<Origin> origins() throws IOException {
    SortedSet<Origin> origins = new TreeSet<>();
    for (TreeFiles.Root root : tree.roots()) {
      for (String category : listed(root, "Makefile")) {
        String makefile = category + "/Makefile";
        if (!tree.isFolder(root, category)) {
          missing("Makefile", category, "there is no such folder");
          continue;
        }
        for (String name : listed(root, makefile)) {
          add(origins, category, name, makefile);
        }
      }
    }
    return origins;
  }

  private void add(SortedSet<Origin> origins, String category, String name, String makefile) {
    try {
      Origin origin = new Origin(category, name);
      Optional<String> absence = tree.absence(origin);
      if (absence.isEmpty()) {
        origins.add(origin);
      } else {
        missing(makefile, name, absence.get());
      }
    } catch (IllegalArgumentException e) {
      missing(makefile, name, "no folder can have that name");
    }
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  private static List<String> listed(TreeFiles.Root root, String makefile) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (String line : TreeFiles.lines(root, makefile)) {
      Matcher matcher = SUBDIR.matcher(line);
      if (matcher.find()) {
        names.addAll(Draft.words(matcher.group(1)));
      }
    }
    return List.copyOf(names);
  }

  private void missing(String makefile, String name, String why) {
    findings.add(new Finding(
        Optional.empty(), makefile + " lists " + MakeMessage.clean(name) + ", but " + why));
  }
}
