package org.slipway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.schedule.Job;
import org.slipway.schedule.Keep;
import org.slipway.sign.ServerIdentity;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.JobName;
import org.slipway.web.Listening;

/**
 * What a person has written for one farm: HOME/slipway.yaml, which may be left out, and HOME/jobs/*.yaml.
 *
 * @param home absolute
 * @param address how clients reach the farm, where that is not where it listens
 * @param jobs sorted by the names of their files; none where there is no file
 * @param keep how long the farm keeps what it could do without
 */
public record FarmConfig(
    Path home,
    Listen listen,
    Optional<URI> address,
    DatabaseSettings database,
    List<Job> jobs,
    Keep keep) {
  public FarmConfig {
    jobs = List.copyOf(jobs);
  }

  /** That keeps what it could do without for the usual times. */
  public FarmConfig(
      Path home, Listen listen, Optional<URI> address, DatabaseSettings database, List<Job> jobs) {
    this(home, listen, address, database, jobs, Keep.USUAL);
  }

  /** The same, listening elsewhere. */
  FarmConfig withListen(Listen other) {
    return new FarmConfig(home, other, address, database, jobs, keep);
  }

  /**
   * Where the status site listens.
   *
   * @param host a name or an address, an IPv6 one without brackets
   * @param port 0 for any free one
   * @param http2 whether HTTP/2 is spoken beside HTTP/1.1
   * @param tls where the same is to be had encrypted
   */
  public record Listen(String host, int port, boolean http2, Optional<Tls> tls) {
    /** This host only: whether others may look is for a person to decide. */
    public static final Listen DEFAULT = new Listen("127.0.0.1", 8080);

    /** HTTP/1.1 without encryption. */
    public Listen(String host, int port) {
      this(host, port, false, Optional.empty());
    }

    /** The same at another port. */
    public Listen withPort(int other) {
      return new Listen(host, other, http2, tls);
    }

    /**
     * What the status site is started with.
     *
     * @throws IOException where the certificate or its key cannot be used any more
     */
    Listening listening() throws IOException {
      Optional<Listening.Tls> encrypted = Optional.empty();
      if (tls.isPresent()) {
        Tls asked = tls.get();
        encrypted = Optional.of(new Listening.Tls(
            asked.port(), ServerIdentity.open(asked.certificate(), asked.key()).context()));
      }
      return new Listening(host, port, http2, encrypted);
    }
  }

  /**
   * Encryption.
   *
   * @param certificate a PEM file, the host's certificate first
   * @param key a PEM file with its key
   * @param port 0 for any free one
   */
  public record Tls(Path certificate, Path key, int port) {}

  /**
   * Reads all of a farm's files.
   *
   * @param host what packages built on this host run on; asked only where a job says {@code base: host}
   * @throws ConfigException with every mistake of every file
   */
  public static FarmConfig read(Path home, AbiSource host) throws IOException {
    Path root = home.toAbsolutePath().normalize();
    List<Mistake> mistakes = new ArrayList<>();
    FarmFile farm = farm(root, mistakes);
    List<Job> jobs = new ArrayList<>();
    JobFile reader = new JobFile(root, new HashMap<>(), host);
    for (Path file : jobFiles(root.resolve("jobs"), mistakes)) {
      Mistakes found = new Mistakes(file);
      reader.read(file, found).ifPresent(jobs::add);
      mistakes.addAll(found.all());
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    return new FarmConfig(root, farm.listen(), farm.address(), farm.database(), jobs, farm.keep());
  }

  /**
   * Reads one job file that need not be in HOME/jobs.
   *
   * @param home what relative paths in it start from
   * @throws ConfigException with every mistake of the file
   */
  public static Job readJob(Path file, Path home, AbiSource host) throws IOException {
    Map<JobName, Path> names = new HashMap<>();
    Mistakes mistakes = new Mistakes(file);
    return new JobFile(home.toAbsolutePath().normalize(), names, host)
        .read(file, mistakes)
        .orElseThrow(() -> new ConfigException(mistakes.all()));
  }

  private static FarmFile farm(Path home, List<Mistake> mistakes) {
    if (Files.notExists(FarmFile.file(home))) {
      return FarmFile.ofDefaults(home);
    }
    Mistakes found = new Mistakes(FarmFile.file(home));
    Optional<FarmFile> farm = FarmFile.read(home, found);
    mistakes.addAll(found.all());
    return farm.orElseGet(() -> FarmFile.ofDefaults(home));
  }

  /** Hidden files are skipped: editors leave such copies. */
  private static List<Path> jobFiles(Path folder, List<Mistake> mistakes) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.notExists(folder)) {
      return files;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.endsWith(".yml") && !name.startsWith(".")) {
          mistakes.add(new Mistake(entry, 0, 0, "job files end in .yaml; rename it"));
        } else if (name.endsWith(".yaml") && !name.startsWith(".")) {
          files.add(entry);
        }
      }
    }
    files.sort(null);
    return files;
  }
}
