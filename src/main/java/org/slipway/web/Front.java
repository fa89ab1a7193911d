package org.slipway.web;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door: every request comes in here, is read, answered and sent, and every answer leaves with
 * the same precautions.
 */
final class Front extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  /**
   * The site has its own style sheet and script; nothing else ever runs in its pages, and no other
   * site frames them.
   */
  private static final Map<String, String> PRECAUTIONS = Map.of(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      "X-Content-Type-Options",
      "nosniff",
      "X-Frame-Options",
      "DENY",
      "Referrer-Policy",
      "no-referrer",
      "Cross-Origin-Opener-Policy",
      "same-origin");

  private final Site site;
  private final Routes routes;
  private final PackageCache cache;
  private final SnapshotCache snapshots = new SnapshotCache();
  private final Sender sender;
  private final String ownAddress;

  Front(Site site, Routes routes, PackageCache cache, Sender sender, String ownAddress) {
    this.site = site;
    this.routes = routes;
    this.cache = cache;
    this.sender = sender;
    this.ownAddress = ownAddress;
  }

  static void precautions(HttpFields.Mutable headers) {
    PRECAUTIONS.forEach((name, value) -> headers.put(new HttpField(name, value)));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    precautions(response.getHeaders());
    Optional<Asked> asked = Asked.of(request, ownAddress, site.address());
    Look look = new Look(
        site,
        cache,
        snapshots,
        site.clock().instant(),
        asked.map(Asked::address).orElse(ownAddress));
    boolean json = asked.map(Asked::json).orElse(false);
    Answer answer = answer(request, response, asked, look);
    try {
      sender.send(answer, json, look, request, response, callback);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be answered", request.getHttpURI().getPath(), e);
      if (response.isCommitted()) {
        callback.failed(e);
      } else {
        sender.send(broken(), json, look, request, response, callback);
      }
    }
    return true;
  }

  private Answer answer(Request request, Response response, Optional<Asked> asked, Look look) {
    String method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      return new Answer.Problem(405, "This site is read with GET and HEAD only.");
    }
    if (asked.isEmpty()) {
      return new Answer.Problem(400, "This address cannot be read.");
    }
    try {
      return routes.answer(asked.get(), look);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be answered", request.getHttpURI().getPath(), e);
      return broken();
    }
  }

  private static Answer broken() {
    return new Answer.Problem(
        500, "The farm could not read what this page shows; its own log says why.");
  }
}
