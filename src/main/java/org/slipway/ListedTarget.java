package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slipway.evaluate.BaseList;
import org.slipway.evaluate.RecordedBase;
import org.slipway.evaluate.Target;
import org.slipway.jail.BaseName;
import org.slipway.jail.Bases;
import org.slipway.packages.Abi;
import org.slipway.schedule.Home;

/**
 * The base of a target of FreeBSD whose packages poudriere builds elsewhere: here its ports are only
 * asked, on a host that cannot run its programs, so a list of its paths does. Without one the
 * host's own files would answer for FreeBSD's.
 */
final class ListedTarget {
  private static final String WAYS = "leave base out for the list that ships with Slipway, name a"
      + " kept base of FreeBSD, or give a file that lists one's paths (tar -tf base.txz makes it)";

  private final Path home;

  /** @param home the farm's folder; lists are laid out in HOME/bases/.lists */
  ListedTarget(Path home) {
    this.home = home;
  }

  /** @param named the target, its base's name beginning with the release */
  Optional<Target> read(Section section, Target named) {
    Optional<String> base = section.read("base", new Form<>("a base", word -> word));
    if (section.has("base") && base.isEmpty()) {
      return Optional.empty();
    }
    try {
      BaseList list = base.isEmpty() ? BaseList.forTarget(named) : list(base.get(), named.abi());
      RecordedBase laidOut = RecordedBase.layOut(Home.baseLists(home), list);
      return Optional.of(new Target(
          named.abi(),
          laidOut.base(),
          named.baseName() + " list " + list.digest().hex()));
    } catch (IllegalArgumentException e) {
      section.wrong("base", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      section.wrong("base", "its list cannot be laid out: " + e.getMessage());
    }
    return Optional.empty();
  }

  private BaseList list(String word, Abi target) throws IOException {
    if (word.equals(BaseName.HOST)) {
      throw new IllegalArgumentException(
          "this host's files would answer for FreeBSD's when ports are asked; " + WAYS);
    }
    Optional<BaseWord> found = BaseWord.find(word, new Bases(home.resolve("bases")), home);
    if (found.isPresent()) {
      return BaseList.read(paths(found.get(), target));
    }
    Path file = home.resolve(word);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no base " + Quoted.of(word) + "; " + WAYS);
    }
    return BaseList.read(file);
  }

  private static Path paths(BaseWord base, Abi target) {
    Optional<Path> paths = base.kept().flatMap(each -> each.pathList());
    if (paths.isEmpty()) {
      throw new IllegalArgumentException(
          Quoted.of(base.word()) + " is no kept base with a list of its paths; " + WAYS);
    }
    Optional<Abi> system = base.system();
    if (system.isPresent() && !system.get().equals(target)) {
      throw new IllegalArgumentException(Quoted.of(base.word()) + " is a system for " + system.get()
          + ", and the target is " + target + "; " + WAYS);
    }
    return paths.get();
  }
}
