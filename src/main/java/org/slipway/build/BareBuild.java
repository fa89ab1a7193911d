package org.slipway.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailException;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Mount;

/**
 * What a build is measured beside: the make calls of its phases and nothing else, one after the other in one jailed run, timed
 * from the start of the first to the end of the last.
 */
public final class BareBuild {
  private final Jails jails;
  private final BuildRequest request;
  private final Path folder;

  /**
   * Prepares.
   *
   * @param request of a port that fetches nothing and for which nothing is installed
   * @param folder of the caller's, for a make.conf; beside it are rigs, as beside a builder's spool
   * @throws IllegalArgumentException for any other port
   */
  public BareBuild(Jails jails, BuildRequest request, Path folder) {
    if (!request.port().distfiles().isEmpty() || !request.port().dependencies().isEmpty()) {
      throw new IllegalArgumentException(request.port().spec()
          + " fetches distfiles or needs other ports; give a port that does neither");
    }
    this.jails = jails;
    this.request = request;
    this.folder = folder.toAbsolutePath();
  }

  /**
   * Runs the make calls.
   *
   * @throws JailException where one of them fails, with the last line that was said
   */
  public Duration run() throws IOException, InterruptedException {
    Optional<Rig> rig = Rig.of(request.target(), folder.resolveSibling("rigs"));
    String text = BuildConf.text(request, rig.map(Rig::makeConf).orElse(List.of()));
    Files.createDirectories(folder);
    Path conf = Files.writeString(folder.resolve("make.conf"), text);
    Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
    List<Mount> mounts = new ArrayList<>(Steps.sources(request));
    mounts.add(new Mount(conf, BuildConf.PLACE, false));
    rig.ifPresent(given -> mounts.addAll(given.mounts()));
    JailSpec spec =
        new JailSpec(JailNames.of("plain", request.port()), request.target().base(), mounts);
    try (Jail jail = jails.create(spec)) {
      Moments moments = new Moments();
      LastLine last = new LastLine(OutputStream.nullOutputStream());
      Steps steps = new Steps(request, Instant.EPOCH, rig);
      Exit exit = jail.run(steps.makeCallsAlone(), moments, last);
      if (!exit.succeeded()) {
        throw new JailException("the make calls of " + request.port().spec() + " alone failed ("
            + exit.inWords() + "): " + last.text());
      }
      return moments.between();
    }
  }

  /** When lines came. */
  private static final class Moments extends OutputStream {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private long begin;
    private long end;

    @Override
    public void write(int value) {
      end = System.nanoTime();
      begin = text.size() == 0 ? end : begin;
      text.write(value);
    }

    Duration between() throws JailException {
      if (!text.toString(StandardCharsets.US_ASCII).equals("begin\nend\n")) {
        throw new JailException("the make calls alone did not say when they began and ended");
      }
      return Duration.ofNanos(end - begin);
    }
  }
}
