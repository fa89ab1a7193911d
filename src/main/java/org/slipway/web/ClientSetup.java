package org.slipway.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.publish.ChannelName;
import org.slipway.schedule.Job;

/**
 * What a pkg client needs to use a channel (pkg.conf(5), REPOSITORY CONFIGURATION and signature
 * type fingerprints).
 *
 * @param repository the name that the client knows it by
 * @param configuration the file for {@code /usr/local/etc/pkg/repos}
 * @param key the signing key's name
 * @param fingerprint of the key, 64 hexadecimal digits, absent before the key exists
 * @param commands for a shell on the client, in order
 */
record ClientSetup(
    String repository,
    String url,
    String configuration,
    String configurationUrl,
    String key,
    @Nullable String fingerprint,
    @Nullable String publicKeyUrl,
    String commands) {
  private static final Pattern KEY_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern FINGERPRINT =
      Pattern.compile("fingerprint\"?\\s*[:=]?\\s*\"?([0-9a-f]{64})\\b");
  private static final long LARGEST = 65_536;

  static ClientSetup of(Job job, ChannelName channel, Look look) throws IOException {
    String base = look.address() + "/repo/" + job.name();
    String url = base + "/" + channel;
    String repository = job.name() + "-" + channel;
    String key = job.publish().sign();
    String trust = "/usr/local/etc/pkg/fingerprints/" + job.name();
    String file = "/usr/local/etc/pkg/repos/" + repository + ".conf";
    String get = job.target().abi().os().equals("FreeBSD") ? "fetch -o " : "curl -fo ";
    String configuration =
        """
        # %s. Save as %s
        "%s": {
          url: "%s",
          signature_type: "fingerprints",
          fingerprints: "%s",
          enabled: yes
        }
        """.formatted("Channel " + channel + " of job " + job.name(), file, repository, url, trust);
    String commands = """
        mkdir -p %1$s/trusted %1$s/revoked /usr/local/etc/pkg/repos
        %2$s%1$s/trusted/%3$s %4$s/fingerprints/trusted/%3$s
        %2$s%5$s %6$s.conf
        pkg update -r %7$s
        """.formatted(trust, get, key, base, file, url, repository);
    Optional<String> fingerprint = trusted(job, look.site().keys())
        .map(FINGERPRINT::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1));
    return new ClientSetup(
        repository,
        url,
        configuration,
        url + ".conf",
        key,
        fingerprint.orElse(null),
        publicKey(job, look.site().keys()).isPresent() ? base + "/" + key + ".pub" : null,
        commands);
  }

  /** The job's {@code KEY.pub}. */
  static Optional<String> publicKey(Job job, Path keys) throws IOException {
    return read(job, keys, job.publish().sign() + ".pub");
  }

  /** The job's {@code fingerprints/trusted/KEY}. */
  static Optional<String> trusted(Job job, Path keys) throws IOException {
    return read(job, keys, "fingerprints/trusted/" + job.publish().sign());
  }

  private static Optional<String> read(Job job, Path keys, String file) throws IOException {
    Path path = keys.resolve(file);
    // A key's name comes from a job file: it must never lead to another file of HOME/keys or out of
    // it.
    if (!KEY_NAME.matcher(job.publish().sign()).matches()
        || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || Files.size(path) > LARGEST) {
      return Optional.empty();
    }
    String text = Files.readString(path, StandardCharsets.UTF_8);
    return text.contains("PRIVATE KEY") ? Optional.empty() : Optional.of(text);
  }
}
