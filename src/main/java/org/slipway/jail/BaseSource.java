package org.slipway.jail;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a base is made from. */
public sealed interface BaseSource {
  /** In words, for lists of bases. */
  String inWords();

  /**
   * A tar archive with a base system, in a file or behind an address, and further distributions
   * that lie beside it. Where its name ends in {@code .txz} and a file MANIFEST lies beside it, as
   * FreeBSD's releases have it, that says each archive's sum.
   *
   * @param place a path, or an address that begins with http:// or https://
   * @param with further distributions: {@code lib32} is {@code lib32.txz} beside the first
   * @param sha256 what the first archive's sum must be, beside what MANIFEST says
   */
  record Archive(String place, List<String> with, Optional<String> sha256) implements BaseSource {
    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    public Archive {
      with = List.copyOf(with);
      for (String part : with) {
        if (!PART.matcher(part).matches()) {
          throw new IllegalArgumentException(
              "\"" + BaseText.shown(part) + "\" is no part of a release; lib32 and src are");
        }
      }
      if (sha256.isPresent() && !sha256.get().matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException("\"" + BaseText.shown(sha256.get())
            + "\" is no SHA-256; 64 lower-case hexadecimal digits are");
      }
      if (place.isBlank() || place.codePoints().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("an archive needs a path or an address");
      }
    }

    /** Whether it is behind an address. */
    boolean remote() {
      return place.regionMatches(true, 0, "http://", 0, 7)
          || place.regionMatches(true, 0, "https://", 0, 8);
    }

    /** The last part of the path or address. */
    String file() {
      return place.substring(place.lastIndexOf('/') + 1);
    }

    /** The place of another file beside it. */
    String beside(String file) {
      return place.substring(0, place.lastIndexOf('/') + 1) + file;
    }

    @Override
    public String inWords() {
      return place + (with.isEmpty() ? "" : " with " + String.join(", ", with));
    }
  }

  /** A folder with an unpacked base system, which is copied. */
  record Folder(Path root) implements BaseSource {
    @Override
    public String inWords() {
      return root.toString();
    }
  }

  /**
   * A Debian system, made by a program of the host.
   *
   * @param tool mmdebstrap, or debootstrap, which needs root
   * @param suite such as {@code bookworm}
   * @param mirror where packages come from; the tool's own choice where it is empty
   * @param packages beside the essential ones
   */
  record Debian(Tool tool, String suite, Optional<URI> mirror, List<String> packages)
      implements BaseSource {
    /** What makes it. */
    public enum Tool {
      MMDEBSTRAP("mmdebstrap"),
      DEBOOTSTRAP("debootstrap");

      private final String program;

      Tool(String program) {
        this.program = program;
      }

      /** The program's name. */
      public String program() {
        return program;
      }
    }

    /** What ports of a fork need to be built in it, as on {@code base: host}. */
    public static final List<String> BUILD_TOOLS =
        List.of("bmake", "ca-certificates", "curl", "gcc", "libc6-dev", "make", "patch");

    private static final Pattern SUITE = Pattern.compile("[a-z][a-z0-9.-]{0,63}");
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]{0,127}");

    public Debian {
      packages = packages.stream().distinct().sorted().toList();
      if (!SUITE.matcher(suite).matches()) {
        throw new IllegalArgumentException(
            "\"" + BaseText.shown(suite) + "\" is no suite of Debian; bookworm and stable are");
      }
      for (String each : packages) {
        if (!PACKAGE.matcher(each).matches()) {
          throw new IllegalArgumentException(
              "\"" + BaseText.shown(each) + "\" cannot name a package of Debian");
        }
      }
      if (mirror.isPresent() && !isMirror(mirror.get())) {
        throw new IllegalArgumentException(
            "the mirror " + BaseText.shown(mirror.get().toString())
                + " cannot be used; give an address with http://, https:// or file:///");
      }
    }

    private static boolean isMirror(URI mirror) {
      String text = mirror.toString();
      return text.matches("(https?://[^/,\\s]|file:///)[^,\\s]*") && mirror.getUserInfo() == null;
    }

    @Override
    public String inWords() {
      return tool.program() + " " + suite
          + (packages.isEmpty() ? "" : " with " + String.join(", ", packages));
    }
  }

  /** The host's own system: a name for {@code base: host}. */
  record Host() implements BaseSource {
    @Override
    public String inWords() {
      return "this host's own system";
    }
  }

  /** FreeBSD's own site. */
  String FREEBSD = "https://download.freebsd.org";

  /**
   * By what pkg calls a processor, the folders of releases: TARGET/TARGET_ARCH of FreeBSD's
   * build(7).
   */
  Map<String, String> ARCHES = Map.of(
      "amd64", "amd64/amd64",
      "i386", "i386/i386",
      "aarch64", "arm64/aarch64",
      "armv6", "arm/armv6",
      "armv7", "arm/armv7",
      "powerpc64", "powerpc/powerpc64",
      "powerpc64le", "powerpc/powerpc64le",
      "riscv64", "riscv/riscv64");

  /**
   * A release of FreeBSD on a site that is laid out as FreeBSD's own: base.txz and MANIFEST in
   * {@code releases/TARGET/TARGET_ARCH/RELEASE}, and in {@code snapshots} what is no release yet.
   *
   * @param mirror the site's address, which may end in a slash
   * @param release such as {@code 14.2-RELEASE}
   * @param arch as pkg calls it, such as {@code amd64} or {@code aarch64}
   */
  static Archive release(String mirror, String release, String arch, List<String> with) {
    if (!release.matches("[0-9]{1,3}\\.[0-9]{1,3}-[A-Z][A-Z0-9.-]{1,30}")) {
      throw new IllegalArgumentException("\"" + BaseText.shown(release)
          + "\" is no release of FreeBSD; 14.2-RELEASE is, uname -r says it");
    }
    String folder = ARCHES.get(arch);
    if (folder == null) {
      throw new IllegalArgumentException("\"" + BaseText.shown(arch)
          + "\" is no processor that FreeBSD is released for; amd64 and aarch64 are");
    }
    if (!mirror.matches("https?://[^/\\s?#@]+[^\\s?#@]*")) {
      throw new IllegalArgumentException("the mirror " + BaseText.shown(mirror)
          + " cannot be used; give an address that begins with https:// or http://");
    }
    String kind =
        release.matches(".*-(CURRENT|STABLE|PRERELEASE|ALPHA[0-9]*)") ? "snapshots" : "releases";
    String site = mirror.replaceFirst("/+$", "");
    return new Archive(
        site + "/" + kind + "/" + folder + "/" + release + "/base.txz", with, Optional.empty());
  }
}
