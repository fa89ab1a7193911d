package org.slipway.web;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where and how the site listens.
 *
 * @param host the address to bind, such as {@code 127.0.0.1}
 * @param port for HTTP without encryption, 0 for any free one
 * @param http2 whether HTTP/2 is spoken beside HTTP/1.1: with TLS where the client chooses it (ALPN), without where the
 *     client knows beforehand or asks for it (RFC 7540, 3.2 and 3.4)
 * @param tls where the same is to be had encrypted
 */
public record Listening(String host, int port, boolean http2, Optional<Tls> tls) {
  /**
   * Encryption.
   *
   * @param port 0 for any free one
   * @param context gives the certificate that is to be shown at the moment
   */
  public record Tls(int port, SSLContext context) {}

  /** HTTP/1.1 without encryption. */
  public static Listening plain(String host, int port) {
    return new Listening(host, port, false, Optional.empty());
  }
}
