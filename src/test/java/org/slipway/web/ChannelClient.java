package org.slipway.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a repository as pkg does: meta.conf and data.pkg with the date of the catalogue that it has,
 * then packages by that catalogue. Believes nothing: whatever does not fit is an
 * {@link AssertionError}. Shares no code with what writes repositories.
 */
final class ChannelClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI repository;
  private final String fingerprint;
  private final Random random;
  private final List<JsonNode> listed = new ArrayList<>();
  private String catalogue = "";
  private @Nullable String stamp;
  private int catalogues;
  private int packages;

  ChannelClient(URI repository, String fingerprint, int seed) {
    this.repository = repository;
    this.fingerprint = fingerprint;
    this.random = new Random(seed);
  }

  /** The SHA-256 of the catalogue that it has. */
  String catalogue() {
    return catalogue;
  }

  int catalogues() {
    return catalogues;
  }

  int packages() {
    return packages;
  }

  /** {@code pkg update}. */
  void update() throws Exception {
    fetch("meta.conf", stamp);
    HttpURLConnection answer = fetch("data.pkg", stamp);
    if (answer.getResponseCode() == 304) {
      return;
    }
    String date = answer.getHeaderField("Last-Modified");
    check(stamp == null || !moment(date).isBefore(moment(stamp)), date + " after " + stamp);
    String before = catalogue;
    read(body(answer));
    check(
        stamp == null || !date.equals(stamp) || before.equals(catalogue),
        "two catalogues have the date " + date);
    stamp = date;
    catalogues++;
  }

  /** {@code pkg fetch} of a few. */
  void fetchSome() throws Exception {
    for (int i = 0; i < 3; i++) {
      JsonNode each = listed.get(random.nextInt(listed.size()));
      byte[] bytes = body(fetch(each.path("path").asText(), null));
      check(bytes.length == each.path("pkgsize").asInt(), "another size of " + each);
      check(sha256(bytes).equals(each.path("sum").asText()), "another sum of " + each);
      packages++;
    }
  }

  private HttpURLConnection fetch(String path, @Nullable String since) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) repository.resolve(path.replace("~", "%7E")).toURL().openConnection();
    connection.setReadTimeout(60_000);
    if (since != null) {
      connection.setRequestProperty("If-Modified-Since", since);
    }
    int status = connection.getResponseCode();
    check(status == 200 || (status == 304 && since != null), status + " for " + path);
    return connection;
  }

  private static byte[] body(HttpURLConnection answer) throws IOException {
    try (InputStream in = answer.getInputStream()) {
      byte[] bytes = in.readAllBytes();
      check(bytes.length == answer.getContentLengthLong(), "cut short: " + answer.getURL());
      return bytes;
    }
  }

  private void read(byte[] archive) throws Exception {
    Map<String, byte[]> members = new HashMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(new ByteArrayInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        check(members.put(entry.getName(), tar.readAllBytes()) == null, "twice " + entry);
      }
    }
    byte[] data = member(members, "data");
    requireSigned(data, member(members, "data.sig"), member(members, "data.pub"));
    catalogue = sha256(data);
    listed.clear();
    JSON.readTree(data).path("packages").forEach(listed::add);
    check(!listed.isEmpty(), "an empty catalogue");
  }

  private static byte[] member(Map<String, byte[]> members, String name) {
    byte[] found = members.get(name);
    if (found == null) {
      throw new AssertionError("no " + name + " among " + members.keySet());
    }
    return found;
  }

  private void requireSigned(byte[] data, byte[] signature, byte[] key)
      throws GeneralSecurityException {
    check(sha256(key).equals(fingerprint), "another key");
    String body = new String(key, StandardCharsets.US_ASCII).replaceAll("-----[^-]+-----|\n", "");
    Signature rsa = Signature.getInstance("SHA256withRSA");
    rsa.initVerify(KeyFactory.getInstance("RSA")
        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body))));
    rsa.update(sha256(data).getBytes(StandardCharsets.US_ASCII));
    check(rsa.verify(signature), "the signature does not fit");
  }

  private static Instant moment(String date) {
    return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
