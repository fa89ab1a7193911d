package org.slipway.sign;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who this host is for clients over TLS. Its files are looked at again while connections come in, so that a renewed
 * certificate is shown without a restart; while the new files do not fit together, the old ones hold. The key does not
 * leave this room.
 */
public final class ServerIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(ServerIdentity.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A handshake that began with a certificate ends with it, so the one before the last is still known. */
  private static final int REMEMBERED = 2;

  private final Path certificate;
  private final Path key;
  private List<ServerCertificate> newestFirst;
  private int generation;
  private String looked;
  private long lookedNanos;

  private ServerIdentity(Path certificate, Path key) throws IOException {
    this.certificate = certificate;
    this.key = key;
    this.looked = look();
    this.lookedNanos = System.nanoTime();
    this.newestFirst = List.of(ServerCertificate.read(certificate, key));
  }

  /**
   * Reads both files.
   *
   * @param certificate PEM, the host's certificate first, then its issuers'
   * @param key PEM: PKCS#8, PKCS#1 or SEC1, without a passphrase; not readable by everybody
   * @throws KeyFileException where the key is of no use
   * @throws IOException where the certificate is of no use; both messages are for a person
   */
  public static ServerIdentity open(Path certificate, Path key) throws IOException {
    return new ServerIdentity(certificate.toAbsolutePath(), key.toAbsolutePath());
  }

  /** For a server; asks nothing of clients. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new Keys()}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  /** The certificate of now, by the number it has been given. */
  private synchronized int current() {
    if (System.nanoTime() - lookedNanos >= LOOK_NANOS) {
      lookedNanos = System.nanoTime();
      String now = look();
      try {
        if (!now.equals(looked)) {
          looked = now;
          List<ServerCertificate> known = new ArrayList<>(newestFirst);
          known.add(0, ServerCertificate.read(certificate, key));
          newestFirst = List.copyOf(known.subList(0, REMEMBERED));
          generation++;
          LOG.info("clients are shown the {} from {}", newestFirst.get(0), certificate);
        }
      } catch (IOException e) {
        LOG.warn("the certificate of before is still shown, since {}", e.getMessage());
      }
    }
    return generation;
  }

  private synchronized @Nullable ServerCertificate of(@Nullable String alias) {
    int age = alias == null ? -1 : generation - Integer.parseInt(alias);
    return age >= 0 && age < newestFirst.size() ? newestFirst.get(age) : null;
  }

  /** Which files they are now; another text where either is another or has been written anew. */
  private String look() {
    StringBuilder text = new StringBuilder();
    for (Path each : List.of(certificate, key)) {
      try {
        BasicFileAttributes found = Files.readAttributes(each, BasicFileAttributes.class);
        text.append(found.fileKey())
            .append(' ')
            .append(found.lastModifiedTime())
            .append(' ');
        text.append(found.size()).append('\n');
      } catch (IOException absent) {
        // Said with reasons by whoever reads it.
        text.append("none\n");
      }
    }
    return text.toString();
  }

  /** What TLS asks; an alias is a certificate's number. */
  private final class Keys extends X509ExtendedKeyManager {
    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      String alias = Integer.toString(current());
      ServerCertificate found = of(alias);
      // RSASSA-PSS is what TLS 1.3 also calls an RSA key that signs that way.
      return found != null
              && (keyType.equals(found.key().getAlgorithm())
                  || (keyType.equals("EdDSA") && found.key().getAlgorithm().startsWith("Ed")))
          ? alias
          : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
      ServerCertificate found = of(alias);
      return found == null ? null : found.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
      ServerCertificate found = of(alias);
      return found == null ? null : found.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
