package org.slipway;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.sign.KeyMaker;
import org.slipway.sign.KeyType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a key; never in the place of another. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a signing key.",
      "Writes NAME.pem (mode 0600), NAME.pub and fingerprints/trusted/NAME, and never",
      "in the place of another file."
    })
final class KeyGenerateCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "where the files go; HOME/keys for a farm's key")
  private Path out = Path.of("");

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = {
        "rsa, which every client reads, or ecdsa (secp256k1), for pkg 1.21 and later"
            + " (default: ${DEFAULT-VALUE})"
      })
  private String type = "rsa";

  @Option(
      names = "--bits",
      paramLabel = "N",
      description = "of an RSA key, 2048 to 8192 (default: 2048, as pkg key makes)")
  private @Nullable Integer bits;

  @Mixin
  private PassphraseOptions passphrase = new PassphraseOptions();

  @Option(names = "--json", description = "what was made as one JSON object")
  private boolean json;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "the key's name (default: ${DEFAULT-VALUE})")
  private String name = "key";

  @Override
  public Integer call() throws IOException {
    KeyType asked = type();
    int length = bits == null ? KeyMaker.DEFAULT_BITS : bits;
    if (bits != null && asked != KeyType.RSA) {
      throw wrong("--bits is for rsa; an ecdsa key is on secp256k1");
    }
    if (length < 2048 || length > 8192) {
      throw wrong("--bits " + length + " is no length of an RSA key; give 2048 to 8192");
    }
    KeyMaker.Made made = KeyMaker.make(out, name, asked, length, passphrase.passphrase());
    PrintWriter to = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      KeyJson.write(name, made.key(), made.pem(), to);
    } else {
      to.println("private key  " + made.pem());
      to.println("public key   " + made.pub());
      to.println("for clients  " + made.fingerprint());
      to.println("fingerprint  " + made.key().fingerprint());
    }
    to.flush();
    return 0;
  }

  private KeyType type() {
    return Arrays.stream(KeyType.values())
        .filter(each -> each.word().equals(type.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> wrong("--type " + type + " is no kind of key; give rsa or ecdsa"));
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
