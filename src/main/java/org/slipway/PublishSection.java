package org.slipway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slipway.packages.Origin;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Retention;
import org.slipway.repository.Layout;
import org.slipway.schedule.Job;
import org.slipway.sign.KeySource;
import org.slipway.sign.Passphrase;
import org.slipway.sign.Signing;

/** Reads {@code publish}: the channel, who signs, what stays, and when nothing is published. */
final class PublishSection {
  private static final int MOST_SNAPSHOTS = 10_000;

  /** Snapshots share their packages by hard links, so old ones cost little. */
  private static final int KEEP = 20;

  /** A few broken ports are ordinary; where a quarter fails, the tree is broken, and clients must not get it. */
  private static final int MAX_FAILED_PERCENT = 25;

  /** A person who confirms on a hardware token needs a moment. */
  private static final Duration SIGNING_TIME = Duration.ofSeconds(30);

  private static final String FARM_KEY = "farm";
  private static final ChannelName DEV = new ChannelName("dev");

  private static final Form<ChannelName> CHANNEL = new Form<>(
      "a channel's name of lower-case letters, digits and dashes, 32 at most", ChannelName::new);

  private static final Form<String> KEY = Form.matching(
      "a key's name of lower-case letters, digits, dashes and underscores, 64 at most",
      "[a-z0-9][a-z0-9_-]{0,63}");

  private static final Form<Signing.Form> FORM =
      new Form<>("fingerprints, pubkey or unsigned", word -> choice(Signing.Form.class, word));

  private static final Form<Layout> LAYOUT =
      new Form<>("flat or hashed", word -> choice(Layout.class, word));

  private static final Form<String> VARIABLE =
      Form.matching("an environment variable's name", "[A-Za-z_][A-Za-z0-9_]{0,127}");

  private static final Form<String> WORD = Form.matching("a word of the command", "[^\\p{Cntrl}]+");

  private static final Form<String> TREE_FOLDER = new Form<>(
      "a folder of the tree such as Mk/groups, from the tree's top on", PublishSection::inTree);

  private final Path home;

  /** @param home what relative paths start from */
  PublishSection(Path home) {
    this.home = home;
  }

  Job.Publish read(Optional<Section> given) {
    if (given.isEmpty()) {
      return new Job.Publish(DEV, FARM_KEY, KEEP, List.of(), MAX_FAILED_PERCENT);
    }
    Section publish = given.get();
    ChannelName channel = publish.read("channel", CHANNEL, DEV);
    Job.Sign sign = sign(publish);
    int keep = publish.read("keep", Form.number(1, MOST_SNAPSHOTS), KEEP);
    Duration age = publish.read("keep-for", Form.DURATION, Duration.ZERO);
    Duration grace = publish.read("grace", Form.DURATION, Retention.GRACE);
    Layout layout = publish.read("layout", LAYOUT, Layout.HASHED);
    boolean files = publish.read("files", Form.TRUTH, false);
    List<Origin> require = publish.list("require", Form.ORIGIN);
    int maxFailed = publish.read("max-failed", Form.PERCENT, MAX_FAILED_PERCENT);
    List<Origin> foreign = publish.list("foreign", Form.ORIGIN);
    Optional<String> groups = publish.read("groups", TREE_FOLDER);
    publish.end();
    return new Job.Publish(
        channel,
        sign,
        new Retention(keep, age, grace),
        layout,
        files,
        require,
        maxFailed,
        new HashSet<>(foreign),
        groups);
  }

  private static String inTree(String word) {
    Form.require(word.matches("[A-Za-z0-9_.+-]+(/[A-Za-z0-9_.+-]+){0,30}"));
    Form.require(List.of(word.split("/")).stream().noneMatch(part -> part.matches("\\.\\.?")));
    return word;
  }

  private Job.Sign sign(Section publish) {
    Signing.Form form = publish.read("form", FORM, Signing.Form.FINGERPRINTS);
    List<Job.Key> keys = new ArrayList<>();
    publish.mixed(
        "sign", KEY, word -> keys.add(kept(word)), below -> key(below).ifPresent(keys::add));
    if (!publish.has("sign") && form != Signing.Form.UNSIGNED) {
      keys.add(kept(FARM_KEY));
    }
    if (keys.isEmpty() && form != Signing.Form.UNSIGNED) {
      // What is wrong with them has been said.
      return Job.Sign.with(FARM_KEY);
    }
    Set<String> names = new HashSet<>();
    for (Job.Key key : keys) {
      if (!names.add(key.name())) {
        publish.wrong("sign", "the key " + key.name() + " is named twice");
      }
    }
    try {
      return new Job.Sign(form, keys);
    } catch (IllegalArgumentException e) {
      publish.wrong(
          "sign",
          switch (form) {
            case UNSIGNED -> "an unsigned repository has no key; leave sign out";
            case PUBKEY -> "the form pubkey takes one key; pkg checks no more in it";
            case FINGERPRINTS -> "the form fingerprints takes 1 to 4 keys";
          });
      return Job.Sign.with(FARM_KEY);
    }
  }

  private static Job.Key kept(String name) {
    return new Job.Key(name, new KeySource.Kept(Passphrase.none()));
  }

  private Optional<Job.Key> key(Section section) {
    Optional<String> name = section.require("name", KEY);
    Optional<Path> file = section.read("file", Form.path(home));
    List<String> command = section.list("command", WORD);
    Duration time = section.read("time", Form.DURATION, SIGNING_TIME);
    Optional<Path> passphraseFile = section.read("passphrase-file", Form.path(home));
    Optional<String> passphraseVariable = section.read("passphrase-env", VARIABLE);
    boolean passphrase = passphraseFile.isPresent() || passphraseVariable.isPresent();
    if (!command.isEmpty() && (file.isPresent() || passphrase)) {
      section.wrong("command", "a key that a command has is in no file and has no passphrase here");
    }
    if (passphraseFile.isPresent() && passphraseVariable.isPresent()) {
      section.wrong("passphrase-env", "give passphrase-file or passphrase-env, not both");
    }
    if (section.has("time") && command.isEmpty()) {
      section.wrong("time", "only a command is given a time");
    }
    section.end();
    Passphrase secret = passphraseFile
        .map(Passphrase::file)
        .or(() -> passphraseVariable.map(Passphrase::environment))
        .orElse(Passphrase.none());
    KeySource source = !command.isEmpty()
        ? new KeySource.Command(command, time)
        : file.<KeySource>map(path -> new KeySource.KeyFile(path, secret))
            .orElse(new KeySource.Kept(secret));
    return name.map(each -> new Job.Key(each, source));
  }

  private static <E extends Enum<E>> E choice(Class<E> choices, String word) {
    Form.require(word.equals(word.toLowerCase(Locale.ROOT)));
    return Enum.valueOf(choices, word.toUpperCase(Locale.ROOT));
  }
}
