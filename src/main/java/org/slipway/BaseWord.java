package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slipway.jail.Base;
import org.slipway.jail.BaseName;
import org.slipway.jail.Bases;
import org.slipway.jail.KeptBase;
import org.slipway.packages.Abi;
import org.slipway.packages.HostAbi;

/**
 * A base as a person names it: {@code host}, the name of a kept base, or a folder with a base
 * system.
 *
 * @param word as it was written, in words a folder's whole path
 * @param kept where it is a kept base
 */
record BaseWord(String word, Base base, Optional<KeptBase> kept) {
  /** What is read, after "expected". */
  static final String EXPECTED =
      "host, the name of a kept base (base list), or a folder with a base system";

  /**
   * Finds it. A kept base comes before a folder of that name.
   *
   * @param home what a relative folder starts from
   * @return nothing where there is no such
   * @throws IOException where it is a kept base that was changed; the message is for a person
   */
  static Optional<BaseWord> find(String word, Bases bases, Path home) throws IOException {
    if (word.equals(BaseName.HOST)) {
      return Optional.of(new BaseWord(word, new Base.Host(), Optional.empty()));
    }
    Optional<KeptBase> kept = kept(word, bases);
    if (kept.isPresent()) {
      return kept.map(each -> new BaseWord(word, each.base(), kept));
    }
    if (word.isBlank() || word.codePoints().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    Path folder = home.resolve(word).normalize();
    return Files.isDirectory(folder.resolve("bin")) && folder.getNameCount() > 0
        ? Optional.of(new BaseWord(folder.toString(), new Base.Directory(folder), Optional.empty()))
        : Optional.empty();
  }

  private static Optional<KeptBase> kept(String word, Bases bases) throws IOException {
    if (!BaseName.fits(word)) {
      return Optional.empty();
    }
    BaseName name = new BaseName(word);
    return bases.find(name).isPresent() ? Optional.of(bases.use(name)) : Optional.empty();
  }

  /**
   * What its programs run on, as its shell says; nothing of the host, and where the shell does not
   * say.
   */
  Optional<Abi> system() {
    return system(base);
  }

  /** The same of any base. */
  static Optional<Abi> system(Base base) {
    Optional<Path> shell = base instanceof Base.Directory directory
        ? KeptBase.shell(directory.root())
        : Optional.empty();
    try {
      return shell.isPresent() ? Optional.of(HostAbi.detect(shell.get())) : Optional.empty();
    } catch (IOException e) {
      // A C library other than glibc leaves no note; a person says then.
      return Optional.empty();
    }
  }

  /**
   * What stands in build keys for its content: the id of a kept base, the path of any other
   * folder.
   */
  String identity() {
    return kept.flatMap(KeptBase::id).map(Object::toString).orElse(word);
  }
}
