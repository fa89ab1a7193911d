package org.slipway;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.repository.RepositoryFiles;
import org.slipway.repository.RepositoryReader;
import org.slipway.repository.Trust;
import org.slipway.sign.VerifyingKey;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command is told that builds ports of a folder without a farm. */
final class TrialOptions {
  @Mixin
  private EvaluationOptions evaluation = new EvaluationOptions();

  @Option(
      names = "--options",
      paramLabel = "[ORIGIN:]WORDS",
      description = {
        "options of a port, such as +NLS,-DOCS or www/esker:-STRICT (default: of the ports"
            + " named on the command line); several"
      })
  private List<String> options = new ArrayList<>();

  @Option(
      names = "--make",
      paramLabel = "LINE",
      description = "a line for make.conf, such as WITH_DEBUG=yes; several")
  private List<String> make = new ArrayList<>();

  @Option(
      names = "--repository",
      paramLabel = "URL|DIR",
      description = "where packages that the port needs are taken from where they fit")
  private @Nullable String repository;

  /** What the repository is believed by. */
  static final class Believed {
    @Option(
        names = "--fingerprints",
        paramLabel = "DIR",
        description = "of the repository's keys: a folder with trusted/")
    private @Nullable Path fingerprints;

    @Option(
        names = {"--pubkey", "--key"},
        paramLabel = "FILE",
        description = "the repository's public key")
    private @Nullable Path key;

    @Option(names = "--unsigned", description = "do not look at the repository's signatures")
    private boolean unsigned;
  }

  @ArgGroup(multiplicity = "0..1")
  private @Nullable Believed believed;

  @Option(
      names = "--distfiles",
      paramLabel = "DIR",
      description = "where distfiles are looked for and kept (default: the user's cache)")
  private @Nullable Path distfiles;

  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description = "where distfiles are fetched from first")
  private @Nullable String mirror;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "how many jobs a build may run at once (default: this host's processors)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--builds",
      paramLabel = "N",
      description = {
        "how many packages that are needed are built at once; they share the jobs (default: as"
            + " many)"
      })
  private @Nullable Integer builds;

  EvaluationOptions evaluation() {
    return evaluation;
  }

  Optional<Path> distfiles() {
    return Optional.ofNullable(distfiles).map(path -> path.toAbsolutePath().normalize());
  }

  /** @throws IOException where the folder that is named is none */
  Optional<Path> checkedDistfiles() throws IOException {
    if (distfiles != null && !Files.isDirectory(distfiles)) {
      throw new IOException("there is no folder " + distfiles + " with distfiles");
    }
    return distfiles();
  }

  int jobs() {
    if (jobs < 1) {
      throw evaluation.wrong("--jobs " + jobs + " builds nothing; give at least 1");
    }
    return jobs;
  }

  int builds() {
    if (builds != null && builds < 1) {
      throw evaluation.wrong("--builds " + builds + " builds nothing; give at least 1");
    }
    return builds == null ? jobs() : builds;
  }

  Optional<URI> mirror() {
    try {
      return Optional.ofNullable(mirror).map(Form.WEB_ADDRESS::read);
    } catch (IllegalArgumentException e) {
      throw evaluation.wrong(
          "--mirror " + mirror + " is no address; it starts with http:// or https://");
    }
  }

  /** The repository's name, where there is one. */
  Optional<String> repository() {
    return Optional.ofNullable(repository);
  }

  /** Reads of the repository; to be asked for only where there is one. */
  RepositoryReader reader() throws IOException {
    Trust trust = trust();
    String where = repository == null ? "" : repository;
    String address = where.startsWith("pkg+") ? where.substring(4) : where;
    if (address.matches("(?i)https?://.*")) {
      try {
        return new RepositoryReader(RepositoryFiles.of(new URI(address)), trust);
      } catch (URISyntaxException e) {
        throw evaluation.wrong("--repository " + where + " is no address");
      }
    }
    Path folder = Path.of(address.startsWith("file://") ? address.substring(7) : address);
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder, and no address that begins with http;"
          + " --repository names one of the two");
    }
    return new RepositoryReader(RepositoryFiles.of(folder), trust);
  }

  private Trust trust() throws IOException {
    if (believed == null) {
      throw evaluation.wrong("by what is the repository believed? Give --fingerprints DIR,"
          + " --pubkey FILE, or --unsigned");
    } else if (believed.fingerprints != null) {
      return Trust.fingerprints(believed.fingerprints);
    } else if (believed.key != null) {
      return new Trust.PublicKey(VerifyingKey.read(believed.key));
    } else if (believed.unsigned) {
      return new Trust.Nobody();
    }
    throw new IllegalStateException("one of the three was given");
  }

  /** Tells the evaluation what was said of options and make lines, and looks at the tree's word. */
  void begin(List<String> ports) {
    if (TreeSurvey.isAddress(evaluation.tree())) {
      throw evaluation.wrong("--tree " + evaluation.tree() + " is an address, and a port is built"
          + " here as it stands in a folder; clone the tree, and name its folder");
    }
    if (repository == null && believed != null) {
      throw evaluation.wrong("which repository is to be believed? Give --repository URL|DIR");
    }
    if (repository != null && believed == null) {
      throw evaluation.wrong("by what is the repository believed? Give --fingerprints DIR,"
          + " --pubkey FILE, or --unsigned");
    }
    Map<Origin, Map<String, Boolean>> all = new HashMap<>();
    for (String word : options) {
      int colon = word.indexOf(':');
      List<String> origins = colon < 0 ? ports : List.of(word.substring(0, colon));
      for (String origin : origins) {
        all.computeIfAbsent(origin(origin), any -> new TreeMap<>())
            .putAll(switches(word.substring(colon + 1)));
      }
    }
    for (String line : make) {
      if (line.chars().anyMatch(c -> c == '\n' || c == '\r' || c == '\0')) {
        throw evaluation.wrong("--make takes one line; give it several times for several");
      }
    }
    evaluation.add(all, make.isEmpty() ? "" : String.join("\n", make) + "\n");
  }

  private Origin origin(String word) {
    try {
      return OriginSpec.parse(word).origin();
    } catch (IllegalArgumentException e) {
      throw evaluation.wrong(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, Boolean> switches(String words) {
    Map<String, Boolean> switches = new TreeMap<>();
    for (String word : words.split("[, ]+", -1)) {
      if (!word.matches("[+-][A-Za-z0-9_]{1,64}")) {
        throw evaluation.wrong(
            Quoted.of(word) + " switches no option; write +NAME for on and -NAME for off");
      }
      switches.put(word.substring(1), word.charAt(0) == '+');
    }
    return switches;
  }
}
