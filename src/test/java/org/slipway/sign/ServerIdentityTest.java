package org.slipway.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerIdentityTest {
  private static SampleCertificate rsa;

  @TempDir
  Path folder;

  @BeforeAll
  static void makeCertificate() {
    rsa = SampleCertificate.make("RSA", "one");
  }

  private Path certificate() {
    return folder.resolve("cert.pem");
  }

  private Path key() {
    return folder.resolve("key.pem");
  }

  private ServerCertificate read() throws IOException {
    return ServerCertificate.read(certificate(), key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void readsEveryKindOfKey(String algorithm) throws Exception {
    SampleCertificate sample =
        algorithm.equals("RSA") ? rsa : SampleCertificate.make(algorithm, "host");
    sample.write(folder);
    assertThat(read().key()).isEqualTo(sample.keys().getPrivate());
    if (!algorithm.equals("Ed25519")) {
      SampleCertificate.put(key(), sample.traditional());
      assertThat(secret(read().key())).isEqualTo(secret(sample.keys().getPrivate()));
    }
  }

  /** The number in it: two encodings of one EC key are not equal. */
  private static BigInteger secret(PrivateKey key) {
    return key instanceof ECPrivateKey curve
        ? curve.getS()
        : ((RSAPrivateKey) key).getPrivateExponent();
  }

  @Test
  void readsAWholeChainWithWordsAroundIt() throws Exception {
    SampleCertificate issuer = SampleCertificate.make("EC", "issuer");
    rsa.write(folder);
    SampleCertificate.put(
        certificate(), "Certificate:\n    Data: ...\n" + rsa.pem() + "\n" + issuer.pem());
    assertThat(read().chain()).containsExactly(rsa.certificate(), issuer.certificate());
  }

  @Test
  void saysInOneSentenceWhatIsWrong() throws Exception {
    refuses("the certificate " + certificate() + " is not there");
    rsa.write(folder);
    Files.delete(key());
    refuses("the key " + key() + " is not there");
    SampleCertificate.put(key(), SampleCertificate.make("RSA", "other").pkcs8());
    refuses("the key " + key() + " is not the one that the certificate " + certificate()
        + " was made for");
    SampleCertificate.put(key(), SampleCertificate.make("EC", "other").pkcs8());
    refuses("the key " + key() + " is not the one that the certificate " + certificate()
        + " was made for");
    SampleCertificate.put(key(), rsa.pem());
    refuses("there is no private key in " + key()
        + "; one starts with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----");
    SampleCertificate.put(key(), rsa.pkcs8().replace("M", "!"));
    refuses("the key " + key() + " is damaged");
    SampleCertificate.put(key(), """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

        AAAA
        -----END RSA PRIVATE KEY-----
        """);
    refuses("the key " + key() + " has a passphrase, which nobody is there to type; give one"
        + " without: openssl pkey -in " + key() + " -out NEW");
    SampleCertificate.put(key(), rsa.pkcs8());
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r--r--"));
    refuses("everybody on this host can read the key " + key() + "; run: chmod 600 " + key());
    SampleCertificate.put(certificate(), "0\001\002");
    refuses("the certificate " + certificate()
        + " is not in PEM; it starts with -----BEGIN CERTIFICATE-----");
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> ServerIdentity.open(certificate(), key()))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void keepsTheCertificateWhileANewOneDoesNotFit() throws Exception {
    rsa.write(folder);
    SSLContext context = ServerIdentity.open(certificate(), key()).context();
    SampleCertificate next = SampleCertificate.make("EC", "two");
    SampleCertificate.put(certificate(), next.pem());
    // Longer than the time between two looks, and some of them while only one file is new.
    for (long end = System.nanoTime() + 1_500_000_000L; System.nanoTime() < end; ) {
      assertThat(shown(context)).isEqualTo(rsa.certificate());
    }
    SampleCertificate.put(key(), next.pkcs8());
    Awaitility.await().until(() -> shown(context).equals(next.certificate()));
  }

  /** What a client sees who lets everybody in. */
  private static X509Certificate shown(SSLContext context) throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new TrustsAll()}, null);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket server = context.getServerSocketFactory().createServerSocket(0, 1, here)) {
      FutureTask<Void> answering = new FutureTask<>(() -> {
        try (Socket each = server.accept()) {
          each.getOutputStream().write(1);
        }
        return null;
      });
      new Thread(answering).start();
      try (SSLSocket client =
          (SSLSocket) trusting.getSocketFactory().createSocket(here, server.getLocalPort())) {
        client.setSoTimeout(60_000);
        assertThat(client.getInputStream().read()).isEqualTo(1);
        answering.get();
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
      }
    }
  }

  @Test
  void showsNothingOfTheKey() throws Exception {
    rsa.write(folder);
    assertThat(read().toString()).isEqualTo("certificate of CN=one");
  }

  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
