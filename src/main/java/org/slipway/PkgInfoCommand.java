package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.ListedPath;
import org.slipway.packages.Manifest;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows what package files say of themselves. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows what package files say of themselves; their bytes are not compared.")
final class PkgInfoCommand implements Callable<Integer> {
  private static final int LABEL_COLUMNS = 14;
  private static final int COLUMNS = 79;

  @ParentCommand
  private @Nullable PkgCommand pkg;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = {"-l", "--list-files"},
      description = "the files, one a line")
  private boolean files;

  @Option(
      names = {"-d", "--dependencies"},
      description = "the packages that it depends on, one a line")
  private boolean dependencies;

  @Option(
      names = {"-R", "--raw"},
      description = "the compact manifest as it is in the file")
  private boolean raw;

  @Option(names = "--json", description = "everything, a JSON object a file")
  private boolean json;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "package files")
  private List<Path> packages = List.of();

  @Override
  public Integer call() throws IOException {
    int forms = (files ? 1 : 0) + (dependencies ? 1 : 0) + (raw ? 1 : 0) + (json ? 1 : 0);
    if (forms > 1) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "-l, -d, -R and --json are four forms; give one of them");
    }
    PrintStream out = Objects.requireNonNull(pkg).out();
    try {
      for (Path file : packages) {
        show(file, out);
      }
    } catch (PackageException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      out.flush();
    }
    return 0;
  }

  private void show(Path file, PrintStream out) throws IOException, PackageException {
    if (raw) {
      String text = PackageFile.compactManifest(file);
      out.println(Main.terminal() ? Quoted.printable(text) : text);
      return;
    }
    PackageFile archive = PackageFile.open(file);
    if (json) {
      new PkgJson(out).info(file, archive);
    } else if (files) {
      archive.listed().forEach(listed -> out.println(Quoted.printable(listed.path())));
      archive.directories().forEach(listed -> out.println(Quoted.printable(listed.path()) + "/"));
    } else if (dependencies) {
      archive
          .manifest()
          .deps()
          .forEach((name, dependency) -> out.println(name + "-" + dependency.version()));
    } else {
      print(archive, Files.size(file), out);
    }
  }

  private void print(PackageFile archive, long sizeBytes, PrintStream out) {
    Manifest manifest = archive.manifest();
    out.println(manifest.name());
    field(out, "comment", manifest.comment());
    field(out, "origin", manifest.origin().toString());
    field(out, "abi", manifest.abi().toString());
    field(out, "prefix", manifest.prefix());
    field(out, "categories", String.join(", ", manifest.categories()));
    field(out, "licenses", String.join(", ", manifest.licenses()));
    field(out, "maintainer", manifest.maintainer());
    field(out, "www", manifest.www());
    field(out, "options", words(manifest.options(), true) + words(manifest.options(), false));
    field(out, "needs", String.join(", ", needs(manifest)));
    field(out, "libraries", String.join(", ", manifest.shlibsRequired()));
    field(out, "provides", String.join(", ", manifest.shlibsProvided()));
    field(out, "users", String.join(", ", manifest.users()));
    field(out, "groups", String.join(", ", manifest.groups()));
    manifest.annotations().forEach((name, value) -> field(out, "annotation", name + ": " + value));
    field(out, "scripts", String.join(", ", archive.scripts().keySet()));
    field(out, "holds", holds(archive));
    field(
        out,
        "size",
        sizeBytes + " bytes packed"
            + (archive.flatSizeBytes().isPresent()
                ? ", " + archive.flatSizeBytes().getAsLong() + " installed"
                : ""));
    out.println();
    manifest.desc().strip().lines().forEach(line -> Wrapped.print(out, "  " + line));
    out.println();
  }

  private static List<String> needs(Manifest manifest) {
    return manifest.deps().entrySet().stream()
        .map(dependency -> dependency.getKey() + "-" + dependency.getValue().version())
        .toList();
  }

  private static String holds(PackageFile archive) {
    List<ListedPath> listed = archive.listed();
    long links = listed.stream().filter(file -> file.linkTarget().isPresent()).count();
    int directories = archive.directories().size();
    return listed.size()
        + (listed.size() == 1 ? " file" : " files")
        + (links > 0 ? ", symbolic links among them: " + links : "")
        + (directories > 0 ? ", directories of its own: " + directories : "");
  }

  private static String words(Map<String, Boolean> options, boolean on) {
    StringBuilder text = new StringBuilder();
    options.forEach((name, value) -> {
      if (value == on) {
        text.append(on ? "+" : "-").append(name).append(' ');
      }
    });
    return text.toString();
  }

  /** A label and its text, broken between words, further lines below the first word. */
  private static void field(PrintStream out, String label, String text) {
    StringBuilder line = new StringBuilder("  " + label);
    line.append(" ".repeat(Math.max(1, LABEL_COLUMNS - line.length())));
    boolean fresh = true;
    for (String word : Quoted.printable(text.strip()).split(" +", -1)) {
      if (word.isEmpty()) {
        return;
      }
      if (!fresh && line.length() + 1 + word.length() > COLUMNS) {
        out.println(line);
        line.setLength(0);
        line.append(" ".repeat(LABEL_COLUMNS));
        fresh = true;
      }
      line.append(fresh ? "" : " ").append(word);
      fresh = false;
    }
    out.println(line);
  }
}
