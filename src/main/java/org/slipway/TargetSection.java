package org.slipway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Bases;
import org.slipway.packages.Abi;

/**
 * Reads {@code target}: what packages are made for and the base system that they are made in. On
 * Linux a target of FreeBSD is tried in a Linux base: its ports are built as FreeBSD's, and
 * binaries that come out are refused when they are published.
 */
final class TargetSection {
  private static final String FREEBSD = "FreeBSD";

  private static final Form<String> OS = new Form<>("Linux or FreeBSD", word -> {
    Form.require(List.of("Linux", FREEBSD).contains(word));
    return word;
  });

  private static final Form<String> VERSION =
      Form.matching("a version such as 3.2, in quotation marks", "[0-9]+(\\.[0-9]+)*");
  private static final Form<String> ARCH =
      Form.matching("an architecture such as x86_64", "[a-z0-9_]+");

  private static final String RELEASE = "[0-9]{1,3}\\.[0-9]{1,2}";
  private static final String RELEASE_IN_WORDS =
      "a release of FreeBSD such as 14.2, in quotation marks";

  private final Path home;
  private final AbiSource host;
  private final String system;

  TargetSection(Path home, AbiSource host) {
    this(home, host, System.getProperty("os.name", ""));
  }

  /** @param system what this host is, as Java calls it */
  TargetSection(Path home, AbiSource host, String system) {
    this.home = home;
    this.host = host;
    this.system = system;
  }

  /** @param elsewhere whether the packages are built by another host, and ports only asked here */
  Optional<Target> read(Section target, boolean elsewhere) {
    Asked asked = new Asked(
        target.read("os", OS), target.read("version", VERSION), target.read("arch", ARCH));
    if (elsewhere && asked.freeBsd() && !system.equals(FREEBSD)) {
      Optional<Target> found = freeBsd(target, asked, new Base.Host(), "elsewhere")
          .flatMap(named -> new ListedTarget(home).read(target, named));
      target.read("base", new Form<>("a base", word -> word));
      target.end();
      return found;
    }
    Optional<BaseWord> base = target.require("base", new Form<>(BaseWord.EXPECTED, this::base));
    target.end();
    if (base.isEmpty()) {
      return Optional.empty();
    }
    return base.get().base() instanceof Base.Host
        ? ofHost(target, asked)
        : ofBase(target, asked, base.get());
  }

  /** What a person wrote beside the base. */
  private record Asked(Optional<String> os, Optional<String> version, Optional<String> arch) {
    boolean freeBsd() {
      return os.isPresent() && os.get().equals(FREEBSD);
    }

    boolean whole() {
      return os.isPresent() && version.isPresent() && arch.isPresent();
    }
  }

  private Optional<Target> ofHost(Section target, Asked asked) {
    Abi abi;
    try {
      abi = host.detect();
    } catch (IOException e) {
      if (asked.freeBsd()) {
        return freeBsd(target, asked, new Base.Host(), "on host " + release());
      }
      if (asked.whole()) {
        // Some systems do not say what they are (a C library other than glibc); then a person does.
        return Optional.of(ofHost(new Abi(
            asked.os().orElseThrow(),
            asked.version().orElseThrow(),
            asked.arch().orElseThrow())));
      }
      target.wrong(
          "base",
          "this host's ABI is unknown (" + e.getMessage()
              + "); write os, version and arch as well");
      return Optional.empty();
    }
    if (asked.freeBsd() && !abi.os().equals(FREEBSD)) {
      return freeBsd(target, asked, new Base.Host(), "on host " + abi + " " + release());
    }
    String who = "base is host, and this host is " + abi;
    if (abi.os().equals(FREEBSD) && asked.version().isPresent()) {
      noteOther(target, "os", asked.os(), abi.os(), who);
      noteOther(target, "arch", asked.arch(), abi.arch(), who);
      noteOther(target, "version", asked.version().map(TargetSection::major), abi.version(), who);
      return Optional.of(new Target(
          abi, new Base.Host(), asked.version().get() + " host " + abi + " " + release()));
    }
    noteOthers(target, asked, abi, who);
    return Optional.of(ofHost(abi));
  }

  private static Target ofHost(Abi abi) {
    return new Target(abi, new Base.Host(), "host " + abi + " " + release());
  }

