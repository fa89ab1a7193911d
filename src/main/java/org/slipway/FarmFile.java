package org.slipway;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.schedule.Keep;
import org.slipway.sign.KeyFileException;
import org.slipway.sign.ServerIdentity;
import org.slipway.store.DatabaseSettings;

/**
 * Reads HOME/slipway.yaml. All of it may be left out:
 *
 * <pre>
 * listen: 127.0.0.1:8080                  where the status site listens; 0.0.0.0:8080 for everybody
 * listen:                                 the same in detail, where it shall be encrypted too
 *   host: 0.0.0.0                         default: 127.0.0.1
 *   port: 8080                            without encryption; default: 8080
 *   http2: true                           beside HTTP/1.1; default: true where there is tls
 *   tls:                                  default: none
 *     certificate: keys/fullchain.pem     the host's, then its issuers'; relative to HOME
 *     key: keys/privkey.pem               PKCS#8 or PKCS#1, no passphrase; relative to HOME
 *     port: 8443                          default: 8443
 * address: https://packages.example.org/  how clients reach it; default: where it listens
 * database:                               default: an embedded one in HOME/db
 *   url: jdbc:postgresql://db.example.org/farm
 *   user: farm                            default: farm
 *   password-file: keys/database          its first line; relative to HOME; default: no password
 * keep:                                   how long what the farm could do without; 1d at least
 *   logs: 180d                            of builds that ended, but for each job's newest
 *   distfiles: 180d                       that no build used since
 *   distfiles-size: 100g                  all of them together; default: no limit
 *   caches: 30d                           what is laid out again where it is missing
 *   trees: 30d                            mirrors and checkouts of jobs and overlays that are gone
 * </pre>
 *
 * @param listen where the status site listens
 * @param address how clients reach it, where that is another address
 */
record FarmFile(
    FarmConfig.Listen listen, Optional<URI> address, DatabaseSettings database, Keep keep) {
  private static final String NAME = "slipway.yaml";

  private static final Form<FarmConfig.Listen> LISTEN =
      new Form<>("HOST:PORT such as 127.0.0.1:8080 or [::1]:8080", FarmFile::listen);

  private static final int TLS_PORT = 8443;

  private static final Form<Integer> PORT = Form.number(0, 65535);

  private static final Form<String> HOST =
      new Form<>("a host's name or address such as 0.0.0.0 or ::1", word -> {
        Form.require(word.matches("[A-Za-z0-9.-]+|\\[?[0-9A-Fa-f:.]+]?"));
        return word.startsWith("[") ? word.substring(1, word.length() - 1) : word;
      });

  private static final Form<Duration> DAYS = new Form<>("a duration from 1d to 366d", word -> {
    Duration duration = Form.DURATION.read(word);
    Form.require(duration.compareTo(Keep.SHORTEST) >= 0);
    return duration;
  });

  private static final Form<String> JDBC_URL =
      new Form<>("jdbc:postgresql://HOST/NAME or jdbc:h2:...", FarmFile::jdbcUrl);

  /** What holds without a file. */
  static FarmFile ofDefaults(Path home) {
    return new FarmFile(
        FarmConfig.Listen.DEFAULT,
        Optional.empty(),
        DatabaseSettings.embedded(home.resolve("db")),
        Keep.USUAL);
  }

  /** The settings, or nothing and what is wrong. */
  static Optional<FarmFile> read(Path home, Mistakes mistakes) {
    return YamlFile.read(file(home), mistakes).flatMap(top -> settings(top, home, mistakes));
  }

  static Path file(Path home) {
    return home.resolve(NAME);
  }

  private static Optional<FarmFile> settings(Section top, Path home, Mistakes mistakes) {
    FarmFile otherwise = ofDefaults(home);
    FarmConfig.Listen listen = top.hasSection("listen")
        ? top.section("listen").map(section -> listen(section, home)).orElse(otherwise.listen())
        : top.read("listen", LISTEN, otherwise.listen());
    Optional<URI> address = top.read("address", Form.WEB_ADDRESS);
    DatabaseSettings database = top.section("database")
        .flatMap(section -> database(section, home))
        .orElse(otherwise.database());
    Keep keep = top.section("keep").map(FarmFile::keep).orElse(otherwise.keep());
    top.end();
    return mistakes.none()
        ? Optional.of(new FarmFile(listen, address, database, keep))
        : Optional.empty();
  }

  private static Keep keep(Section section) {
    Keep usual = Keep.USUAL;
    Duration logs = section.read("logs", DAYS, usual.logs());
    Duration distfiles = section.read("distfiles", DAYS, usual.distfiles());
    Optional<Long> size = section.read("distfiles-size", Form.SIZE);
    Duration caches = section.read("caches", DAYS, usual.caches());
    Duration trees = section.read("trees", DAYS, usual.trees());
    section.end();
    return new Keep(
        logs, distfiles, size.map(OptionalLong::of).orElse(OptionalLong.empty()), caches, trees);
  }

  private static Optional<DatabaseSettings> database(Section section, Path home) {
    Optional<String> url = section.require("url", JDBC_URL);
    String user = section.read("user", Form.matching("a user's name", "\\S{1,63}"), "farm");
    String password =
        section.read("password-file", new Form<>("a file", word -> secret(home, word)), "");
    section.end();
    return url.map(address -> new DatabaseSettings(address, user, password));
  }

  private static FarmConfig.Listen listen(Section section, Path home) {
    FarmConfig.Listen otherwise = FarmConfig.Listen.DEFAULT;
    String host = section.read("host", HOST, otherwise.host());
    int port = section.read("port", PORT, otherwise.port());
    Optional<FarmConfig.Tls> tls = section.section("tls").flatMap(below -> tls(below, home, port));
    boolean http2 = section.read("http2", Form.TRUTH, section.has("tls"));
    section.end();
    return new FarmConfig.Listen(host, port, http2, tls);
  }

  /** The files are read here and now, so that a wrong one is known with its line before a farm starts. */
  private static Optional<FarmConfig.Tls> tls(Section section, Path home, int plain) {
    Form<Path> file = new Form<>("a PEM file", word -> home.resolve(word));
    Optional<Path> certificate = section.require("certificate", file);
    Optional<Path> key = section.require("key", file);
    int port = section.read("port", PORT, TLS_PORT);
    section.end();
    if (port == plain && port != 0) {
      section.wrong(
          "port",
          "found " + port + ", where the farm listens without encryption;" + " give another");
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    try {
      ServerIdentity.open(certificate.get(), key.get());
    } catch (KeyFileException e) {
      section.wrong("key", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      section.wrong("certificate", String.valueOf(e.getMessage()));
    }
    return Optional.of(new FarmConfig.Tls(certificate.get(), key.get(), port));
  }

  private static FarmConfig.Listen listen(String word) {
    int colon = word.lastIndexOf(':');
    Form.require(colon > 0);
    String host = word.substring(0, colon);
    Form.require(host.matches("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]"));
    return new FarmConfig.Listen(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Form.number(0, 65535).read(word.substring(colon + 1)));
  }

  private static String jdbcUrl(String word) {
    if (word.matches("(?i).*[?&;]password=.*")) {
      throw new UnsupportedOperationException(
          "a password in the address is not supported: logs show addresses; use password-file");
    }
    Form.require(word.matches("jdbc:(postgresql|h2):\\S+"));
    return word;
  }

  private static String secret(Path home, String word) {
    Path file = home.resolve(word);
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new UnsupportedOperationException(
            "everybody on this host can read " + file + "; run: chmod 600 " + file);
      }
      return Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new UnsupportedOperationException(file + " cannot be read: " + e, e);
    }
  }
}
