package org.slipway.repository;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where a repository to be checked is read from, file by file. Safe for several threads. */
public sealed interface RepositoryFiles {
  /**
   * A file as a stream.
   *
   * @param path relative to the root
   * @return empty where there is no such file
   */
  Optional<InputStream> open(String path) throws IOException;

  /** The file itself, where it lies on this machine. */
  Optional<Path> local(String path) throws IOException;

  /** How a person calls it. */
  String name();

  /** A repository in a folder. */
  static RepositoryFiles of(Path folder) throws IOException {
    return new Folder(folder.toRealPath());
  }

  /** A repository behind {@code http:} or {@code https:}. */
  static RepositoryFiles of(URI address) {
    return new Web(address.toString().endsWith("/") ? address : URI.create(address + "/"));
  }

  /** Files below a folder, or of a snapshot; what leads out of it is not there. */
  final class Folder implements RepositoryFiles {
    private final Path root;

    private Folder(Path root) {
      this.root = root;
    }

    @Override
    public Optional<InputStream> open(String path) throws IOException {
      Optional<Path> file = local(path);
      return file.isPresent() ? Optional.of(Files.newInputStream(file.get())) : Optional.empty();
    }

    @Override
    public Optional<Path> local(String path) throws IOException {
      try {
        Path file = root.resolve(path).toRealPath();
        return SnapshotFiles.has(root, file) && Files.isRegularFile(file)
            ? Optional.of(file)
            : Optional.empty();
      } catch (NoSuchFileException absent) {
        return Optional.empty();
      }
    }

    @Override
    public String name() {
      return root.toString();
    }
  }

  /** Files behind an address. */
  final class Web implements RepositoryFiles {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final URI root;
    private final HttpClient client = HttpClient.newBuilder()
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();

    private Web(URI root) {
      this.root = root;
    }

    @Override
    public Optional<InputStream> open(String path) throws IOException {
      HttpRequest request = request(path);
      try {
        HttpResponse<InputStream> response =
            client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
          return Optional.of(response.body());
        }
        response.body().close();
        if (response.statusCode() == 404) {
          return Optional.empty();
        }
        throw new IOException(request.uri() + " answers with status " + response.statusCode());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while fetching " + request.uri(), e);
      } catch (ConnectException e) {
        // Java's own has no message.
        throw new IOException(
            "nobody answers at " + root + "; check the address, and whether its server runs", e);
      }
    }

    private HttpRequest request(String path) throws IOException {
      try {
        return HttpRequest.newBuilder(URI.create(root + path)).timeout(ANSWER).build();
      } catch (IllegalArgumentException e) {
        throw new IOException(root + path + " is no address that can be fetched from", e);
      }
    }

    @Override
    public Optional<Path> local(String path) {
      return Optional.empty();
    }

    @Override
    public String name() {
      return root.toString();
    }
  }
}
