package org.slipway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;

/** Reads {@code target}: what packages are made for and the base system that they are made in. */
final class TargetSection {
  private static final String HOST = "host";

  private static final Form<String> OS = new Form<>("Linux", TargetSection::os);
  private static final Form<String> VERSION =
      Form.matching("a version such as 3.2, in quotation marks", "[0-9]+(\\.[0-9]+)*");
  private static final Form<String> ARCH =
      Form.matching("an architecture such as x86_64", "[a-z0-9_]+");

  private final Path home;
  private final AbiSource host;

  TargetSection(Path home, AbiSource host) {
    this.home = home;
    this.host = host;
  }

  Optional<Target> read(Section target) {
    Optional<String> os = target.read("os", OS);
    Optional<String> version = target.read("version", VERSION);
    Optional<String> arch = target.read("arch", ARCH);
    Optional<String> base = target.require("base", new Form<>("host or a folder", this::base));
    target.end();
    if (base.isEmpty()) {
      return Optional.empty();
    }
    if (base.get().equals(HOST)) {
      return ofHost(target, os, version, arch);
    }
    if (os.isEmpty() || version.isEmpty() || arch.isEmpty()) {
      noteMissing(target, "os", "Linux");
      noteMissing(target, "version", VERSION.expected());
      noteMissing(target, "arch", ARCH.expected());
      return Optional.empty();
    }
    return Optional.of(new Target(
        new Abi(os.get(), version.get(), arch.get()),
        new Base.Directory(Path.of(base.get())),
        base.get()));
  }

  private Optional<Target> ofHost(
      Section target, Optional<String> os, Optional<String> version, Optional<String> arch) {
    Abi abi;
    try {
      abi = host.detect();
    } catch (IOException e) {
      if (os.isPresent() && version.isPresent() && arch.isPresent()) {
        // Some systems do not say what they are (a C library other than glibc); then a person does.
        return Optional.of(ofHost(new Abi(os.get(), version.get(), arch.get())));
      }
      target.wrong(
          "base",
          "this host's ABI is unknown (" + e.getMessage()
              + "); write os, version and arch as well");
      return Optional.empty();
    }
    noteOther(target, "os", os, abi.os(), abi);
    noteOther(target, "version", version, abi.version(), abi);
    noteOther(target, "arch", arch, abi.arch(), abi);
    return Optional.of(ofHost(abi));
  }

  private static Target ofHost(Abi abi) {
    return new Target(abi, new Base.Host(), "host " + abi + " " + release());
  }

  private static void noteOther(
      Section target, String key, Optional<String> given, String actual, Abi abi) {
    if (given.isPresent() && !given.get().equals(actual)) {
      target.wrong(
          key,
          "found " + Quoted.of(given.get()) + ", expected " + Quoted.of(actual)
              + ": base is host, and this host is " + abi + "; the key may be left out");
    }
  }

  private static void noteMissing(Section target, String key, String expected) {
    if (!target.has(key)) {
      target.wrong(key, "is missing, expected " + expected + "; only base: host needs none");
    }
  }

  private static String os(String word) {
    if ("FreeBSD".equals(word)) {
      throw new UnsupportedOperationException(
          "FreeBSD is not supported yet; this version builds Linux packages on Linux");
    }
    Form.require("Linux".equals(word));
    return word;
  }

  private String base(String word) {
    if (word.equals(HOST)) {
      return word;
    }
    if (word.matches(".*\\.(txz|tgz|tzst|tar(\\.[a-z0-9]+)?)")) {
      throw new UnsupportedOperationException(
          "an archive as base is not supported yet; unpack it and name the folder");
    }
    Form.require(!word.isBlank() && word.codePoints().noneMatch(Character::isISOControl));
    Path folder = home.resolve(word).normalize();
    Form.require(Files.isDirectory(folder.resolve("bin")) && folder.getNameCount() > 0);
    return folder.toString();
  }

  /** Which release the host runs: after an upgrade of the host, its libraries are others, and so are packages. */
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
