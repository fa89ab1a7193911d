package org.slipway;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.build.BuildRequest.FetchNetwork;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageLimits;
import org.slipway.schedule.Job;
import org.slipway.schedule.Retries;

/** Reads {@code build}: how packages are built, what a build may use, and what it does on top. */
final class BuildSection {
  private static final int MOST_SLOTS = 256;

  /** Long enough for the largest browser on a slow machine, short enough to free a slot within a working day. */
  private static final Duration TIMEOUT = Duration.ofHours(6);

  /** Linking a large program can be silent for half an hour. */
  private static final Duration SILENCE = Duration.ofHours(1);

  /** The largest ordinary logs are around ten mebibytes. */
  private static final long LOG_BYTES = 64L << 20;

  /** Beyond this a mirror is not away for a moment. */
  private static final int MOST_RETRIES = 20;

  private static final Form<String> POLICY = new Form<>("content", BuildSection::policy);

  private static final Form<Optional<Integer>> SLOTS = new Form<>(
      "auto or a whole number from 1 to " + MOST_SLOTS,
      word -> "auto".equals(word)
          ? Optional.empty()
          : Optional.of(Form.number(1, MOST_SLOTS).read(word)));

  private static final Form<Integer> PERCENT = new Form<>(
      "a percentage of one processor such as 150%, from 1% to 25600%", BuildSection::processor);

  private static final Form<OptionalLong> WORK =
      new Form<>("disk, or memory and a size such as memory 4g", BuildSection::work);

  private static final Form<Long> PACKAGE =
      new Form<>("a size from 1m to 64g", BuildSection::packageSize);

  private static final Form<FetchNetwork> FETCH_NETWORK =
      new Form<>("auto, own or host", BuildSection::fetchNetwork);

  private static final Form<Phase> PHASE = new Form<>(
      "a phase, one of "
          + Stream.of(Phase.values()).map(Phase::word).collect(Collectors.joining(", ")),
      BuildSection::phase);

  private static final Form<String> TESTED =
      new Form<>("true, false or an origin such as www/haproxy", BuildSection::tested);

  private final Path home;

  /** @param home what relative paths start from */
  BuildSection(Path home) {
    this.home = home;
  }

  /** @param job the job's name, where it has one */
  Job.Build read(Optional<Section> given, Optional<String> job) {
    int processors = Math.min(Runtime.getRuntime().availableProcessors(), MOST_SLOTS);
    if (given.isEmpty()) {
      return new Job.Build(processors, TIMEOUT, SILENCE, 0, LOG_BYTES, Optional.empty(), false);
    }
    Section build = given.get();
    int slots = build.read("slots", SLOTS, Optional.empty()).orElse(processors);
    Duration timeout = build.read("timeout", Form.DURATION, TIMEOUT);
    Duration silence = build.read("silence", Form.DURATION, SILENCE);
    long memory = build.read("memory", Form.SIZE, 0L);
    long log = build.read("log", Form.SIZE, LOG_BYTES);
    Optional<URI> mirror = build.read("mirror", Form.WEB_ADDRESS);
    boolean uncontained = build.read("allow-uncontained", Form.TRUTH, false);
    build.read("policy", POLICY);
    Job.Room room = room(build);
    Job.Manner manner = manner(build, job.orElse(""));
    build.end();
    return new Job.Build(slots, timeout, silence, memory, log, mirror, uncontained, room, manner);
  }

  private static Job.Room room(Section build) {
    Job.Room usual = Job.Room.USUAL;
    return new Job.Room(
        build.read("disk", Form.SIZE, usual.diskBytes()),
        build.read("files", Form.number(64, 1 << 20), usual.openFiles()),
        build.read("processes", Form.number(16, 1 << 20), usual.processes()),
        build.read("cpu", PERCENT, usual.cpuPercent()),
        build.read("work", WORK, usual.workInMemory()),
        build.read("package-size", PACKAGE, usual.packageBytes()));
  }

  private Job.Manner manner(Section build, String job) {
    List<String> tested = new ArrayList<>(build.list("test", TESTED));
    boolean all = tested.remove("true");
    boolean none = tested.remove("false");
    if ((all || none) && (!tested.isEmpty() || all == none)) {
      build.wrong("test", "expected true or false alone, or origins");
    }
    Set<Origin> origins = new HashSet<>();
    tested.forEach(word -> origins.add(Origin.parse(word)));
    Map<Phase, Duration> timeouts =
        build.section("timeouts").map(each -> each.words(PHASE, Form.DURATION)).orElse(Map.of());
    Optional<Path> ccache = build.read("ccache", Form.TRUTH, false)
        ? Optional.of(home.resolve("ccache").resolve(job))
        : Optional.empty();
    return new Job.Manner(
        new Job.Tested(all, origins),
        timeouts,
        retries(build.section("retries"), build.has("memory")),
        ccache,
        build.read("keep-work", Form.DURATION),
        build.read("fetch-network", FETCH_NETWORK, FetchNetwork.AUTO));
  }

  /**
   * Of the classes whose failure may pass. A build that has a limit of its own on memory would reach
   * it alone as well.
   */
  private static Retries retries(Optional<Section> given, boolean memoryLimit) {
    Map<FailureClass, Integer> times = new EnumMap<>(FailureClass.class);
    if (memoryLimit) {
      times.put(FailureClass.MEMORY, 0);
    }
    if (given.isEmpty()) {
      return new Retries(times, Retries.USUAL.pause());
    }
    Section retries = given.get();
    for (FailureClass each : FailureClass.values()) {
      if (each.retry().times() > 0) {
        retries
            .read(each.word(), Form.number(0, MOST_RETRIES))
            .ifPresent(number -> times.put(each, number));
      }
    }
    Duration pause = retries.read("pause", Form.DURATION, Retries.USUAL.pause());
    retries.end();
    return new Retries(times, pause);
  }

  /** Below it no package fits, and above it none is read: {@link PackageLimits}. */
  private static Long packageSize(String word) {
    long bytes = Form.SIZE.read(word);
    Form.require(bytes >= 1 << 20 && bytes <= PackageLimits.DEFAULT.unpackedBytes());
    return bytes;
  }

  private static String policy(String word) {
    if ("exact".equals(word) || "abi".equals(word)) {
      throw new UnsupportedOperationException(
          "the policy " + word + " is not supported yet; write content or leave it out");
    }
    Form.require("content".equals(word));
    return word;
  }

  private static Integer processor(String word) {
    Form.require(word.matches("[0-9]{1,5}%"));
    int percent = Integer.parseInt(word.substring(0, word.length() - 1));
    Form.require(percent >= 1 && percent <= MOST_SLOTS * 100);
    return percent;
  }

  private static OptionalLong work(String word) {
    if ("disk".equals(word)) {
      return OptionalLong.empty();
    }
    String[] words = word.split(" +", -1);
    Form.require(words.length == 2 && "memory".equals(words[0]));
    return OptionalLong.of(Form.SIZE.read(words[1]));
  }

  private static FetchNetwork fetchNetwork(String word) {
    Form.require(word.matches("auto|own|host"));
    return FetchNetwork.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Phase phase(String word) {
    return Stream.of(Phase.values())
        .filter(phase -> phase.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word));
  }

  private static String tested(String word) {
    if (!"true".equals(word) && !"false".equals(word)) {
      Origin.parse(word);
    }
    return word;
  }
}
