package org.slipway;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.jail.BaseName;
import org.slipway.jail.BaseSource;
import org.slipway.jail.KeptBase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a base from a release, an archive, a folder, or a program that makes a Debian system. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a base; until it is whole, nothing stands under its name.",
      "  --release 14.2-RELEASE [--arch amd64]      fetched from FreeBSD, or --mirror",
      "  --from base.txz                            a file or an address",
      "  --from DIR                                 a folder, which is copied",
      "  --from mmdebstrap --suite bookworm         a Debian system, made now",
      "  --from host                                a name for this host's own system"
    })
final class BaseCreateCommand implements Callable<Integer> {
  @Mixin
  private BaseOptions options = new BaseOptions();

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description = "a file, a folder, an address, mmdebstrap, debootstrap or host")
  private @Nullable String from;

  @Option(
      names = "--release",
      paramLabel = "RELEASE",
      description = "of FreeBSD, such as 14.2-RELEASE, instead of --from")
  private @Nullable String release;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      description = "of the release, as pkg calls it (default: amd64)")
  private @Nullable String arch;

  @Option(
      names = "--mirror",
      paramLabel = "ADDRESS",
      description = "of releases (default: https://download.freebsd.org), or of Debian")
  private @Nullable String mirror;

  @Option(
      names = "--with",
      paramLabel = "PART",
      split = ",",
      description = "further parts of a release, such as lib32,src")
  private List<String> with = List.of();

  @Option(
      names = "--sha256",
      paramLabel = "SUM",
      description = "what the archive's sum must be (default: MANIFEST beside it says)")
  private @Nullable String sha256;

  @Option(names = "--suite", paramLabel = "SUITE", description = "of Debian, such as bookworm")
  private @Nullable String suite;

  @Option(
      names = "--packages",
      paramLabel = "NAME",
      split = ",",
      description = "of Debian, beside the essential ones (default: what ports need to be built)")
  private @Nullable List<String> packages;

  @Option(names = "--json", description = "what was made as one JSON object")
  private boolean json;

  @Parameters(paramLabel = "NAME", description = "what the base is to be called")
  private String name = "";

  @Override
  public Integer call() throws IOException {
    BaseName asked = options.name(name);
    BaseSource source = source();
    PrintWriter out = options.out();
    BaseProgressLine progress = new BaseProgressLine(out, Main.terminal() && !json, json);
    KeptBase base;
    try {
      base = options.bases().create(asked, source, progress);
    } finally {
      progress.wipe();
    }
    if (json) {
      BaseJson.write(base, List.of(), Optional.empty(), out);
    } else {
      progress.remarks().forEach(each -> out.println("note: " + each));
      BaseText.made(base, out);
    }
    out.flush();
    return 0;
  }

  private BaseSource source() {
    if ((from == null) == (release == null)) {
      throw options.wrong("where from? give --release RELEASE or --from SOURCE");
    }
    try {
      if (release != null) {
        refuse("--release", sha256 != null, "--sha256");
        refuse("--release", suite != null || packages != null, "--suite or --packages");
        return BaseSource.release(
            mirror == null ? BaseSource.FREEBSD : mirror,
            release,
            arch == null ? "amd64" : arch,
            with);
      }
      return source(String.valueOf(from));
    } catch (IllegalArgumentException e) {
      throw options.wrong(String.valueOf(e.getMessage()));
    }
  }

  private BaseSource source(String word) {
    refuse("--from", arch != null, "--arch");
    Optional<BaseSource.Debian.Tool> tool = tool(word);
    if (tool.isPresent()) {
      refuse("--from " + word, sha256 != null || !with.isEmpty(), "--sha256 or --with");
      if (suite == null) {
        throw options.wrong("which suite of Debian? give --suite, such as --suite bookworm");
      }
      return new BaseSource.Debian(
          tool.get(),
          suite,
          Optional.ofNullable(mirror).map(URI::create),
          packages == null
              ? BaseSource.Debian.BUILD_TOOLS
              : packages.stream().filter(each -> !each.isEmpty()).toList());
    }
    refuse(
        "--from " + word,
        mirror != null || suite != null || packages != null,
        "--mirror, --suite or --packages");
    boolean plain = sha256 == null && with.isEmpty();
    if (word.equals(BaseName.HOST)) {
      refuse("--from host", !plain, "--sha256 or --with");
      return new BaseSource.Host();
    }
    if (!word.matches("(?i)https?://.*") && Files.isDirectory(Path.of(word))) {
      Path folder = Path.of(word).toAbsolutePath().normalize();
      boolean distributions =
          Files.isRegularFile(folder.resolve("base.txz")) && !Files.exists(folder.resolve("bin"));
      if (!distributions) {
        refuse("a folder", !plain, "--sha256 or --with");
        return new BaseSource.Folder(folder);
      }
      word = folder.resolve("base.txz").toString();
    }
    String place = word.matches("(?i)https?://.*")
        ? word
        : Path.of(word).toAbsolutePath().normalize().toString();
    return new BaseSource.Archive(
        place, with, Optional.ofNullable(sha256).map(each -> each.toLowerCase(Locale.ROOT)));
  }

  private static Optional<BaseSource.Debian.Tool> tool(String word) {
    return List.of(BaseSource.Debian.Tool.values()).stream()
        .filter(each -> each.program().equals(word))
        .findFirst();
  }

  private void refuse(String what, boolean given, String others) {
    if (given) {
      throw options.wrong(what + " takes no " + others);
    }
  }
}
