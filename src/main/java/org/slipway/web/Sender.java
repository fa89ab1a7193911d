package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slipway.store.StoredLog;

/** Answers as bytes on the wire. */
final class Sender {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String JSON = "application/json; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

  /** A page about an error. */
  record ErrorView(int status, String message) {}

  private record Nothing() {}

  private final Pages pages;
  private final EventHub hub;
  private final FileSender files;

  Sender(Pages pages, EventHub hub, FileSender files) {
    this.pages = pages;
    this.hub = hub;
    this.files = files;
  }

  void send(
      Answer answer, boolean json, Look look, Request request, Response response, Callback callback)
      throws IOException {
    if (answer instanceof Answer.View view) {
      fresh(response);
      String text = json
          ? pages.json(view.content())
          : pages.html(view.template(), view.content(), around(look));
      text(200, json ? JSON : HTML, text, response, callback);
    } else if (answer instanceof Answer.Plain plain) {
      text(
          200, HTML, pages.html(plain.template(), new Nothing(), around(look)), response, callback);
    } else if (answer instanceof Answer.Problem problem) {
      problem(problem, json, look, response, callback);
    } else if (answer instanceof Answer.Text text) {
      fresh(response);
      text(200, text.type(), text.text(), response, callback);
    } else if (answer instanceof Answer.Octets octets) {
      fresh(response);
      bytes(200, "application/octet-stream", octets.bytes().slice(), response, callback);
    } else if (answer instanceof Answer.File file) {
      asset(file.asset(), response, callback);
    } else if (answer instanceof Answer.Log log) {
      log(log, look, request, response, callback);
    } else if (answer instanceof Answer.Bare bare) {
      bare(bare.status(), bare.message(), response, callback);
    } else if (answer instanceof Answer.Download download) {
      files.send(download.file(), request, response, callback);
    } else if (answer instanceof Answer.Events events) {
      events(events, look, request, response, callback);
    } else if (answer instanceof Answer.Elsewhere elsewhere) {
      response.getHeaders().put(HttpHeader.LOCATION, elsewhere.path());
      text(303, PLAIN, "See " + elsewhere.path() + "\n", response, callback);
    } else if (answer instanceof Answer.Moved moved) {
      response.getHeaders().put(HttpHeader.LOCATION, moved.path());
      text(301, PLAIN, "See " + moved.path() + "\n", response, callback);
    }
  }

  private static Map<String, ?> around(Look look) {
    return Map.of(
        "now", Look.moment(look.now()),
        "contained", look.site().containment().contains(),
        "containment", look.site().containment().sentence());
  }

  private void problem(
      Answer.Problem problem, boolean json, Look look, Response response, Callback callback)
      throws IOException {
    ErrorView view = new ErrorView(problem.status(), problem.message());
    fresh(response);
    text(
        problem.status(),
        json ? JSON : HTML,
        json ? pages.json(view) : pages.html("error.ftlh", view, around(look)),
        response,
        callback);
  }

  private static void asset(Assets.Asset asset, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "public, max-age=31536000, immutable");
    bytes(200, asset.type(), asset.bytes(), response, callback);
  }

  private void log(Answer.Log log, Look look, Request request, Response response, Callback callback)
      throws IOException {
    Optional<StoredLog> stored =
        look.site().store().find(log.build(), log.spec()).isEmpty()
            ? Optional.empty()
            : look.site().logs().open(log.build(), log.spec());
    if (stored.isEmpty()) {
      problem(Answer.missing("There is no log of this package."), false, look, response, callback);
      return;
    }
    fresh(response);
    LogSender.send(stored.get(), log, request, response, callback);
  }

  private void events(
      Answer.Events events, Look look, Request request, Response response, Callback callback)
      throws IOException {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    // For proxies that gather an answer before they pass it on.
    response.getHeaders().put(new HttpField("X-Accel-Buffering", "no"));
    if (request.getMethod().equals("HEAD")) {
      callback.succeeded();
    } else if (!hub.join(events.build(), response, callback)) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "60");
      problem(
          new Answer.Problem(503, "Too many pages are open; this one does not update itself."),
          true,
          look,
          response,
          callback);
    }
  }

  /** One line for a program, or for a person who is looking at what a program gets. */
  static void bare(int status, String message, Response response, Callback callback) {
    fresh(response);
    text(status, PLAIN, status + " " + message + "\n", response, callback);
  }

  private static void fresh(Response response) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
  }

  private static void text(
      int status, String type, String text, Response response, Callback callback) {
    bytes(status, type, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), response, callback);
  }

  private static void bytes(
      int status, String type, ByteBuffer bytes, Response response, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.remaining());
    response.write(true, bytes, callback);
  }

  /** A moment as HTTP writes it (RFC 9110, 5.6.7), the day always with two digits. */
  static String httpDate(Instant moment) {
    return HTTP_DATE.format(moment.atOffset(ZoneOffset.UTC));
  }
}
