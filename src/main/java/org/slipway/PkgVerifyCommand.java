package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.PackageFile;
import org.slipway.packages.PackageFinding;
import org.slipway.packages.PackageLimits;
import org.slipway.packages.PackageName;
import org.slipway.packages.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Compares package files with the manifests in them. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares every file of a package with its manifest.",
      "Sums, links, owners, modes, flags and sizes, and the two manifests with each",
      "other. Exit status 1 when something is not as it should be."
    })
final class PkgVerifyCommand implements Callable<Integer> {
  @ParentCommand
  private @Nullable PkgCommand pkg;

  @Option(names = "--json", description = "a JSON object a file")
  private boolean json;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "package files")
  private List<Path> packages = List.of();

  @Override
  public Integer call() throws IOException {
    PrintStream out = Objects.requireNonNull(pkg).out();
    int unsound = 0;
    try {
      for (Path file : packages) {
        Verification found = PackageFile.verify(file, PackageLimits.DEFAULT);
        unsound += found.sound() ? 0 : 1;
        if (json) {
          new PkgJson(out).verification(file, found);
        } else {
          print(file, found, out);
        }
      }
      if (packages.size() > 1 && !json) {
        out.println(packages.size() + " packages, "
            + (unsound == 0 ? "all sound" : unsound + " of them not sound"));
      }
    } finally {
      out.flush();
    }
    return unsound == 0 ? 0 : 1;
  }

  private static void print(Path file, Verification found, PrintStream out) {
    String name = found.name().map(PackageName::toString).orElse(file.toString());
    if (found.sound()) {
      Wrapped.print(
          out,
          name + " is sound: " + found.files() + (found.files() == 1 ? " file, " : " files, ")
              + found.bytes() + " bytes as listed");
      return;
    }
    int count = found.findings().size();
    Wrapped.print(
        out, name + " is not sound, " + count + (count == 1 ? " finding:" : " findings:"));
    for (PackageFinding finding : found.findings()) {
      Wrapped.print(out, "  " + finding);
    }
  }
}
