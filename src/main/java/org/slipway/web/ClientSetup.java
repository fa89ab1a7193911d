package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.publish.ChannelName;
import org.slipway.schedule.Job;
import org.slipway.sign.Signing;

/**
 * What a pkg client needs to use a channel (pkg.conf(5), REPOSITORY CONFIGURATION).
 *
 * @param repository the name that the client knows it by
 * @param configuration the file for {@code /usr/local/etc/pkg/repos}
 * @param keys that sign; none for a repository that nobody signs
 * @param commands for a shell on the client, in order
 */
record ClientSetup(
    String repository,
    String url,
    String configuration,
    String configurationUrl,
    List<Key> keys,
    String commands) {
  private static final Pattern KEY_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern FINGERPRINT =
      Pattern.compile("fingerprint\"?\\s*[:=]?\\s*\"?([0-9a-f]{64})\\b");
  private static final long LARGEST = 65_536;
  private static final String PKG = "/usr/local/etc/pkg";

  ClientSetup {
    keys = List.copyOf(keys);
  }

  /**
   * A key that signs.
   *
   * @param fingerprint 64 hexadecimal digits, absent before the key exists
   */
  record Key(
      String name, @Nullable String fingerprint, @Nullable String publicKeyUrl) {}

  static ClientSetup of(Job job, ChannelName channel, Look look) throws IOException {
    String base = look.address() + "/repo/" + job.name();
    String url = base + "/" + channel;
    String repository = job.name() + "-" + channel;
    String get = job.target().abi().os().equals("FreeBSD") ? "fetch -o " : "curl -fo ";
    String file = PKG + "/repos/" + repository + ".conf";
    Signing.Form form = job.publish().sign().form();
    Path folder = look.site().keys();
    List<Key> keys = new ArrayList<>();
    for (Job.Key each : job.publish().sign().keys()) {
      Optional<String> fingerprint = trusted(each, folder)
          .map(FINGERPRINT::matcher)
          .filter(Matcher::find)
          .map(matcher -> matcher.group(1));
      boolean there = publicKey(each, folder).isPresent();
      keys.add(new Key(
          each.name(), fingerprint.orElse(null), there ? base + "/" + each.name() + ".pub" : null));
    }
    String configuration = """
        # %s. Save as %s
        "%s": {
          url: "%s",
          %s
          enabled: yes
        }
        """.formatted(
        "Channel " + channel + " of job " + job.name(), file, repository, url, trust(form, job));
    List<String> commands = new ArrayList<>(setUp(form, job, base, get));
    commands.add(get + file + " " + url + ".conf");
    commands.add("pkg update -r " + repository);
    return new ClientSetup(
        repository, url, configuration, url + ".conf", keys, String.join("\n", commands) + "\n");
  }

  /** In pkg's words whom to believe. */
  private static String trust(Signing.Form form, Job job) {
    return switch (form) {
      case FINGERPRINTS ->
        "signature_type: \"fingerprints\",\n  fingerprints: \"" + PKG + "/fingerprints/"
            + job.name() + "\",";
      case PUBKEY ->
        "signature_type: \"pubkey\",\n  pubkey: \"" + PKG + "/keys/" + job.name() + ".pub\",";
      case UNSIGNED -> "signature_type: \"none\",";
    };
  }

  private static List<String> setUp(Signing.Form form, Job job, String base, String get) {
    List<String> commands = new ArrayList<>();
    String trusted = PKG + "/fingerprints/" + job.name();
    switch (form) {
      case FINGERPRINTS -> {
        commands.add("mkdir -p " + trusted + "/trusted " + trusted + "/revoked " + PKG + "/repos");
        for (Job.Key key : job.publish().sign().keys()) {
          commands.add(get + trusted + "/trusted/" + key.name() + " " + base
              + "/fingerprints/trusted/" + key.name());
        }
      }
      case PUBKEY -> {
        commands.add("mkdir -p " + PKG + "/keys " + PKG + "/repos");
        for (Job.Key key : job.publish().sign().keys()) {
          commands.add(
              get + PKG + "/keys/" + job.name() + ".pub " + base + "/" + key.name() + ".pub");
        }
      }
      case UNSIGNED -> commands.add("mkdir -p " + PKG + "/repos");
    }
    return commands;
  }

  /** The key whose public half an address names: {@code KEY.pub}. */
  static Optional<ByteBuffer> publicKey(Job.Key key, Path keys) throws IOException {
    return read(key, keys, key.name() + ".pub").map(ByteBuffer::wrap);
  }

  /** A key's {@code fingerprints/trusted/KEY}. */
  static Optional<String> trusted(Job.Key key, Path keys) throws IOException {
    return read(key, keys, "fingerprints/trusted/" + key.name())
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static Optional<byte[]> read(Job.Key key, Path keys, String file) throws IOException {
    Path path = keys.resolve(file);
    // A key's name comes from a job file: it must never lead to another file of HOME/keys or out of
    // it.
    if (!KEY_NAME.matcher(key.name()).matches()
        || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || Files.size(path) > LARGEST) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(path);
    boolean secret = new String(bytes, StandardCharsets.ISO_8859_1).contains("PRIVATE KEY");
    return secret ? Optional.empty() : Optional.of(bytes);
  }
}
