package org.slipway.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slipway.jail.Base;
import org.slipway.jail.Command;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;

/**
 * Measures our serving of repositories beside nginx's, on the same files, with the same load from wrk, one after the other.
 * Ours runs in this program, as a farm's does; nginx and wrk run in jails that have the host's network.
 */
public final class ServeBench {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String SETTINGS = "/kit";
  private static final String FILES = "/packages";
  private static final int ABSENT = 69;
  private static final Duration SLACK = Duration.ofSeconds(60);

  /** Times in microseconds; the bytes are those of heads and bodies. */
  private static final String TOLD = """
      done = function(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("told %.0f %.0f %.0f %.0f %.0f %.0f\\n", summary.requests,
          summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
          e.connect + e.read + e.write + e.timeout + e.status))
      end
      """;

  /** What Debian and FreeBSD ship, but for its log, with as many workers as processors and nothing that slows it. */
  private static final String NGINX = """
      worker_processes auto;
      pid /wrkdirs/nginx.pid;
      error_log /wrkdirs/error.log;
      events { worker_connections 1024; }
      http {
        access_log off;
        sendfile on;
        tcp_nopush on;
        keepalive_requests 1000000000;
        default_type application/octet-stream;
        client_body_temp_path /wrkdirs/body;
        proxy_temp_path /wrkdirs/proxy;
        fastcgi_temp_path /wrkdirs/fastcgi;
        uwsgi_temp_path /wrkdirs/uwsgi;
        scgi_temp_path /wrkdirs/scgi;
        server { listen 127.0.0.1:%d; root %s; }
      }
      """;

  /** $1 is empty or starts nginx, $2 is seconds, $3 connections, $4 a header or empty, $5 the address. */
  private static final String RUN = """
      for each in $1 wrk; do command -v "$each" >/dev/null || exit %1$d; done
      used() {
        [ -s /wrkdirs/nginx.pid ] || { echo 0; return; }
        for each in /proc/[0-9]*/stat; do cat "$each" 2>/dev/null; done |
          awk -v top="$(cat /wrkdirs/nginx.pid)" '$4 == top { sum += $14 + $15 } END { print sum + 0 }'
      }
      if [ -n "$1" ]; then
        nginx -c %2$s/nginx.conf -e /wrkdirs/error.log || exit 1
        i=0
        while [ ! -s /wrkdirs/nginx.pid ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
      fi
      if [ -n "$4" ]; then
        wrk -t1 -c"$3" -d1s -H "$4" "$5" >/dev/null || exit 1
      else
        wrk -t1 -c"$3" -d1s "$5" >/dev/null || exit 1
      fi
      before=$(used)
      if [ -n "$4" ]; then
        wrk -t1 -c"$3" -d"$2"s -s %2$s/told.lua -H "$4" "$5" || exit 1
      else
        wrk -t1 -c"$3" -d"$2"s -s %2$s/told.lua "$5" || exit 1
      fi
      after=$(used)
      echo "used $((after - before)) $(getconf CLK_TCK)"
      [ -z "$1" ] || kill "$(cat /wrkdirs/nginx.pid)"
      """.formatted(ABSENT, SETTINGS);

  private final Jails jails;
  private final Path scratch;
  private final Told told;

  /** @param scratch a folder for settings, absolute; the caller removes it */
  public ServeBench(Jails jails, Path scratch, Told told) {
    this.jails = jails;
    this.scratch = scratch;
    this.told = told;
  }

  /** Who serves. */
  public enum Server {
    SLIPWAY,
    NGINX
  }

  /** What is asked for, again and again, on connections that stay open. */
  public enum Load {
    SMALL("2 KB package"),
    LARGE("5 MB package"),
    UNCHANGED("catalogue, unchanged");

    private final String words;

