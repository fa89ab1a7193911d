package org.slipway.poudriere;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slipway.evaluate.Sources;
import org.slipway.jail.HostPipe;
import org.slipway.packages.Digest;
import org.slipway.packages.PackageName;

/**
 * One job's poudriere on its host: brings a commit there, starts {@code poudriere bulk}, looks how
 * it stands, fetches logs and archives, stops it. All state is on the host, under the build's name,
 * so a farm that was killed asks again and follows on. Where the host cannot be reached every
 * method throws {@link HostAwayException}. Closing it ends what it runs, never the bulk.
 */
public final class PoudriereEngine implements AutoCloseable {
  static final Duration SHORT = Duration.ofMinutes(2);

  /** A tree of 200,000 files, or some gigabytes of packages, over a slow line. */
  static final Duration LONG = Duration.ofHours(2);

  /** Packages asked for at once: a fault costs no more than these. */
  private static final int BATCH = 200;

  private static final long LARGEST_ARCHIVE = 64L << 30;

  private final BulkSettings settings;
  private final HostScript script;
  private final HostShell shell;

  /**
   * A builder.
   *
   * @param job names its folder on the host
   */
  public PoudriereEngine(BulkSettings settings, String job) {
    if (!job.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException("\"" + job + "\" names no folder");
    }
    this.settings = settings;
    this.script = new HostScript(settings.folder() + "/" + job);
    this.shell = new HostShell(settings);
  }

  public BulkSettings settings() {
    return settings;
  }

  /** Where a bulk is. */
  public enum Standing {
    /** It was never started there. */
    NONE,
    RUNNING,
    /** It ended with a status. */
    ENDED,
    /** It is neither running nor did it end: the host went down, or somebody killed it. */
    GONE
  }

  /**
   * What a look at a bulk shows.
   *
   * @param status with which it ended, where it did: poudriere's is failed + skipped, modulo 256
   */
  public record Look(Standing standing, Optional<Integer> status, Progress progress) {}

  /** Looks how a bulk stands. */
  public Look look(BuildName build) throws IOException {
    Look[] seen = {new Look(Standing.NONE, Optional.empty(), Progress.NOTHING)};
    shell.run(words(build, "look"), SHORT, HostPipe.Input.NOTHING, from -> seen[0] = look(from));
    return seen[0];
  }

  private static Look look(InputStream from) throws IOException {
    BufferedInputStream in = new BufferedInputStream(from, 1 << 16);
    String[] line = line(in).split(" ", 2);
    Standing standing = switch (line[0]) {
      case "running" -> Standing.RUNNING;
      case "ended" -> Standing.ENDED;
      case "gone" -> Standing.GONE;
      default -> Standing.NONE;
    };
    Optional<Integer> status = line.length == 2 && line[1].matches("[0-9]{1,3}")
        ? Optional.of(Integer.parseInt(line[1]))
        : Optional.empty();
    in.mark(1);
    if (in.read() < 0) {
      return new Look(standing, status, Progress.NOTHING);
    }
    in.reset();
    try {
      return new Look(standing, status, ProgressReader.read(new GZIPInputStream(in)));
    } catch (ZipException | EOFException e) {
      return new Look(standing, status, Progress.NOTHING);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int each = in.read(); each >= 0 && each != '\n' && line.length() < 64; each = in.read()) {
      line.append((char) each);
    }
    return line.toString();
  }

  /**
   * Brings a commit, what lies over it and settings to the host and starts the bulk; one that was started already is
   * left as it is.
   *
   * @param sources overlays by names that poudriere takes, see {@link BulkSettings#NAME}
   * @throws PoudriereException where the host lacks poudriere or the jail
   */
  public void start(BuildName build, Sources sources, Order order) throws IOException {
    if (look(build).standing() != Standing.NONE) {
      // Its tree and its settings are in use.
      return;
    }
    new Sending(settings, script, shell).send(sources, order);
    List<String> overlays =
        sources.overlays().stream().map(Sources.Overlay::name).toList();
    List<String> words = new ArrayList<>(script.words("start", build.text()));
    words.addAll(BulkFiles.command(settings, script.folder(), build, overlays));
    shell.ask(words, SHORT, HostPipe.Input.NOTHING);
  }

  /**
   * Which of these packages the host has, from this bulk's own folder of packages.
   *
   * @return empty where that folder is not there at this moment (while poudriere publishes it) or
   *     not any more
   */
  public Optional<Map<PackageName, Archive>> archives(
      BuildName build, Collection<PackageName> names) throws IOException {
    Map<PackageName, Archive> found = new LinkedHashMap<>();
    List<PackageName> all = List.copyOf(names);
    for (int at = 0; at < all.size(); at += BATCH) {
      List<String> batch = all.subList(at, Math.min(all.size(), at + BATCH)).stream()
          .map(PackageName::toString)
          .toList();
      String answer = shell.ask(words(build, "sums"), LONG, to -> TarStream.names(to, batch, '\n'));
      if (answer.startsWith("elsewhere")) {
        return Optional.empty();
      }
      Set<String> asked = new HashSet<>(batch);
      answer
          .lines()
          .forEach(line -> archive(line)
              .filter(each -> asked.contains(each.name().toString()))
              .ifPresent(each -> found.put(each.name(), each)));
    }
    return Optional.of(found);
  }

