package org.slipway.graph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.evaluate.Unevaluable;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.tree.CommitId;

/**
 * An evaluation drawn as text, one port a line, {@code #} starts a comment:
 *
 * <pre>
 * app 2.1 -> libfoo(lib) tool perl(build run)  # version 2.1; without a kind it is a build one
 * libfoo -> zlib(lib) {CFLAGS=-O2 PREFIX=/opt} # variables; version 1.0 where none is written
 * tool [+TLS -DOCS] files=7                    # options; sources with the digest of "7"
 * py@py311                                     # a flavor
 * old ! is too old                             # ignored, with the reason
 * bad ? line 3: Missing operator               # unevaluable, with the message
 * </pre>
 *
 * A name without a category is in {@code x}: {@code app} is {@code x/app}. What is only depended
 * on and has no line is in no list: the tree does not have it. Every port is wanted unless {@link
 * #wanting} says which.
 */
public final class AsciiPorts {
  private static final Target TARGET =
      new Target(Abi.parse("Linux:3.2:x86_64"), new Base.Directory(Path.of("/base")), "base one");

  private final Map<OriginSpec, Port> ports = new TreeMap<>();
  private final List<Unevaluable> unevaluable = new ArrayList<>();
  private List<OriginSpec> wanted = List.of();
  private Target target = TARGET;

  private AsciiPorts() {}

  public static AsciiPorts draw(String text) {
    AsciiPorts drawn = new AsciiPorts();
    text.lines()
        .map(line -> line.replaceFirst("(^|\\s+)#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .forEach(drawn::line);
    List<OriginSpec> all = new ArrayList<>(new TreeSet<>(drawn.ports.keySet()));
    drawn.unevaluable.forEach(bad -> all.add(bad.spec()));
    drawn.wanted = all;
    return drawn;
  }

  /** The evaluation of a drawing in which everything is wanted. */
  public static Evaluation evaluation(String text) {
    return draw(text).evaluation();
  }

  public AsciiPorts wanting(String... names) {
    wanted = specs(names);
    return this;
  }

  public AsciiPorts onBase(String baseName) {
    target = new Target(TARGET.abi(), TARGET.base(), baseName);
    return this;
  }

  public Evaluation evaluation() {
    return new Evaluation(
        Optional.of(new CommitId("0".repeat(40))),
        target,
        wanted,
        new TreeMap<>(ports),
        unevaluable,
        List.of());
  }

  public static OriginSpec spec(String name) {
    return OriginSpec.parse(name.contains("/") ? name : "x/" + name);
  }

  public static List<OriginSpec> specs(String... names) {
    return Arrays.stream(names).map(AsciiPorts::spec).toList();
  }

  private void line(String line) {
    String[] refused = line.split(" [!?] ", 2);
    if (refused.length == 2) {
      OriginSpec spec = spec(refused[0].strip().split("\\s+", -1)[0]);
      if (line.contains(" ? ")) {
        unevaluable.add(new Unevaluable(spec, refused[1]));
      } else {
        ports.put(spec, port(refused[0], refused[1]));
      }
    } else {
      Port port = port(line, null);
      ports.put(port.spec(), port);
    }
  }

  private static Port port(String line, @Nullable String ignore) {
    Map<String, String> variables = new HashMap<>();
    Map<String, Boolean> options = new HashMap<>();
    String rest = take(line, "\\{(.*?)\\}", found -> {
      for (String pair : found.strip().split("\\s+", -1)) {
        variables.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
    });
    rest = take(rest, "\\[(.*?)\\]", found -> {
      for (String option : found.strip().split("\\s+", -1)) {
        options.put(option.substring(1), option.startsWith("+"));
      }
    });
    List<String> files = new ArrayList<>(List.of(""));
    rest = take(rest, "files=(\\S+)", found -> files.set(0, found));
    String[] sides = (rest + " ").split("->", 2);
    String[] words = sides[0].strip().split("\\s+", -1);
    OriginSpec spec = spec(words[0]);
    PackageName name = new PackageName(
        spec.origin().name() + spec.flavor().map(flavor -> "-" + flavor).orElse(""),
        words.length > 1 ? words[1] : "1.0");
    variables.put("PKGNAME", name.toString());
    return new Port(
        spec,
        name,
        spec.flavor().map(List::of).orElse(List.of()),
        sides.length > 1 ? dependencies(sides[1]) : List.of(),
        Optional.ofNullable(ignore),
        options,
        List.of(),
        variables,
        Digest.of(files.get(0)),
        List.of(spec.origin().toString()),
        List.of());
  }

  private static List<Dependency> dependencies(String text) {
    List<Dependency> dependencies = new ArrayList<>();
    var word = Pattern.compile("([^\\s(]+)(?:\\s*\\(([^)]*)\\))?").matcher(text);
    while (word.find()) {
      String kinds = word.group(2) == null ? "build" : word.group(2);
      for (String kind : kinds.strip().split("\\s+", -1)) {
        dependencies.add(new Dependency(
            DependencyKind.valueOf(kind.toUpperCase(Locale.ROOT)),
            word.group(1),
            spec(word.group(1))));
      }
    }
    return dependencies;
  }

  private static String take(String line, String pattern, Consumer<String> taker) {
    var found = Pattern.compile(pattern).matcher(line);
    if (!found.find()) {
      return line;
    }
    taker.accept(found.group(1));
    return line.substring(0, found.start()) + line.substring(found.end());
  }

  /** What a test reads easily: {@code x/app} is {@code app}. */
  public static String words(Iterable<OriginSpec> specs) {
    StringBuilder text = new StringBuilder();
    specs.forEach(spec ->
        text.append(text.isEmpty() ? "" : " ").append(spec.toString().replaceFirst("^x/", "")));
    return text.toString();
  }
}
