package org.slipway.web;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.URIUtil;

/**
 * What a visitor asked for.
 *
 * @param path the address's parts between slashes, decoded; none is empty, {@code .} or {@code ..}
 * @param folder whether the path ends with a slash
 * @param json whether the same is wanted as JSON
 * @param address what clients call this server, such as {@code http://farm:8080}: what its owner says, else what the
 *     visitor calls it
 */
record Asked(
    List<String> path, boolean folder, Map<String, String> query, boolean json, String address) {
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[?[0-9A-Fa-f:.]{2,45}]?");
  private static final int PARTS = 12;

  Asked {
    path = List.copyOf(path);
    query = Collections.unmodifiableMap(new TreeMap<>(query));
  }

  /** Reads a request; empty where its path could mean something else than it says. */
  static Optional<Asked> of(Request request, String ownAddress, Optional<URI> publicAddress) {
    String raw = request.getHttpURI().getPath();
    Optional<List<String>> parts = raw == null ? Optional.empty() : parts(raw);
    if (raw == null || parts.isEmpty()) {
      return Optional.empty();
    }
    List<String> path = parts.get();
    boolean json = path.size() > 1 && path.get(0).equals("api");
    return Optional.of(new Asked(
        json ? withoutApi(path) : path,
        raw.endsWith("/"),
        query(request),
        json,
        publicAddress.map(Asked::withoutSlash).orElseGet(() -> address(request, ownAddress))));
  }

  /**
   * What a client asks for that wants a file by its path and nothing else; empty where the path would have to be decoded,
   * but for a tilde.
   */
  static Optional<Asked> file(String raw) {
    String path = raw.replace("%7E", "~").replace("%7e", "~");
    return path.indexOf('%') >= 0 || path.endsWith("/")
        ? Optional.empty()
        : parts(path).map(each -> new Asked(each, false, Map.of(), false, ""));
  }

  private static Optional<List<String>> parts(String raw) {
    if (!raw.startsWith("/")) {
      return Optional.empty();
    }
    List<String> path = new ArrayList<>();
    String[] parts = raw.substring(1).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (last && parts[i].isEmpty()) {
        break;
      }
      Optional<String> part = decoded(parts[i]);
      if (part.isEmpty() || path.size() == PARTS) {
        return Optional.empty();
      }
      path.add(part.get());
    }
    return Optional.of(path);
  }

  private static List<String> withoutApi(List<String> path) {
    return path.equals(List.of("api", "farm")) ? List.of() : path.subList(1, path.size());
  }

  private static Optional<String> decoded(String part) {
    String text;
    try {
      text = URIUtil.decodePath(part);
    } catch (IllegalArgumentException notUtf8) {
      return Optional.empty();
    }
    boolean fine = !text.isEmpty()
        && !text.equals(".")
        && !text.equals("..")
        && text.chars().allMatch(c -> c > 0x20 && c != 0x7f && c != '/' && c != '\\' && c != '%');
    return fine ? Optional.of(text) : Optional.empty();
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new TreeMap<>();
    try {
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        query.put(field.getName(), field.getValue());
      }
    } catch (RuntimeException malformed) {
      // A query that cannot be read asks for nothing in particular.
      return Map.of();
    }
    return query;
  }

  private static String withoutSlash(URI address) {
    return address.toString().replaceAll("/+$", "");
  }

  private static String address(Request request, String ownAddress) {
    String host = Request.getServerName(request);
    int port = Request.getServerPort(request);
    // HTTP/2 has :authority for Host.
    boolean told = request.getHeaders().contains(HttpHeader.HOST)
        || request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
    if (host == null || !HOST.matcher(host).matches() || !told) {
      return ownAddress;
    }
    String named = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    boolean usual = port <= 0 || port == (request.isSecure() ? 443 : 80);
    return (request.isSecure() ? "https://" : "http://") + named + (usual ? "" : ":" + port);
  }

  /** The same address with a slash at its end, as a folder has. */
  Answer withSlash() {
    return new Answer.Moved("/" + String.join("/", path) + "/");
  }

  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** A parameter as a number, 0 where it is none. */
  long number(String name) {
    String text = parameter(name);
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }
}
