package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fetches archives of bases over HTTP. What broke off is kept and gone on with, in this run or the
 * next (RFC 9110, 14.2), since the sum decides in the end; what has another sum is thrown away. A
 * redirection from https to http is not followed.
 */
final class BaseDownload {
  /** A mirror that is being restarted is back by then. */
  private static final int TRIES = 5;

  private static final Duration CONNECT = Duration.ofSeconds(30);

  /** A server that sends nothing for as long will send no more. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** A download that nobody went on with. */
  private static final Duration KEPT = Duration.ofDays(7);

  private final BaseProgress progress;
  private final Duration silence;
  private final Duration pause;
  private final HttpClient client;

  BaseDownload(BaseProgress progress) {
    this(progress, SILENCE, Duration.ofSeconds(1));
  }

  /** @param pause before the second try; each further one is twice as long */
  BaseDownload(BaseProgress progress, Duration silence, Duration pause) {
    this.progress = progress;
    this.silence = silence;
    this.pause = pause;
    this.client = HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(CONNECT)
        .build();
  }

  /** A whole and verified file, which is removed when it is closed. */
  record Kept(Path file, Optional<BaseLock> lock) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(file);
      if (lock.isPresent()) {
        lock.get().close();
      }
    }
  }

  /** The server said that asking again is of no use. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** A small file, held in memory. */
  byte[] small(URI address, int mostBytes) throws IOException {
    return trying(address, () -> {
      HttpResponse<InputStream> response = ask(address, 0);
      try (InputStream body = response.body()) {
        require(address, response.statusCode(), 200);
        byte[] bytes = watched(body, body2 -> body2.readNBytes(mostBytes + 1), new AtomicLong());
        if (bytes.length > mostBytes) {
          throw new Refused(address + " has more than " + mostBytes + " bytes");
        }
        return bytes;
      }
    });
  }

  /**
   * An archive, as a file.
   *
   * @param sum its SHA-256 in hexadecimal
   * @param downloads keeps what broke off
   * @param aside where it goes when another process fetches the same
   */
  Kept get(URI address, String name, String sum, long mostBytes, Path downloads, Path aside)
      throws IOException {
    sweep(downloads);
    String word = HexFormat.of()
        .formatHex(BaseDigest.sha256()
            .digest(address.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .substring(0, 24);
    Optional<BaseLock> lock = BaseLock.take(downloads.resolve(word + ".lock"));
    Path part = lock.isPresent() ? downloads.resolve(word + ".part") : aside.resolve(name);
    Kept kept = new Kept(part, lock);
    boolean whole = false;
    try {
      boolean resumed = Files.exists(part) && Files.size(part) > 0;
      fetch(address, name, part, mostBytes);
      String found = sum(part);
      if (!found.equals(sum) && resumed) {
        // What was kept of the last run may be of another file; without it, it may be right.
        Files.delete(part);
        fetch(address, name, part, mostBytes);
        found = sum(part);
      }
      if (!found.equals(sum)) {
        Files.deleteIfExists(part);
        throw BaseMaking.wrongSum(address.toString(), found, sum);
      }
      whole = true;
      return kept;
    } finally {
      if (!whole && lock.isPresent()) {
        lock.get().close();
      }
    }
  }

  static void sweep(Path downloads) throws IOException {
    if (!Files.isDirectory(downloads)) {
      return;
    }
    try (var files = Files.newDirectoryStream(downloads, "*.part")) {
      for (Path each : files) {
        long age = System.currentTimeMillis() - Files.getLastModifiedTime(each).toMillis();
        if (age > KEPT.toMillis()) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  private static String sum(Path file) throws IOException {
    MessageDigest digest = BaseDigest.sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void fetch(URI address, String name, Path part, long mostBytes) throws IOException {
    trying(address, () -> {
      long from = Files.exists(part) ? Files.size(part) : 0;
      HttpResponse<InputStream> response = ask(address, from);
      try (InputStream body = response.body()) {
        int status = response.statusCode();
        if (status == 416 || (status == 206 && !continues(response, from))) {
          // It is shorter than what is kept, or goes on elsewhere: it is another file.
          Files.deleteIfExists(part);
          throw new IOException("the server goes on at another place");
        }
        require(address, status, from > 0 && status == 206 ? 206 : 200);
        long at = status == 206 ? from : 0;
        long all = response.headers().firstValueAsLong("content-length").orElse(-at) + at;
        if (all > mostBytes) {
          throw new Refused(address + " has " + all + " bytes; no base is as large");
        }
        write(body, part, at, Math.max(0, all), mostBytes, name, address);
        return part;
      }
    });
  }

  private static boolean continues(HttpResponse<InputStream> response, long from) {
    return response
        .headers()
        .firstValue("content-range")
        .orElse("")
        .startsWith("bytes " + from + "-");
  }

  private void write(
      InputStream body, Path part, long at, long all, long most, String name, URI address)
      throws IOException {
    AtomicLong done = new AtomicLong(at);
    try (OutputStream to = at > 0
        ? Files.newOutputStream(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
        : Files.newOutputStream(part)) {
      watched(
          body,
          in -> {
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
              if (done.addAndGet(count) > most) {
                throw new Refused(address + " has more than " + most + " bytes");
              }
              try {
                to.write(buffer, 0, count);
              } catch (IOException e) {
                throw new BaseTree.DiskFault(e);
              }
              progress.at("downloading " + name, done.get(), all);
            }
            return done;
          },
          done);
    }
    if (all > 0 && done.get() < all) {
      throw new IOException(
          "the connection broke off after " + done.get() + " of " + all + " bytes");
    }
  }

  private HttpResponse<InputStream> ask(URI address, long from) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).timeout(SILENCE).header("User-Agent", "slipway");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted while " + address + " was fetched");
    }
  }

  private static void require(URI address, int status, int expected) throws IOException {
    if (status == expected) {
      return;
    }
    String said = address + " answers with status " + status;
    if (status >= 500 || status == 408 || status == 429) {
      throw new IOException(said);
    }
    throw new Refused(said
        + (status == 404
            ? ": it is not there; check the release, the processor and the mirror"
            : ""));
  }

  /** Something that is tried again where the network fails it. */
  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T trying(URI address, Step<T> step) throws IOException {
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        if (i > 0) {
          TimeUnit.MILLISECONDS.sleep(pause.toMillis() << (i - 1));
        }
        return step.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while " + address + " was fetched", e);
      } catch (Refused e) {
        throw new BaseException(String.valueOf(e.getMessage()), e);
      } catch (BaseTree.DiskFault | FileSystemException e) {
        throw e;
      } catch (IOException e) {
        last = e;
      }
    }
    throw new BaseException(
        address + " could not be fetched in " + TRIES + " tries (" + reason(last)
            + "); what there is of it is kept for the next",
        last);
  }

  private static String reason(@Nullable IOException fault) {
    if (fault instanceof ConnectException) {
      return "nobody answers there";
    }
    return fault == null ? "unknown" : BaseText.reason(fault);
  }

  /** Reads a stream. */
  private interface Reading<T> {
    T read(InputStream in) throws IOException;
  }

  /** Ends a reading that stands still: Java's client has no limit for a body. */
  private <T> T watched(InputStream body, Reading<T> reading, AtomicLong done) throws IOException {
    Thread watch = new Thread(() -> {
      try {
        for (long seen = -1; seen != done.get(); ) {
          seen = done.get();
          TimeUnit.MILLISECONDS.sleep(silence.toMillis());
        }
        body.close();
      } catch (InterruptedException | IOException e) {
        // The reading is over.
      }
    });
    watch.setDaemon(true);
    watch.start();
    try {
      return reading.read(body);
    } finally {
      watch.interrupt();
    }
  }
}
