package org.slipway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.repository.Finding;
import org.slipway.repository.RepositoryFiles;
import org.slipway.repository.RepositoryVerifier;
import org.slipway.repository.Trust;
import org.slipway.sign.VerifyingKey;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks any repository, of a folder or behind an address. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Checks a repository: signatures, both catalogues, every package's file, what packages need.",
      "Exit status 1 where something is wrong."
    })
final class RepoVerifyCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Parameters(paramLabel = "URL|DIR", description = "as a client's url: names it, or its folder")
  private String where = "";

  /** What a client would believe. */
  static final class Believed {
    @Option(
        names = "--fingerprints",
        paramLabel = "DIR",
        description = "a folder with trusted/, as clients' fingerprints: names it")
    private @Nullable Path fingerprints;

    @Option(names = "--pubkey", paramLabel = "FILE", description = "the public key")
    private @Nullable Path key;

    @Option(names = "--unsigned", description = "do not look at signatures")
    private boolean unsigned;
  }

  @ArgGroup(multiplicity = "1")
  private @Nullable Believed believed;

  @Option(names = "--json", description = "what was found as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Trust trust = trust(Objects.requireNonNull(believed));
    PrintStream out = Main.out();
    RepoProgress progress = new RepoProgress(out, Main.terminal() && !json);
    RepositoryVerifier.Verified verified;
    try {
      verified = new RepositoryVerifier(files(), trust, progress).verify();
    } finally {
      progress.wipe();
    }
    if (json) {
      out.println(json(verified));
    } else {
      verified.findings().forEach(finding -> out.println(shown(finding)));
      out.printf(
          Locale.ROOT,
          "%,d packages, %,d MB: %s%n",
          verified.packages(),
          verified.bytes() / 1_000_000,
          verified.sound()
              ? "all is as a client expects it"
              : String.format(Locale.ROOT, "%,d findings", verified.findings().size()));
    }
    out.flush();
    return verified.sound() ? 0 : 1;
  }

  private static Trust trust(Believed believed) throws IOException {
    if (believed.fingerprints != null) {
      return Trust.fingerprints(believed.fingerprints);
    }
    if (believed.key != null) {
      return new Trust.PublicKey(VerifyingKey.read(believed.key));
    } else if (believed.unsigned) {
      return new Trust.Nobody();
    }
    throw new IllegalStateException("one of the three is required");
  }

  private RepositoryFiles files() throws IOException {
    String address = where.startsWith("pkg+") ? where.substring(4) : where;
    if (address.matches("(?i)https?://.*")) {
      try {
        return RepositoryFiles.of(new URI(address));
      } catch (java.net.URISyntaxException e) {
        throw new CommandLine.ParameterException(
            Objects.requireNonNull(spec).commandLine(), where + " is no address");
      }
    }
    Path folder = Path.of(address.startsWith("file://") ? address.substring(7) : address);
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder, and no address that begins with http");
    }
    return RepositoryFiles.of(folder);
  }

  /** Without control characters, which a stranger's catalogue could move a cursor with. */
  private static String shown(Finding finding) {
    StringBuilder clean = new StringBuilder();
    finding
        .toString()
        .codePoints()
        .forEach(point -> clean.appendCodePoint(Character.isISOControl(point) ? '?' : point));
    return clean.toString();
  }

  private static String json(RepositoryVerifier.Verified verified) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.put("sound", verified.sound());
    node.put("packages", verified.packages());
    node.put("bytes", verified.bytes());
    ObjectNode abis = node.putObject("abis");
    new TreeMap<>(verified.abis()).forEach(abis::put);
    for (Finding finding : verified.findings()) {
      node.withArray("findings")
          .addObject()
          .put("where", finding.where())
          .put("message", finding.message());
    }
    return mapper.writeValueAsString(node);
  }
}
