package org.slipway.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Target;
import org.slipway.jail.Command;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

/**
 * The plain way: one make for each port and flavor, one after the other in a shell loop, several
 * such loops beside each other, in the same jails and with the same questions as ours.
 */
final class PlainMake {
  /** Ports for one jail at the most, as many as ours puts into one. */
  private static final int BATCH = 1000;

  private static final Duration PORT_LIMIT = Duration.ofSeconds(60);
  private static final Duration LEAST_LIMIT = Duration.ofMinutes(10);
  private static final Duration MEAN_LIMIT = Duration.ofSeconds(5);
  private static final long MEMORY_BYTES = 2L << 30;
  private static final long OUTPUT_BYTES = 1L << 30;
  private static final int PROCESSES = 256;

  /** Finds make as ours does; $1 are its names, $2 the seconds of processor time for one port. */
  private static final String START = """
      make=
      for name in $1; do
        if [ -z "$make" ] && command -v "$name" >/dev/null 2>&1; then make=$name; fi
      done
      [ -n "$make" ] || exit 69
      ulimit -t "$2"
      ulimit -c 0
      shift 2
      """;

  private static final String LOOP = START + """
      while read -r folder flavor; do
        if [ "$flavor" = - ]; then
          "$make" -C "$folder" "$@" </dev/null
        else
          "$make" -C "$folder" "FLAVOR=$flavor" "$@" </dev/null
        fi
      done >/dev/null 2>&1
      exit 0
      """;

  /** The same, but its output is read; each port's ends with a line that no makefile knows. */
  private static final String READ = START + """
      while read -r mark folder flavor; do
        if [ "$flavor" = - ]; then
          "$make" -C "$folder" "$@" </dev/null 2>/dev/null
        else
          "$make" -C "$folder" "FLAVOR=$flavor" "$@" </dev/null 2>/dev/null
        fi
        printf '\\n%s %s\\n' "$mark" $?
      done
      exit 0
      """;

  private final Jails jails;
  private final Target target;
  private final List<Mount> mounts;
  private final Map<String, String> environment;
  private final int workers;
  private final SecureRandom random = new SecureRandom();

  PlainMake(Jails jails, Target target, Checkout checkout, Path kit, int workers)
      throws IOException {
    this.jails = jails;
    this.target = target;
    this.mounts = List.of(
        new Mount(checkout.directory(), Evaluator.TREE, false),
        new Mount(kit, Evaluator.KIT, false));
    this.environment = Evaluator.environment(checkout.directory());
    this.workers = workers;
  }

  /**
   * A port to ask.
   *
   * @param flavor what make is told, none for the default one, as poudriere asks
   */
  record Asked(OriginSpec spec, Optional<Flavor> flavor) {
    String words() {
      return Evaluator.TREE + "/" + spec.origin() + " "
          + flavor.map(Flavor::name).orElse("-") + "\n";
    }
  }

  /** Takes what make wrote about a port to its standard output, and its exit status. */
  interface Taker {
    void take(Asked asked, byte[] output, int status);
  }

  /** Asks and lets nobody read the answers. */
  Figures time(Collection<Asked> ports, Told told) throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<Exit.Usage> usages = each(ports, batch -> {
      StringBuilder input = new StringBuilder();
      batch.forEach(asked -> input.append(asked.words()));
      Exit.Usage usage = run(LOOP, input, batch.size(), OutputStream.nullOutputStream());
      batch.forEach(asked -> told.step());
      return usage;
    });
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    return new Figures(wall, cpu(usages), peak(usages), Optional.empty());
  }

  /** Asks, and hands on the answers, from several threads. */
  void read(Collection<Asked> ports, Taker taker) throws IOException, InterruptedException {
    each(ports, batch -> {
      Map<String, Asked> marks = new LinkedHashMap<>();
      StringBuilder input = new StringBuilder();
      for (Asked asked : batch) {
        byte[] word = new byte[16];
        random.nextBytes(word);
        String mark = HexFormat.of().formatHex(word);
        marks.put(mark, asked);
        input.append(mark).append(' ').append(asked.words());
      }
      PlainReader reader = new PlainReader(marks, taker);
      Exit.Usage usage = run(READ, input, batch.size(), reader);
      reader.requireAll();
      return usage;
    });
  }

  private interface Batch {
    Exit.Usage run(List<Asked> ports) throws IOException, InterruptedException;
  }

  private List<Exit.Usage> each(Collection<Asked> ports, Batch work)
      throws IOException, InterruptedException {
    List<Asked> all = List.copyOf(ports);
    // As large as they may be and all of a size, so that the workers end together.
    int turns = Math.max(1, (all.size() + workers * BATCH - 1) / (workers * BATCH));
    int size = Math.max(1, (all.size() + workers * turns - 1) / (workers * turns));
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try {
      List<Future<Exit.Usage>> parts = new ArrayList<>();
      for (int from = 0; from < all.size(); from += size) {
        List<Asked> batch = all.subList(from, Math.min(from + size, all.size()));
        parts.add(threads.submit(() -> work.run(batch)));
      }
      List<Exit.Usage> usages = new ArrayList<>();
      for (Future<Exit.Usage> part : parts) {
        usages.add(part.get());
      }
      return usages;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Exit.Usage run(String script, CharSequence input, int ports, OutputStream output)
      throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "plain"));
    argv.add(target.abi().os().equals("Linux") ? "bmake" : "bmake make");
    argv.add(String.valueOf(PORT_LIMIT.toSeconds()));
    for (String expression : Evaluator.questions().values()) {
      argv.add("-V");
      argv.add(expression);
    }
    Duration limit = LEAST_LIMIT.plus(MEAN_LIMIT.multipliedBy(ports));
    Command command = new Command(
        argv,
        environment,
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        new Limits(limit, limit, OUTPUT_BYTES, MEMORY_BYTES, PROCESSES),
        Optional.of(
            new ByteArrayInputStream(input.toString().getBytes(StandardCharsets.US_ASCII))));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (Jail jail = jails.create(new JailSpec("plain", target.base(), mounts))) {
      Exit exit = jail.run(command, output, errors);
      if (exit instanceof Exit.Exited ended && ended.status() == 0) {
        return ended.usage();
      }
      String said = Text.cut(errors.toString(StandardCharsets.UTF_8), 200);
      throw new IOException("the plain way stopped within " + ports + " ports: " + exit.inWords()
          + (said.isEmpty() ? "" : ": " + said));
    }
  }

  private static Optional<Duration> cpu(List<Exit.Usage> usages) {
    return usages.stream().allMatch(usage -> usage.cpu().isPresent())
        ? Optional.of(usages.stream()
            .flatMap(usage -> usage.cpu().stream())
            .reduce(Duration.ZERO, Duration::plus))
        : Optional.empty();
  }

  private OptionalLong peak(List<Exit.Usage> usages) {
    if (usages.stream().anyMatch(usage -> usage.peakMemoryBytes().isEmpty())) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(usages.stream()
        .map(usage -> usage.peakMemoryBytes().orElse(0))
        .sorted(Comparator.reverseOrder())
        .limit(workers)
        .mapToLong(Long::longValue)
        .sum());
  }
}