    Load(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * What is measured.
   *
   * @param seconds of each measurement, after one that does not count
   * @param rounds in each the two in turns, in every other the other first; ratios are the rounds' medians
   * @param connections at once
   * @param warmSeconds of each load on our server before the first round: a farm has been running for longer than it takes
   *     to compile what is used most
   * @param loads which, in any order
   */
  public record Wish(
      int seconds, int rounds, int connections, int warmSeconds, Collection<Load> loads) {
    public Wish {
      loads = List.copyOf(new TreeSet<>(loads));
      require(loads.size(), "loads ask for nothing");
      require(warmSeconds, "seconds warm nothing");
      require(seconds, "seconds measure nothing");
      require(rounds, "rounds measure nothing");
      require(connections, "connections ask for nothing");
    }

    private static void require(int number, String what) {
      if (number < 1) {
        throw new IllegalArgumentException(number + " " + what + "; give at least 1");
      }
    }
  }

  /**
   * What is asked for.
   *
   * @param folder what nginx serves, readable by all
   * @param ours where the same is served by this program, with a slash at the end
   * @param files by load, in the folder
   * @param since by server, the Last-Modified that it gives the unchanged file
   */
  public record Served(Path folder, URI ours, Map<Load, String> files, Map<Server, String> since) {
    public Served {
      files = Map.copyOf(files);
      since = Map.copyOf(since);
    }
  }

  /** @throws IOException where nginx or wrk is missing, or answers were wrong */
  public ServeReport run(Served served, Wish wish) throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    Files.writeString(scratch.resolve("told.lua"), TOLD);
    int port = freePort();
    Files.writeString(scratch.resolve("nginx.conf"), NGINX.formatted(port, FILES));
    URI nginx = URI.create("http://127.0.0.1:" + port + "/");
    told.begins("warming up", wish.loads().size());
    for (Load load : wish.loads()) {
      String said = inJail(
          argv(Server.SLIPWAY, load, served.ours(), served, wish.connections(), wish.warmSeconds()),
          served.folder(),
          wish.warmSeconds());
      WrkOutput.parse(said).require("warming up " + load.words(), size(load, served));
      told.step();
    }
    told.ends();
    List<ServeReport.Round> rounds = new ArrayList<>();
    for (int number = 1; number <= wish.rounds(); number++) {
      told.begins("round " + number, wish.loads().size() * Server.values().length);
      Map<Load, Map<Server, ServeReport.Figures>> round = new EnumMap<>(Load.class);
      for (Load load : wish.loads()) {
        Map<Server, ServeReport.Figures> figures = new EnumMap<>(Server.class);
        for (Server server : number % 2 == 1
            ? List.of(Server.SLIPWAY, Server.NGINX)
            : List.of(Server.NGINX, Server.SLIPWAY)) {
          URI top = server == Server.NGINX ? nginx : served.ours();
          figures.put(server, measure(server, load, top, served, wish));
          told.step();
        }
        round.put(load, figures);
      }
      told.ends();
      rounds.add(new ServeReport.Round(round));
    }
    return new ServeReport(wish, jails.containment().sentence(), rounds);
  }

  private ServeReport.Figures measure(Server server, Load load, URI top, Served served, Wish wish)
      throws IOException, InterruptedException {
    Optional<Duration> before = OwnUse.cpu();
    String said = inJail(
        argv(server, load, top, served, wish.connections(), wish.seconds()),
        served.folder(),
        wish.seconds());
    Optional<Duration> own = before.flatMap(then -> OwnUse.cpu().map(now -> now.minus(then)));
    WrkOutput output = WrkOutput.parse(said);
    output.require(server + " " + load.words(), size(load, served));
    // Ours is measured with the second before, in which it works as fast.
    Optional<Duration> cpu = server == Server.NGINX
        ? Optional.of(output.cpu())
        : own.map(used -> used.multipliedBy(wish.seconds()).dividedBy(wish.seconds() + 1));
    return output.figures(cpu);
  }

  private static List<String> argv(
      Server server, Load load, URI top, Served served, int connections, int seconds) {
    return List.of(
        "/bin/sh",
        "-c",
        RUN,
        "serve",
        server == Server.NGINX ? "nginx" : "",
        String.valueOf(seconds),
        String.valueOf(connections),
        load == Load.UNCHANGED ? "If-Modified-Since: " + served.since().get(server) : "",
        top.resolve(served.files().getOrDefault(load, "")).toString());
  }

  /** What an answer's body must have. */
  private static long size(Load load, Served served) throws IOException {
    return load == Load.UNCHANGED
        ? 0
        : Files.size(served.folder().resolve(served.files().getOrDefault(load, "")));
  }

  private String inJail(List<String> argv, Path files, int seconds)
      throws IOException, InterruptedException {
    Duration limit = SLACK.plusSeconds(seconds);
    Command command = new Command(
        argv,
        Map.of("PATH", PATH),
        "/",
        Command.User.BUILDER,
        Command.Network.HOST,
        Limits.of(limit),
        Optional.empty());
    List<Mount> mounts =
        List.of(new Mount(scratch, SETTINGS, false), new Mount(files, FILES, false));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (Jail jail = jails.create(new JailSpec("serve", new Base.Host(), mounts))) {
      Exit exit = jail.run(command, output);
      String said = output.toString(StandardCharsets.UTF_8);
      if (exit.succeeded()) {
        return said;
      }
      if (exit instanceof Exit.Exited ended && ended.status() == ABSENT) {
        throw new IOException("this bench compares with nginx by means of wrk, and one of them is"
            + " not installed; on Debian: apt-get install nginx-light wrk");
      }
      throw new IOException("the load did not come to its end: " + exit.inWords() + ": "
          + Text.cut(said.strip(), 200));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }
}
