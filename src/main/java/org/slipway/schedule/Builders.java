package org.slipway.schedule;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Command;
import org.slipway.jail.Containment;
import org.slipway.jail.HostProgram;
import org.slipway.jail.Jail;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;

/**
 * What builds a job's packages, each with its version, as far as it says one: slipway, java, the
 * jail's runtime, the base with its id, and the make in it. Of a job that poudriere builds, slipway,
 * java and poudriere's jail by its name. What runs while a farm runs is asked once.
 */
final class Builders {
  private static final Logger log = LoggerFactory.getLogger(Builders.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d+(\\.\\d+)+[\\w.+~-]{0,40}");

  /** FreeBSD calls it make; elsewhere that may be another program. -r: no rules of the base's own. */
  private static final String MAKE = "for make in bmake make; do command -v $make >/dev/null &&"
      + " exec $make -r -f /dev/null -V MAKE_VERSION; done; exit 1";

  private final Job job;
  private final Jails jails;
  private final Path bases;
  private @Nullable SortedMap<String, String> known;

  /** @param bases HOME/bases, whose folders are bases with names */
  Builders(Job job, Jails jails, Path bases) {
    this.job = job;
    this.jails = jails;
    this.bases = bases;
  }

  /** By name: {@code base}, {@code bmake}, {@code jail}, {@code java}, {@code slipway}. */
  synchronized SortedMap<String, String> versions() {
    if (known == null) {
      known = ask();
    }
    return known;
  }

  private SortedMap<String, String> ask() {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("slipway", version(Builders.class.getPackage().getImplementationVersion()));
    all.put("java", version(System.getProperty("java.version")));
    if (job.poudriere().isPresent()) {
      all.put("poudriere", job.poudriere().get().masterName());
      return all;
    }
    all.put("base", base(job.target(), bases));
    all.put("jail", jail(jails.containment()));
    make().ifPresent(make -> all.put("bmake", make));
    return all;
  }

  /** What is in build keys, which has a kept base's id, and the name that a person gave it. */
  private static String base(Target target, Path bases) {
    if (target.base() instanceof Base.Directory directory
        && directory.root().startsWith(bases)
        && !directory.root().equals(bases)) {
      return bases.relativize(directory.root()).getName(0) + ": " + target.baseName();
    }
    return target.baseName();
  }

  private static String jail(Containment kind) {
    return switch (kind) {
      case JAIL ->
        "jail of " + System.getProperty("os.name") + " " + System.getProperty("os.version");
      case RUNC -> program("runc", "--version");
      case CRUN -> program("crun", "--version");
      case UNSHARE -> program("unshare", "--version");
      case PROOT -> program("proot", "--version");
    };
  }

  /** The first number of its first lines that looks like a version. */
  private static String program(String name, String option) {
    try {
      String said = new String(
          HostProgram.run(List.of(name, option), PATIENCE, new byte[0]), StandardCharsets.UTF_8);
      Matcher number = NUMBER.matcher(said);
      return number.find() ? name + " " + number.group() : name;
    } catch (IOException e) {
      log.info("{} does not say its version: {}", name, e.getMessage());
      return name;
    }
  }

  private Optional<String> make() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    JailSpec spec = new JailSpec("version", job.target().base(), List.of());
    Command command = new Command(
        List.of("/bin/sh", "-c", MAKE),
        Map.of("PATH", "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"),
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        Limits.of(PATIENCE),
        Optional.empty());
    try (Jail jail = jails.create(spec)) {
      boolean told = jail.run(command, said, OutputStream.nullOutputStream()).succeeded();
      String version = said.toString(StandardCharsets.UTF_8).strip();
      return told && version.matches("[0-9][\\w.+-]{0,40}")
          ? Optional.of(version)
          : Optional.empty();
    } catch (IOException e) {
      log.info("make's version is not known: {}", e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static String version(@Nullable String known) {
    return known == null ? "unknown" : known;
  }
}