  private Optional<Target> ofBase(Section target, Asked asked, BaseWord base) {
    Optional<Abi> found = base.system();
    if (found.isPresent() && !found.get().os().equals(system)) {
      target.wrong(
          "base",
          Quoted.of(base.word()) + " is a " + found.get().os() + " system, whose programs cannot"
              + " run on this " + system + " host, so nothing can be built in it; name a " + system
              + " base or host, or run the farm on " + found.get().os()
              + " (evaluate --base can use it)");
      return Optional.empty();
    }
    if (asked.freeBsd()) {
      String where = base.kept().isPresent() ? base.identity() : "in " + base.identity();
      if (found.isPresent() && found.get().os().equals(FREEBSD)) {
        String who = Quoted.of(base.word()) + " is a system for " + found.get();
        noteOther(target, "arch", asked.arch(), found.get().arch(), who);
        noteOther(
            target,
            "version",
            asked.version().map(TargetSection::major),
            found.get().version(),
            who);
      }
      return freeBsd(target, asked, base.base(), where);
    }
    if (found.isPresent() && !found.get().os().equals(FREEBSD)) {
      noteOthers(
          target, asked, found.get(), Quoted.of(base.word()) + " is a system for " + found.get());
      return Optional.of(target(found.get(), base));
    }
    if (!asked.whole()) {
      noteMissing(target, "os", "Linux or FreeBSD");
      noteMissing(target, "version", VERSION.expected());
      noteMissing(target, "arch", ARCH.expected());
      return Optional.empty();
    }
    return Optional.of(target(
        new Abi(
            asked.os().orElseThrow(),
            asked.version().orElseThrow(),
            asked.arch().orElseThrow()),
        base));
  }

  private static Target target(Abi abi, BaseWord base) {
    String name = base.kept().isPresent()
        ? abi.version() + "-" + abi.arch() + " " + base.identity()
        : base.identity();
    return new Target(abi, base.base(), name);
  }

  /**
   * A target of FreeBSD. Its ABI holds the release's first number only; the base's name begins with
   * both, from which {@code OSVERSION} is made.
   */
  private static Optional<Target> freeBsd(Section target, Asked asked, Base base, String where) {
    if (asked.version().isEmpty() || asked.arch().isEmpty()) {
      noteMissing(target, "version", RELEASE_IN_WORDS);
      noteMissing(target, "arch", "an architecture such as amd64");
      return Optional.empty();
    }
    String release = asked.version().get();
    if (!release.matches(RELEASE)) {
      target.wrong("version", "found " + Quoted.of(release) + ", expected " + RELEASE_IN_WORDS);
      return Optional.empty();
    }
    String arch = asked.arch().get();
    return Optional.of(new Target(
        new Abi(FREEBSD, major(release), arch), base, release + "-" + arch + " " + where));
  }

  private static String major(String release) {
    return release.replaceFirst("\\..*", "");
  }

  private static void noteOthers(Section target, Asked asked, Abi actual, String who) {
    noteOther(target, "os", asked.os(), actual.os(), who);
    noteOther(target, "version", asked.version(), actual.version(), who);
    noteOther(target, "arch", asked.arch(), actual.arch(), who);
  }

  private static void noteOther(
      Section target, String key, Optional<String> given, String actual, String who) {
    if (given.isPresent() && !given.get().equals(actual)) {
      target.wrong(
          key,
          "found " + Quoted.of(given.get()) + ", expected " + Quoted.of(actual) + ": " + who
              + "; the key may be left out");
    }
  }

  private static void noteMissing(Section target, String key, String expected) {
    if (!target.has(key)) {
      target.wrong(key, "is missing, expected " + expected);
    }
  }

  private BaseWord base(String word) {
    Optional<BaseWord> found;
    try {
      found = BaseWord.find(word, new Bases(home.resolve("bases")), home);
    } catch (IOException e) {
      throw new UnsupportedOperationException(e.getMessage(), e);
    }
    if (found.isEmpty() && word.matches(".*\\.(txz|tgz|tzst|tar(\\.[a-z0-9]+)?)")) {
      throw new UnsupportedOperationException("an archive is no base yet; make one of it with"
          + " ./slipway base create NAME --from " + word + ", and write base: NAME");
    }
    return found.orElseThrow(() -> new IllegalArgumentException("no base"));
  }

  /**
   * Which release the host runs: after an upgrade of the host, its libraries are others, and so
   * are packages.
   */
  private static String release() {
    try {
      return Files.readAllLines(Path.of("/etc/os-release"), StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith("ID=") || line.startsWith("VERSION_ID="))
          .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
          .sorted()
          .reduce((a, b) -> b + " " + a)
          .orElse("unknown release");
    } catch (IOException e) {
      // os-release(5) is optional; a host without one is told apart by its ABI alone.
      return "unknown release";
    }
  }
}
