package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.sign.SampleCertificate;
import org.slipway.sign.ServerIdentity;
import org.slipway.web.SampleFarm.Served;

/** Encryption and HTTP/2, with a client that trusts one certificate and no other. */
@ExtendWith(SampleFarm.class)
class TlsTest {
  private static final String LARGE = "All/large-1.0.pkg";

  private final Served sample;

  @TempDir
  Path home;

  TlsTest(Served sample) {
    this.sample = sample;
  }

  private PlainFarm farm(boolean http2) throws IOException {
    SSLContext context =
        ServerIdentity.open(home.resolve("cert.pem"), home.resolve("key.pem")).context();
    PlainFarm farm = new PlainFarm(
        sample.sample(),
        home,
        new Listening("127.0.0.1", 0, http2, Optional.of(new Listening.Tls(0, context))));
    farm.publish(farm.snapshot(
        1, Map.of("All/small-1.0.pkg", "small".getBytes(StandardCharsets.UTF_8), LARGE, large())));
    return farm;
  }

  private static byte[] large() {
    byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    return large;
  }

  private static SSLContext trusting(X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("farm", certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static HttpResponse<byte[]> get(
      SSLContext trust, HttpClient.Version version, URI uri, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).version(version);
    return HttpClient.newBuilder()
        .sslContext(trust)
        .build()
        .send(
            (headers.length == 0 ? request : request.headers(headers)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  private static URI encrypted(PlainFarm farm, String file) {
    return farm.server
        .encryptedAddress()
        .orElseThrow()
        .resolve(PlainFarm.ADDRESS)
        .resolve(file);
  }

  @Test
  void servesOverTlsWithTheHttpThatTheClientChooses() throws Exception {
    SampleCertificate certificate = SampleCertificate.make("EC", "farm");
    certificate.write(home);
    SSLContext trust = trusting(certificate.certificate());
    try (PlainFarm farm = farm(true)) {
      for (HttpClient.Version version : HttpClient.Version.values()) {
        for (String file : new String[] {"All/small-1.0.pkg", LARGE, "All/", "data.pkg"}) {
          HttpResponse<byte[]> answer = get(trust, version, encrypted(farm, file));
          assertThat(answer.statusCode()).as(version + " " + file).isEqualTo(200);
          assertThat(answer.version()).isEqualTo(version);
        }
        assertThat(get(trust, version, encrypted(farm, LARGE)).body()).isEqualTo(large());
        HttpResponse<byte[]> part =
            get(trust, version, encrypted(farm, LARGE), "Range", "bytes=-100");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).hasSize(100);
        String tag = part.headers().firstValue("ETag").orElseThrow();
        assertThat(get(trust, version, encrypted(farm, LARGE), "If-None-Match", tag)
                .statusCode())
            .isEqualTo(304);
        String configuration = new String(
            get(trust, version, encrypted(farm, "../plain.conf")).body(), StandardCharsets.UTF_8);
        assertThat(configuration)
            .contains("url: \"" + encrypted(farm, "").toString().replaceFirst("/$", "") + "\"");
      }
    }
  }

  @Test
  void speaksHttp2WithoutTlsToWhoAsksForIt() throws Exception {
    SampleCertificate.make("EC", "farm").write(home);
    try (PlainFarm farm = farm(true)) {
      HttpResponse<byte[]> answer =
          get(SSLContext.getDefault(), HttpClient.Version.HTTP_2, farm.uri(LARGE));
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.body()).isEqualTo(large());
    }
  }

  @Test
  void speaksNoHttp2WhereItIsNotWanted() throws Exception {
    SampleCertificate certificate = SampleCertificate.make("RSA", "farm");
    certificate.write(home);
    SSLContext trust = trusting(certificate.certificate());
    try (PlainFarm farm = farm(false)) {
      for (URI uri : new URI[] {farm.uri(LARGE), encrypted(farm, LARGE)}) {
        HttpResponse<byte[]> answer = get(trust, HttpClient.Version.HTTP_2, uri);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).isEqualTo(large());
      }
    }
  }

  @Test
  void showsARenewedCertificateWithoutARestart() throws Exception {
    SampleCertificate first = SampleCertificate.make("EC", "first");
    first.write(home);
    try (PlainFarm farm = farm(true)) {
      assertThat(shown(farm)).isEqualTo(first.certificate());
      SampleCertificate second = SampleCertificate.make("RSA", "second");
      second.write(home);
      Awaitility.await().until(() -> shown(farm).equals(second.certificate()));
      assertThatThrownBy(() ->
              get(trusting(first.certificate()), HttpClient.Version.HTTP_2, encrypted(farm, "")))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void speaksNoOldTls() throws Exception {
    SampleCertificate certificate = SampleCertificate.make("EC", "farm");
    certificate.write(home);
    try (PlainFarm farm = farm(false);
        SSLSocket socket = socket(farm)) {
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
      try (SSLSocket old = socket(farm)) {
        old.setEnabledProtocols(new String[] {"TLSv1.1"});
        assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
      }
    }
  }

  /** Trusts everybody, so that it sees who is there. */
  private static SSLSocket socket(PlainFarm farm) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new javax.net.ssl.TrustManager[] {new TrustsAll()}, null);
    URI address = farm.server.encryptedAddress().orElseThrow();
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(address.getHost(), address.getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static X509Certificate shown(PlainFarm farm) throws Exception {
    try (SSLSocket socket = socket(farm)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static final class TrustsAll extends javax.net.ssl.X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
