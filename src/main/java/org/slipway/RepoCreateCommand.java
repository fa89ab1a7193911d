package org.slipway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.jail.HostProgram;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.repository.CatalogueHead;
import org.slipway.repository.Closure;
import org.slipway.repository.FolderRepository;
import org.slipway.repository.Layout;
import org.slipway.repository.Terms;
import org.slipway.sign.Passphrase;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a repository of any folder of packages. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a repository of a folder of packages, in its place.",
      "Packages may be anywhere below it, of any compression. From the second time on only new and"
          + " changed ones are read."
    })
final class RepoCreateCommand implements Callable<Integer> {
  /** A person who confirms on a hardware token needs a moment. */
  private static final Duration SIGNING_TIME = Duration.ofSeconds(30);

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "the folder, which clients' URL will name")
  private Path folder = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "a private key that signs; several while clients go over from one to another")
  private List<Path> keys = new ArrayList<>();

  @Option(
      names = "--sign-command",
      paramLabel = "COMMAND",
      description = {
        "a program with arguments, blanks between them, that has a key and signs as pkg repo's"
            + " signing_command does; several",
        "No shell reads it. In the form pubkey it needs an RSA key."
      })
  private List<String> commands = new ArrayList<>();

  @Option(
      names = "--sign-time",
      paramLabel = "DURATION",
      description = "how long the program may take for a signature (default: 30s)")
  private @Nullable String time;

  /** The two places of a passphrase. */
  static final class Secret {
    @Option(names = "--passphrase-file", paramLabel = "FILE", description = "the keys' passphrase")
    private @Nullable Path file;

    @Option(
        names = "--passphrase-env",
        paramLabel = "NAME",
        description = "the environment variable with the keys' passphrase")
    private @Nullable String variable;

    private Passphrase passphrase() {
      return file != null
          ? Passphrase.file(file)
          : Passphrase.environment(Objects.requireNonNull(variable));
    }
  }

  @ArgGroup
  private @Nullable Secret secret;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      description = "fingerprints or pubkey, as clients have it (default: fingerprints)")
  private @Nullable String form;

  @Option(names = "--unsigned", description = "sign with no key")
  private boolean unsigned;

  @Option(
      names = "--hash",
      description = "keep packages as Hashed/NAME-VERSION~SUM.pkg with links to them")
  private boolean hash;

  @Option(
      names = "--groups",
      paramLabel = "DIR",
      description = "*.ucl files of package groups for the catalogue, as for pkg repo -g")
  private @Nullable Path groups;

  @Option(
      names = "--expired",
      paramLabel = "DIR",
      description = "*.ucl files of expired packages, each with name, reason and replaced_by")
  private @Nullable Path expired;

  @Option(
      names = "--files",
      description = "write the files catalogue too, for pkg rwhich of 2.8 and later")
  private boolean files;

  @Option(
      names = "--abi",
      paramLabel = "OS:VERSION:ARCH",
      description = "what the clients are (default: what most packages say)")
  private @Nullable String abi;

  @Option(
      names = "--osversion",
      paramLabel = "N",
      description = "the clients' OSVERSION, such as 1402000; newer packages are refused")
  private @Nullable Integer osVersion;

  @Option(names = "--allow-missing", description = "packages may need others that are not there")
  private boolean allowMissing;

  @Option(names = "--json", description = "what was made as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Terms terms = terms();
    Signing signing = signing();
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder; name the one that holds the packages");
    }
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + " is not yours to write in; the catalogue goes there");
    }
    CatalogueHead head =
        CatalogueHead.read(Optional.ofNullable(groups), Optional.ofNullable(expired));
    PrintStream out = Main.out();
    RepoProgress progress = new RepoProgress(out, Main.terminal() && !json);
    long start = System.nanoTime();
    FolderRepository.Created created;
    try {
      created = new FolderRepository(folder, signing, terms, head).create(progress);
    } finally {
      progress.wipe();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (json) {
      out.println(json(created, signing));
    } else {
      tell(out, created, signing, took);
    }
    out.flush();
    return 0;
  }

  private Terms terms() {
    return new Terms(
        Optional.ofNullable(abi).map(this::parse),
        osVersion == null ? OptionalInt.empty() : OptionalInt.of(osVersion),
        hash ? Layout.HASHED : Layout.FLAT,
        allowMissing ? Closure.MISSING_ALLOWED : Closure.REQUIRED,
        files);
  }

  private Abi parse(String text) {
    try {
      return Abi.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private Signing signing() throws IOException {
    boolean signed = !keys.isEmpty() || !commands.isEmpty();
    if (unsigned == signed) {
      throw wrong(
          unsigned
              ? "--unsigned and " + (keys.isEmpty() ? "--sign-command" : "--key")
                  + " exclude each other"
              : "who signs? Give --key FILE, or --sign-command COMMAND, or --unsigned for a"
                  + " repository that nobody signs");
    }
    if (time != null && commands.isEmpty()) {
      throw wrong("--sign-time is for --sign-command");
    }
    Signing.Form wanted = Signing.Form.UNSIGNED;
    if (!unsigned) {
      wanted = switch (form == null ? "fingerprints" : form.toLowerCase(Locale.ROOT)) {
        case "fingerprints" -> Signing.Form.FINGERPRINTS;
        case "pubkey" -> Signing.Form.PUBKEY;
        default -> throw wrong("--form " + form + " is none; give fingerprints or pubkey");
      };
    } else if (form != null) {
      throw wrong("--form says how keys sign, and --unsigned that none does");
    }
    Passphrase passphrase = secret == null ? Passphrase.none() : secret.passphrase();
    List<Signer> signers = new ArrayList<>();
    for (Path key : keys) {
      signers.add(Signer.read(key, passphrase));
    }
    for (String command : commands) {
      signers.add(Signer.command(words(command), time(), HostProgram::run));
    }
    return Signing.of(wanted, signers);
  }

  private List<String> words(String command) {
    if (command.isBlank() || command.matches("(?s).*[\"'`$|;&<>\\\\\\p{Cntrl}].*")) {
      throw wrong("--sign-command is a program and its arguments, which no shell reads; write a"
          + " script for what needs more than words");
    }
    return List.of(command.strip().split(" +"));
  }

  private Duration time() {
    try {
      return time == null ? SIGNING_TIME : Form.DURATION.read(time);
    } catch (IllegalArgumentException e) {
      throw wrong("--sign-time " + time + " is none; give " + Form.DURATION.expected());
    }
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  private void tell(
      PrintStream out, FolderRepository.Created created, Signing signing, Duration took) {
    out.println(grouped(created.packages()) + " packages for " + created.abi() + ", "
        + grouped(created.read()) + " of them read, in " + time(took));
    created.links().stream()
        .limit(10)
        .forEach(link -> out.println("passed over, it is a link to outside the folder: " + link));
    switch (signing.form()) {
      case UNSIGNED -> out.println("unsigned; clients need signature_type: \"none\"");
      case PUBKEY -> out.println("signed; clients need signature_type: \"pubkey\" and the key");
      case FINGERPRINTS -> {
        out.println("signed; clients need signature_type: \"fingerprints\" and in trusted/ one of");
        signing.fingerprints().forEach(each -> out.println("  " + each));
      }
    }
  }

  /** With commas. Java's own formatting would read so much for it that it shows in the time. */
  private static String grouped(int number) {
    StringBuilder digits = new StringBuilder(Integer.toString(number));
    for (int at = digits.length() - 3; at > 0; at -= 3) {
      digits.insert(at, ',');
    }
    return digits.toString();
  }

  private static String time(Duration took) {
    if (took.toSeconds() >= 10) {
      return EvaluationProgress.time(took);
    }
    long tenths = (took.toMillis() + 50) / 100;
    return tenths / 10 + "." + tenths % 10 + " s";
  }

  private static String json(FolderRepository.Created created, Signing signing) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.put("packages", created.packages());
    node.put("read", created.read());
    node.put("abi", created.abi().toString());
    node.put("stamp", created.stamp().toString());
    node.put("form", signing.form().name().toLowerCase(Locale.ROOT));
    signing.fingerprints().stream().map(Digest::hex).forEach(node.withArray("keys")::add);
    created.links().forEach(node.withArray("links")::add);
    return mapper.writeValueAsString(node);
  }
}
