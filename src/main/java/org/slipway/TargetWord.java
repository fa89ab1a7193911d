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
import org.slipway.packages.Abi;

/**
 * A target as a person writes it: {@code OS:VERSION:ARCH}, such as {@code FreeBSD:14.2:amd64}. The
 * version is a release; an ABI of FreeBSD holds its first number only, and the base's name the rest.
 */
final class TargetWord {
  private static final Pattern WORD =
      Pattern.compile("([A-Za-z]{1,32}):([0-9]{1,3}(?:\\.[0-9]{1,3}){0,2}):([a-z0-9_]{1,32})");

  private static final String HOST = "host";

  private final AbiSource host;
  private final Path bases;

  /** @param bases where stand-ins for bases are laid out, a folder for each */
  TargetWord(AbiSource host, Path bases) {
    this.host = host;
    this.bases = bases;
  }

  /**
   * @param word empty for packages of this host
   * @param base {@code host}, a folder with a base system, or a file that lists one's paths; empty
   *     for this host's own system where it is the target's, else for the list that ships with the
   *     program
   * @throws IllegalArgumentException with a sentence where one of them is none
   */
  Target target(Optional<String> word, Optional<String> base) throws IOException {
    if (word.isEmpty()) {
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
    return based(new Abi(os, version, parts.group(3)), os + " " + release, base);
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
          + "; a base is a folder, a file that lists its paths, or the word host");
    }
    return recorded(abi, name, BaseList.read(path));
  }

  private Target recorded(Abi abi, String name, BaseList list) throws IOException {
    RecordedBase laidOut = RecordedBase.layOut(bases, list);
    return new Target(abi, laidOut.base(), name + " list " + list.digest().hex());
  }
}
