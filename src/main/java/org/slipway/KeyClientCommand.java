package org.slipway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.sign.KeyType;
import org.slipway.sign.Signing;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a pkg client has to be given to trust a repository that a key signs. */
@Command(
    name = "client",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints or writes the files that make a pkg client trust a key.",
      "Several keys are trusted at once while one replaces another."
    })
final class KeyClientCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Mixin
  private KeyChoice choice = new KeyChoice();

  @Option(
      names = "--url",
      paramLabel = "URL",
      required = true,
      description = "the repository's address, as clients reach it")
  private String url = "";

  @Option(
      names = "--repository",
      paramLabel = "NAME",
      description = "its name on the client (default: ${DEFAULT-VALUE})")
  private String repository = "slipway";

  @Option(
      names = "--form",
      paramLabel = "FORM",
      description = "fingerprints or pubkey (default: ${DEFAULT-VALUE})")
  private String form = "fingerprints";

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "pkg's configuration on the client (default: ${DEFAULT-VALUE})")
  private Path folder = Path.of("/usr/local/etc/pkg");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "write the files below this folder instead, to be copied there")
  private @Nullable Path out;

  @Option(names = "--json", description = "as one JSON object, by their paths")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!repository.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw choice.wrong("--repository takes letters, digits, dots, - and _");
    }
    if (!url.matches("[A-Za-z][A-Za-z0-9+.-]*:[\\x21-\\x7e]+")) {
      throw choice.wrong("--url " + Quoted.of(url) + " is no address");
    }
    List<KeyChoice.Chosen> keys = choice.keys();
    if (new HashSet<>(keys.stream().map(KeyChoice.Chosen::name).toList()).size() < keys.size()) {
      throw choice.wrong("two keys have one name; a client could keep only one of them");
    }
    ClientFiles files = new ClientFiles(repository, url, folder, form(keys), keys);
    PrintWriter to = Objects.requireNonNull(spec).commandLine().getOut();
    if (out != null) {
      files.write(out);
    }
    if (json) {
      json(files, to);
    } else if (out != null) {
      files.files().keySet().forEach(name -> to.println(out.resolve(name)));
    } else {
      print(files, keys, to);
    }
    to.flush();
    return 0;
  }

  private Signing.Form form(List<KeyChoice.Chosen> keys) {
    if (form.equals("fingerprints")) {
      return Signing.Form.FINGERPRINTS;
    }
    if (!form.equals("pubkey")) {
      throw choice.wrong("--form " + form + " is unknown; give fingerprints or pubkey");
    }
    if (keys.size() > 1) {
      throw choice.wrong("a client has one key in the form pubkey; use fingerprints for several");
    }
    return Signing.Form.PUBKEY;
  }

  private void print(ClientFiles files, List<KeyChoice.Chosen> keys, PrintWriter to) {
    String between = "";
    for (Map.Entry<String, byte[]> each : files.files().entrySet()) {
      to.println(between + "# " + folder.resolve(each.getKey()));
      if (each.getKey().endsWith(".pub") && keys.get(0).key().type() == KeyType.ECDSA) {
        to.println("# Not a text: have it written with --out DIR.");
      } else {
        to.print(new String(each.getValue(), StandardCharsets.UTF_8));
      }
      between = System.lineSeparator();
    }
  }

  /** {@code files}: objects with {@code path} and {@code base64}. */
  private void json(ClientFiles files, PrintWriter to) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator write = new JsonFactory().createGenerator(text)) {
      write.writeStartObject();
      write.writeStringField("repository", repository);
      write.writeArrayFieldStart("files");
      for (Map.Entry<String, byte[]> each : files.files().entrySet()) {
        write.writeStartObject();
        write.writeStringField("path", folder.resolve(each.getKey()).toString());
        write.writeStringField("base64", Base64.getEncoder().encodeToString(each.getValue()));
        write.writeEndObject();
      }
      write.writeEndArray();
      write.writeEndObject();
    }
    to.println(text);
  }
}
