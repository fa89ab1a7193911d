package org.slipway.web;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
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

  private static final String REPOSITORIES = "/repo/";

  /**
   * The site has its own style sheet and script; nothing else ever runs in its pages, and no other
   * site frames them.
   */
  static final List<HttpField> PRECAUTIONS = List.of(
      new PreEncodedHttpField(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
      new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
      new PreEncodedHttpField("X-Frame-Options", "DENY"),
      new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
      new PreEncodedHttpField("Cross-Origin-Opener-Policy", "same-origin"));

  private final Site site;
  private final Routes routes;
  private final PackageCache cache;
  private final SnapshotCache snapshots;
  private final Sender sender;
  private final FileSender files;
  private final FileDesk desk;
  private final String ownAddress;

  Front(
      Site site,
      Routes routes,
      PackageCache cache,
      SnapshotCache snapshots,
      FileDesk desk,
      Sender sender,
      FileSender files,
      String ownAddress) {
    // Not NON_BLOCKING with a thread of its own for what may wait: docs/decisions/0011 says why.
    super(InvocationType.BLOCKING);
    this.site = site;
    this.files = files;
    this.routes = routes;
    this.cache = cache;
    this.snapshots = snapshots;
    this.desk = desk;
    this.sender = sender;
    this.ownAddress = ownAddress;
  }

  static void precautions(HttpFields.Mutable headers) {
    for (HttpField each : PRECAUTIONS) {
      headers.put(each);
    }
  }

  /**
   * A file that was asked for before is answered without a look at the disk.
   */
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    precautions(response.getHeaders());
    String address = request.getHttpURI().getPath();
    if (address != null && address.startsWith(REPOSITORIES) && reads(request.getMethod())) {
      ServedFile file = desk.known(address);
      if (file != null) {
        files.send(file, request, response, callback);
        return true;
      }
    }
    try {
      page(request, response, callback);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be answered", address, e);
      callback.failed(e);
    }
    return true;
  }

  private void page(Request request, Response response, Callback callback) throws IOException {
    Optional<Asked> asked = Asked.of(request, ownAddress, site.address());
    Look look = new Look(
        site,
        cache,
        snapshots,
        site.clock().instant(),
        asked.map(Asked::address).orElse(ownAddress));
    boolean json = asked.map(Asked::json).orElse(false);
    Answer answer = answer(request, response, asked, look);
    if (answer instanceof Answer.Download download) {
      desk.keep(request.getHttpURI().getPath(), download);
    }
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
  }

  private Answer answer(Request request, Response response, Optional<Asked> asked, Look look) {
    String address = request.getHttpURI().getPath();
    boolean bare = address != null && address.startsWith(REPOSITORIES);
    if (!reads(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      return problem(bare, 405, "This site is read with GET and HEAD only.");
    }
    if (asked.isEmpty()) {
      return problem(bare, 400, "This address cannot be read.");
    }
    try {
      return routes.answer(asked.get(), look);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} could not be answered", address, e);
      return bare ? new Answer.Bare(500, "The farm could not read this file.") : broken();
    }
  }

  private static boolean reads(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  private static Answer problem(boolean bare, int status, String message) {
    return bare ? new Answer.Bare(status, message) : new Answer.Problem(status, message);
  }

  private static Answer broken() {
    return new Answer.Problem(
        500, "The farm could not read what this page shows; its own log says why.");
  }
}
