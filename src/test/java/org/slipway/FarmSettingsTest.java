package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Abi;
import org.slipway.schedule.Keep;
import org.slipway.sign.SampleCertificate;
import org.slipway.store.DatabaseSettings;

/** The farm's own settings, slipway.yaml. */
final class FarmSettingsTest {
  private static final Abi HOST = Abi.parse("Linux:3.2:x86_64");

  @TempDir
  Path home;

  @Test
  void readsHowTheSiteIsEncrypted() throws IOException {
    SampleCertificate.make("EC", "farm").write(home);
    farm("listen: { host: \"::\", tls: { certificate: cert.pem, key: key.pem } }\n");
    assertThat(FarmConfig.read(home, () -> HOST).listen())
        .isEqualTo(new FarmConfig.Listen(
            "::",
            8080,
            true,
            Optional.of(
                new FarmConfig.Tls(home.resolve("cert.pem"), home.resolve("key.pem"), 8443))));
    farm("listen: { port: 80, http2: false, tls: { certificate: " + home.resolve("cert.pem")
        + ", key: key.pem, port: 443 } }\n");
    FarmConfig.Listen listen = FarmConfig.read(home, () -> HOST).listen();
    assertThat(listen.host()).isEqualTo("127.0.0.1");
    assertThat(listen.port()).isEqualTo(80);
    assertThat(listen.http2()).isFalse();
    assertThat(listen.tls().orElseThrow().port()).isEqualTo(443);
    assertThat(listen.withPort(8080).tls()).isEqualTo(listen.tls());
    farm("listen: { host: 0.0.0.0 }\n");
    assertThat(FarmConfig.read(home, () -> HOST).listen())
        .isEqualTo(new FarmConfig.Listen("0.0.0.0", 8080));
  }

  @Test
  void saysWhereACertificateIsWrong() throws IOException {
    SampleCertificate.make("EC", "farm").write(home);
    Path secret = home.resolve("key.pem");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    farm("""
        listen:
          port: 8443
          https: true
          tls:
            certificate: cert.pem
            key: key.pem
        """);
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> FarmConfig.read(home, () -> HOST));
    assertThat(refused.mistakes())
        .extracting(each -> each.line() + ": " + each.message())
        .containsExactly(
            "3: unknown key \"https\" in listen; did you mean http2?",
            "5: listen.tls.port: found 8443, where the farm listens without encryption; give another",
            "6: listen.tls.key: everybody on this host can read the key " + secret
                + "; run: chmod 600 " + secret);
  }

  @Test
  void readsFarmSettings() throws IOException {
    Path secret = home.resolve("secret");
    Files.writeString(secret, "s3cret\nnot this\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    farm("""
        listen: "[::1]:9000"
        address: https://packages.example.org/
        database: { url: jdbc:postgresql://db.example.org/farm, user: slip, password-file: secret }
        """);

    FarmConfig config = FarmConfig.read(home, () -> HOST);

    assertThat(config.listen()).isEqualTo(new FarmConfig.Listen("::1", 9000));
    assertThat(config.address()).contains(URI.create("https://packages.example.org/"));
    assertThat(config.database().url()).isEqualTo("jdbc:postgresql://db.example.org/farm");
    assertThat(config.database().user()).isEqualTo("slip");
    assertThat(config.database().password()).isEqualTo("s3cret");
  }

  @Test
  void readsHowLongTheFarmKeepsWhatItCouldDoWithout() throws IOException {
    assertThat(FarmConfig.read(home, () -> HOST).keep()).isEqualTo(Keep.USUAL);
    farm("keep: { logs: 30d, distfiles: 48h, distfiles-size: 2g, caches: 1d, trees: 366d }\n");
    assertThat(FarmConfig.read(home, () -> HOST).keep())
        .isEqualTo(new Keep(
            Duration.ofDays(30),
            Duration.ofDays(2),
            OptionalLong.of(2L << 30),
            Duration.ofDays(1),
            Duration.ofDays(366)));
    farm("keep: { logs: 23h, distfile: 1d, trees: ever }\n");
    assertThat(mistakes())
        .contains(
            "slipway.yaml:1:15: keep.logs: found \"23h\", expected a duration from 1d to 366d",
            "slipway.yaml:1:20: unknown key \"distfile\" in keep; did you mean distfiles?",
            "slipway.yaml:1:41: keep.trees: found \"ever\", expected a duration from 1d to 366d");
  }

  @Test
  void refusesADamagedDatabaseSection() throws IOException {
    Files.writeString(home.resolve("open"), "x");
    Files.setPosixFilePermissions(
        home.resolve("open"), PosixFilePermissions.fromString("rw-r--r--"));
    farm("""
        database:
          url: jdbc:postgresql://h/farm?user=a&password=b
          pasword-file: x
          password-file: open
        """);

    assertThat(mistakes())
        .containsExactly(
            "slipway.yaml:2:8: database.url: a password in the address is not supported: logs"
                + " show addresses; use password-file",
            "slipway.yaml:3:3: unknown key \"pasword-file\" in database;"
                + " did you mean password-file?",
            "slipway.yaml:4:18: database.password-file: everybody on this host can read "
                + home.resolve("open") + "; run: chmod 600 " + home.resolve("open"));
  }

  @Test
  void worksWithoutAnyFile() throws IOException {
    FarmConfig config = FarmConfig.read(home, () -> HOST);

    assertThat(config.jobs()).isEmpty();
    assertThat(config.listen()).isEqualTo(new FarmConfig.Listen("127.0.0.1", 8080));
    assertThat(config.address()).isEmpty();
    assertThat(config.database())
        .isEqualTo(DatabaseSettings.embedded(home.toAbsolutePath().resolve("db")));
  }

  private List<String> mistakes() {
    ConfigException refusal =
        catchThrowableOfType(ConfigException.class, () -> FarmConfig.read(home, () -> HOST));
    assertThat(refusal).isNotNull();
    return refusal.mistakes().stream()
        .map(each -> each.toString().replaceFirst("^" + home + "/", ""))
        .toList();
  }

  private void farm(String text) throws IOException {
    Files.writeString(home.resolve("slipway.yaml"), text);
  }
}
