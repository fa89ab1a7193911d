package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.evaluate.BaseList;
import org.slipway.evaluate.RecordedBase;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.BaseName;
import org.slipway.jail.Bases;
import org.slipway.jail.KeptBase;
import org.slipway.packages.Abi;

/**
 * A target as a person writes it: {@code OS:VERSION:ARCH}, such as {@code FreeBSD:14.2:amd64}. The
 * version is a release; an ABI of FreeBSD holds its first number only, and the base's name the
 * rest.
 */
final class TargetWord {
  private static final Pattern WORD =
      Pattern.compile("([A-Za-z]{1,32}):([0-9]{1,3}(?:\\.[0-9]{1,3}){0,2}):([a-z0-9_]{1,32})");

  private static final String HOST = "host";

  private final AbiSource host;
  private final Path standIns;
  private final Optional<Bases> bases;

  /** @param standIns where stand-ins for bases are laid out, a folder for each */
  TargetWord(AbiSource host, Path standIns) {
    this(host, standIns, Optional.empty());
  }

  /** @param bases those that a farm keeps */
  TargetWord(AbiSource host, Path standIns, Optional<Bases> bases) {
    this.host = host;
    this.standIns = standIns;
    this.bases = bases;
  }

  /**
   * @param word empty for packages of this host
   * @param base {@code host}, the name of a kept base, a folder with a base system, or a file that
   *     lists one's paths; empty for this host's own system where it is the target's, else for the
   *     list that ships with the program
   * @throws IllegalArgumentException with a sentence where one of them is none
   */
  Target target(Optional<String> word, Optional<String> base) throws IOException {
    Optional<KeptBase> kept = base.isPresent() ? kept(base.get()) : Optional.empty();
    if (word.isEmpty()) {
      if (kept.isPresent() && kept.get().base() instanceof Base.Directory) {
        return based(systemOf(kept.get()), kept.get());
      }
      Abi abi = host.detect();
      return based(abi, "host " + abi, base.or(() -> Optional.of(HOST)));
    }
    Matcher parts = WORD.matcher(word.get());
    if (!parts.matches()) {
      throw new IllegalArgumentException("\"" + word.get() + "\" is not a target; write"
          + " OS:VERSION:ARCH, such as FreeBSD:14.2:amd64");
    }
    String os = parts.group(1);
    String release = parts.group(2);
    String version = os.equals("FreeBSD") ? release.replaceFirst("\\..*", "") : release;
    Abi abi = new Abi(os, version, parts.group(3));
    return kept.isPresent() && kept.get().base() instanceof Base.Directory
        ? based(abi, os + " " + release, kept.get())
        : based(abi, os + " " + release, base.map(name -> kept.isPresent() ? HOST : name));
  }

  private Optional<KeptBase> kept(String word) throws IOException {
    if (bases.isEmpty() || !BaseName.fits(word)) {
      return Optional.empty();
    }
    BaseName name = new BaseName(word);
    return bases.get().find(name).isPresent()
        ? Optional.of(bases.get().use(name))
        : Optional.empty();
  }

  private static Abi systemOf(KeptBase kept) {
    return BaseWord.system(kept.base())
        .filter(abi -> !abi.os().equals("FreeBSD"))
        .orElseThrow(() -> new IllegalArgumentException("the base " + kept.name()
            + " does not say which release it is; give --target, such as FreeBSD:14.2:amd64"));
  }

  private Target based(Abi abi, KeptBase kept) throws IOException {
    return based(abi, abi.os() + " " + abi.version(), kept);
  }

  /** One whose programs cannot run here stands in by its paths. */
  private Target based(Abi abi, String name, KeptBase kept) throws IOException {
    Optional<Abi> system = BaseWord.system(kept.base());
    boolean runs = system.isPresent() && system.get().os().equals(System.getProperty("os.name"));
    return runs
        ? new Target(abi, kept.base(), name + " " + kept.id().orElseThrow())
        : recorded(abi, name, BaseList.read(kept.pathList().orElseThrow()));
  }

  private Target based(Abi abi, String name, Optional<String> base) throws IOException {
    if (base.isEmpty()) {
      if (abi.os().equals(System.getProperty("os.name"))) {
        return new Target(abi, new Base.Host(), name);
      }
      return recorded(abi, name, BaseList.forTarget(new Target(abi, new Base.Host(), name)));
    }
    if (base.get().equals(HOST)) {
      return new Target(abi, new Base.Host(), name + " on host");
    }
    Path path = Path.of(base.get()).toAbsolutePath().normalize();
    if (Files.isDirectory(path)) {
      return new Target(abi, new Base.Directory(path), name + " in " + path);
    }
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException("there is no " + base.get()
          + "; a base is a folder, a file that lists its paths, the word host, or with --home the"
          + " name of a kept base");
    }
    return recorded(abi, name, BaseList.read(path));
  }

  private Target recorded(Abi abi, String name, BaseList list) throws IOException {
    RecordedBase laidOut = RecordedBase.layOut(standIns, list);
    return new Target(abi, laidOut.base(), name + " list " + list.digest().hex());
  }
}