  /** A line of sum, size and file; the host's words, so what is no such line is passed over. */
  static Optional<Archive> archive(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 3
        || !words[0].matches("[0-9a-f]{64}")
        || !words[1].matches("[0-9]{1,12}")
        || !words[2].matches("(Hashed/)?[A-Za-z0-9_][A-Za-z0-9_.,+~-]*\\.pkg")) {
      return Optional.empty();
    }
    String name = words[2].replaceFirst("^Hashed/", "").replaceFirst("(~[^~]*)?\\.pkg$", "");
    try {
      return Optional.of(new Archive(
          PackageName.parse(name), new Digest(words[0]), Long.parseLong(words[1]), words[2]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Fetches archives.
   *
   * @param into an empty folder of the farm's own
   * @return those that came with the bytes that their sums say, each with its file; the host may
   *     have moved others since it named them
   */
  public Map<PackageName, Path> fetch(BuildName build, Collection<Archive> archives, Path into)
      throws IOException {
    Map<PackageName, Path> fetched = new LinkedHashMap<>();
    List<Archive> all = List.copyOf(archives);
    for (int at = 0; at < all.size(); at += BATCH) {
      Map<String, Archive> batch = new HashMap<>();
      all.subList(at, Math.min(all.size(), at + BATCH))
          .forEach(each -> batch.put(each.file(), each));
      try {
        shell.run(
            words(build, "archives"),
            LONG,
            to -> TarStream.names(to, batch.keySet(), '\n'),
            from -> TarStream.read(from, batch.size() * 2, (name, size, bytes) -> {
              Archive archive = batch.get(name.replaceFirst("^\\./", ""));
              if (archive != null && size == archive.sizeBytes() && size <= LARGEST_ARCHIVE) {
                keep(archive, bytes, into, fetched);
              }
            }));
      } catch (PoudriereException e) {
        // What came before is sound; of the rest the next look finds where it is now.
      }
    }
    return fetched;
  }

  private static void keep(
      Archive archive, InputStream bytes, Path into, Map<PackageName, Path> fetched)
      throws IOException {
    Path file = into.resolve(archive.name() + ".pkg");
    Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
    if (Digest.of(file).equals(archive.sum())) {
      fetched.put(archive.name(), file);
    } else {
      Files.delete(file);
    }
  }

  /** Takes a package's log. */
  public interface LogTaker {
    void take(PackageName name, InputStream log) throws IOException;
  }

  /**
   * Fetches logs; one that is not there is left out.
   *
   * @param mostBytes of each, what is beyond is cut off
   */
  public void logs(BuildName build, Collection<PackageName> names, long mostBytes, LogTaker taker)
      throws IOException {
    Set<PackageName> left = new HashSet<>(names);
    List<PackageName> all = List.copyOf(left);
    for (int at = 0; at < all.size(); at += BATCH) {
      List<String> batch = all.subList(at, Math.min(all.size(), at + BATCH)).stream()
          .map(PackageName::toString)
          .toList();
      List<String> words = new ArrayList<>(words(build, "logs"));
      words.add(Long.toString(mostBytes));
      try {
        shell.run(
            words,
            LONG,
            to -> TarStream.names(to, batch, '\n'),
            from -> TarStream.read(from, batch.size(), (name, size, bytes) -> {
              Optional<PackageName> of = ofLog(name, batch);
              if (of.isPresent() && size <= mostBytes && left.remove(of.get())) {
                taker.take(of.get(), bytes);
              }
            }));
      } catch (PoudriereException e) {
        // A log that grew while it was read makes tar complain; each is asked for by itself then.
      }
    }
    for (PackageName each : left) {
      List<String> words = new ArrayList<>(words(build, "log"));
      words.addAll(List.of(Long.toString(mostBytes), each.toString()));
      shell.run(words, LONG, HostPipe.Input.NOTHING, from -> taker.take(each, from));
    }
  }

  private static Optional<PackageName> ofLog(String file, List<String> asked) {
    String name = file.replaceFirst("\\.log$", "");
    return asked.contains(name) ? Optional.of(PackageName.parse(name)) : Optional.empty();
  }

  /** The end of what a bulk wrote, in one line of at most 300 characters. */
  public String lastWords(BuildName build) throws IOException {
    String text = shell
        .ask(script.words("words", build.text()), SHORT, HostPipe.Input.NOTHING)
        .replaceAll("\\e\\[[0-9;]*[A-Za-z]", "")
        .replaceAll("[\\p{Cntrl}\\s]+", " ")
        .strip();
    return text.length() <= 300 ? text : "…" + text.substring(text.length() - 299);
  }

  /**
   * Asks a bulk to stop, as ^C at its terminal does: it ends its builders, unmounts and says so.
   *
   * @param again whether it was asked before and did not: then by SIGTERM, which a program that was
   *     started deaf to ^C hears too, and which poudriere treats alike
   */
  public void cancel(BuildName build, boolean again) throws IOException {
    shell.ask(
        script.words("signal", build.text(), again ? "TERM" : "INT"),
        SHORT,
        HostPipe.Input.NOTHING);
  }

  private List<String> words(BuildName build, String verb) {
    return script.words(verb, build.text(), settings.data(), settings.masterName());
  }

  @Override
  public void close() {
    shell.close();
  }
}
