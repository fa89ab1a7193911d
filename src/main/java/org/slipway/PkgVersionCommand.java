package org.slipway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.NamePattern;
import org.slipway.packages.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Answers as {@code pkg version -t} and {@code -T} do. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares versions as pkg orders them, or matches names.",
      "-t prints <, = or > for two versions; without words it reads pairs from the",
      "standard input, a pair a line. -T ends with exit status 0 when a package's",
      "name fits a shell pattern, 1 when not."
    })
final class PkgVersionCommand implements Callable<Integer> {
  @ParentCommand
  private @Nullable PkgCommand pkg;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "-t", description = "compare V1 with V2")
  private boolean compare;

  @Option(names = "-T", description = "match NAME-VERSION with PATTERN")
  private boolean match;

  @Option(names = "--json", description = "a JSON object an answer")
  private boolean json;

  @Parameters(paramLabel = "WORD", description = "V1 V2, or NAME-VERSION PATTERN")
  private List<String> words = List.of();

  @Override
  public Integer call() throws IOException {
    if (compare == match) {
      throw wrong("-t or -T? Give one of them");
    }
    if (words.size() != 2 && !(compare && words.isEmpty())) {
      throw wrong(
          compare
              ? "-t takes two versions, or none to read pairs from the standard input"
              : "-T takes a package's name and a pattern");
    }
    PrintStream out = Objects.requireNonNull(pkg).out();
    try {
      if (match) {
        return match(out);
      }
      if (words.isEmpty()) {
        pairs(out);
      } else {
        answer(words.get(0), words.get(1), false, out);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    } finally {
      out.flush();
    }
  }

  private int match(PrintStream out) throws IOException {
    boolean fits = new NamePattern(words.get(1)).fits(words.get(0));
    if (json) {
      new PkgJson(out).line(line -> {
        line.writeStringField("name", words.get(0));
        line.writeStringField("pattern", words.get(1));
        line.writeBooleanField("fits", fits);
      });
    }
    return fits ? 0 : 1;
  }

  private void pairs(PrintStream out) throws IOException {
    BufferedReader in = new BufferedReader(
        new InputStreamReader(Objects.requireNonNull(pkg).in(), StandardCharsets.UTF_8));
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      String[] pair = line.strip().split("\\s+", -1);
      if (pair.length == 1 && pair[0].isEmpty()) {
        continue;
      }
      if (pair.length != 2) {
        throw new IOException("line " + number + " has " + pair.length
            + (pair.length == 1 ? " word" : " words") + "; two versions are a pair");
      }
      try {
        answer(pair[0], pair[1], true, out);
      } catch (IllegalArgumentException e) {
        throw new IOException("line " + number + ": " + e.getMessage(), e);
      }
    }
  }

  private void answer(String left, String right, boolean whole, PrintStream out)
      throws IOException {
    int order = new Version(left).compareTo(new Version(right));
    String sign = order < 0 ? "<" : order > 0 ? ">" : "=";
    if (json) {
      new PkgJson(out).line(line -> {
        line.writeStringField("left", left);
        line.writeStringField("order", sign);
        line.writeStringField("right", right);
      });
    } else {
      out.println(whole ? left + " " + sign + " " + right : sign);
    }
  }

  private CommandLine.ParameterException wrong(String sentence) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
  }
}
