package org.slipway;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.poudriere.BulkSettings;

/**
 * Reads {@code engine} and {@code poudriere-engine}: who builds a job, and where poudriere runs
 * that does.
 */
final class EngineSection {
  static final String KEY = "poudriere-engine";
  private static final String OWN = "slipway";
  private static final String POUDRIERE = "poudriere";

  /** poudriere writes its progress every two seconds; a person who looks should see it move. */
  private static final Duration POLL = Duration.ofSeconds(10);

  /** A whole tree takes days. */
  private static final Duration TIMEOUT = Duration.ofDays(14);

  private static final int BOOST = 20;
  private static final int MOST_BOOST = 1000;
  private static final int MOST_JOBS = 1024;

  private static final Form<String> ENGINE =
      Form.matching(OWN + " or " + POUDRIERE, OWN + "|" + POUDRIERE);

  private static final Form<String> HOST =
      Form.matching("a host as ssh takes it, such as root@builder", BulkSettings.HOST);

  private static final Form<String> NAME = Form.matching(
      "a name of letters, digits, dashes, + and underscores, 64 at most", BulkSettings.NAME);

  private static final Form<String> PATH =
      new Form<>("an absolute path on that host, without blanks and dots alone", word -> {
        Form.require(BulkSettings.isPath(word));
        return word;
      });

  private static final Form<String> WORD = Form.matching("a word of the command", "[^\\p{Cntrl}]+");

  private EngineSection() {}

  /** Empty for a job that the farm builds itself, and where something is wrong, which is noted. */
  static Optional<BulkSettings> read(Section top) {
    String engine = top.read("engine", ENGINE, OWN);
    Optional<Section> section = top.section(KEY);
    Optional<BulkSettings> settings = section.flatMap(EngineSection::settings);
    if (engine.equals(POUDRIERE)) {
      if (!top.has(KEY)) {
        top.wrong(KEY, "is missing; engine: poudriere needs { jail: NAME, ports: NAME }");
      }
      return settings;
    }
    if (top.has(KEY)) {
      top.wrong(KEY, "is only read with engine: poudriere; add that, or leave this out");
    }
    return Optional.empty();
  }

  private static Optional<BulkSettings> settings(Section section) {
    Optional<String> host = section.read("host", HOST);
    List<String> ssh = section.list("ssh", WORD);
    Optional<String> jail = section.require("jail", NAME);
    Optional<String> ports = section.require("ports", NAME);
    Optional<String> set = section.read("set", NAME);
    String command = section.read("command", PATH, "/usr/local/bin/poudriere");
    String etc = section.read("etc", PATH, "/usr/local/etc");
    String data = section.read("data", PATH, "/usr/local/poudriere/data");
    String folder = section.read("folder", PATH, "/var/db/slipway");
    Optional<Integer> jobs = section.read("jobs", Form.number(1, MOST_JOBS));
    int boost = section.read("boost", Form.number(0, MOST_BOOST), BOOST);
    boolean repository = section.read("repository", Form.TRUTH, false);
    Duration poll = section.read("poll", Form.DURATION, POLL);
    Duration timeout = section.read("timeout", Form.DURATION, TIMEOUT);
    if (host.isEmpty() && section.has("ssh") && !section.has("host")) {
      section.wrong("ssh", "is only used with a host; without one poudriere runs on this machine");
    }
    section.end();
    if (jail.isEmpty() || ports.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new BulkSettings(
        host,
        ssh.isEmpty() ? List.of("ssh") : ssh,
        jail.get(),
        ports.get(),
        set,
        command,
        etc,
        data,
        folder,
        jobs.map(OptionalInt::of).orElse(OptionalInt.empty()),
        boost,
        repository,
        poll,
        timeout));
  }
}
