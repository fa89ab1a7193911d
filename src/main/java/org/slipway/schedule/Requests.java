package org.slipway.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.publish.Note;
import org.slipway.store.BuildId;

/**
 * What people ask of a farm that runs, as files in HOME/requests, which only the farm's user and
 * root can write to: {@code ID.request} has a line each for what is asked, by whom and why, and
 * {@code ID.answer} is a {@link Cancellation}. Each comes whole by one rename.
 */
public final class Requests implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Requests.class);

  /** Soon enough for a person; a look at an empty folder costs next to nothing. */
  private static final long PAUSE_MILLIS = 300;

  /** Far more than a name and a reason take. */
  private static final int MOST_BYTES = 8192;

  private static final String REQUEST = ".request";
  private static final String ANSWER = ".answer";

  /** Who does what is asked. */
  interface Desk {
    Cancellation cancel(BuildId build, Note note) throws IOException;
  }

  private final Path folder;
  private final Desk desk;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "requests");
        thread.setDaemon(true);
        return thread;
      });

  private Requests(Path folder, Desk desk) {
    this.folder = folder;
    this.desk = desk;
  }

  /** Begins to answer, what was asked while no farm ran first. */
  static Requests open(Path folder, Desk desk) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "*" + ANSWER)) {
      for (Path each : old) {
        Files.deleteIfExists(each);
      }
    }
    Requests requests = new Requests(folder, desk);
    // A look catches its own faults.
    ScheduledFuture<?> unused = requests.looking.scheduleWithFixedDelay(
        requests::look, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    return requests;
  }

  private void look() {
    try (DirectoryStream<Path> asked = Files.newDirectoryStream(folder, "*" + REQUEST)) {
      for (Path each : asked) {
        answer(each);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("{} cannot be read: {}", folder, e.getMessage());
    }
  }

  private void answer(Path request) throws IOException {
    Optional<String> text = read(request);
    if (!Files.deleteIfExists(request) || text.isEmpty()) {
      return;
    }
    String name = String.valueOf(request.getFileName());
    try {
      List<String> lines = text.get().lines().toList();
      if (lines.size() < 2 || !lines.get(0).matches("cancel [1-9][0-9]{0,17}")) {
        throw new IllegalArgumentException("it is no request");
      }
      BuildId build = new BuildId(Long.parseLong(lines.get(0).substring("cancel ".length())));
      Note note = new Note(lines.get(1), lines.size() > 2 ? lines.get(2) : "");
      Cancellation answer = desk.cancel(build, note);
      log.info("{} asked to cancel build {}: {}", note.who(), build, answer.sentence(build));
      write(folder, name.substring(0, name.length() - REQUEST.length()) + ANSWER, answer.name());
    } catch (IOException | RuntimeException e) {
      log.warn("{} was not answered: {}", name, e.getMessage());
    }
  }

  private static Optional<String> read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      // Whoever asked has given up.
      return Optional.empty();
    }
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Path draft = folder.resolve(name + ".new");
    Files.writeString(draft, text);
    // Asked by root, it must be readable by the farm; nobody else comes into the folder.
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Asks the farm that runs in this home to end a build.
   *
   * @param patience how long an answer is waited for
   * @return empty where none came, and the request is withdrawn
   * @throws IOException where the caller may not write there
   */
  public static Optional<Cancellation> cancel(
      Path home, BuildId build, Note note, Duration patience)
      throws IOException, InterruptedException {
    Path folder = folder(home);
    String id = UUID.randomUUID().toString();
    Path request = folder.resolve(id + REQUEST);
    Path answer = folder.resolve(id + ANSWER);
    write(folder, id + REQUEST, "cancel " + build + "\n" + note.who() + "\n" + note.why() + "\n");
    long end = System.nanoTime() + patience.toNanos();
    try {
      do {
        Thread.sleep(PAUSE_MILLIS / 3);
        if (Files.exists(answer)) {
          return read(answer).map(Cancellation::valueOf);
        }
      } while (System.nanoTime() < end);
      return Optional.empty();
    } finally {
      Files.deleteIfExists(request);
      Files.deleteIfExists(answer);
    }
  }

  /** HOME/requests. */
  static Path folder(Path home) {
    return home.resolve("requests");
  }

  /** Ends once what is being answered is. */
  @Override
  public void close() {
    looking.shutdown();
    try {
      if (!looking.awaitTermination(1, TimeUnit.MINUTES)) {
        log.warn("a request is still being answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
