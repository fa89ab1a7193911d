package org.slipway.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageFile;

/**
 * The two texts in which a repository lists its packages: {@code packagesite.yaml}, one JSON object
 * a line, for pkg up to 1.20, and {@code data}, the same objects in one line, for 1.21 and later. A
 * line is the package's own compact manifest with where it lies, its size and its sum.
 */
final class Catalogue {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] data;
  private final byte[] packagesite;

  private Catalogue(byte[] data, byte[] packagesite) {
    this.data = data;
    this.packagesite = packagesite;
  }

  /** Lists these packages in their order. */
  static Catalogue of(List<RepositoryEntry> entries) throws IOException {
    List<String> lines = new ArrayList<>();
    for (RepositoryEntry entry : entries) {
      lines.add(line(entry));
    }
    ByteArrayOutputStream packagesite = new ByteArrayOutputStream();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(utf8("{\"groups\":[],\"expired_packages\":[],\"packages\":["));
    String comma = "";
    for (String line : lines) {
      packagesite.writeBytes(utf8(line + "\n"));
      data.writeBytes(utf8(comma + line));
      comma = ",";
    }
    data.writeBytes(utf8("]}\n"));
    return new Catalogue(data.toByteArray(), packagesite.toByteArray());
  }

  byte[] data() {
    return data;
  }

  byte[] packagesite() {
    return packagesite;
  }

  /** Where a repository keeps a package. */
  static String path(BuiltPackage built) {
    return "All/" + built.fileName();
  }

  private static String line(RepositoryEntry entry) throws IOException {
    BuiltPackage built = entry.built();
    ObjectNode node = manifest(entry);
    requireSame(entry, node, "name", built.name().base());
    requireSame(entry, node, "version", built.name().version());
    requireSame(entry, node, "abi", built.abi().toString());
    node.put("path", path(built));
    node.put("repopath", path(built));
    node.put("sum", built.sum().hex());
    node.put("pkgsize", built.sizeBytes());
    return JSON.writeValueAsString(node);
  }

  private static ObjectNode manifest(RepositoryEntry entry) throws IOException {
    String text;
    try {
      text = PackageFile.compactManifest(entry.file());
    } catch (PackageException e) {
      throw new RepositoryException(e.getMessage() == null ? "no manifest" : e.getMessage());
    }
    JsonNode node = JSON.readTree(text);
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new RepositoryException(entry.file() + " has a compact manifest that is no JSON object");
  }

  private static void requireSame(
      RepositoryEntry entry, ObjectNode node, String key, String expected)
      throws RepositoryException {
    String found = node.path(key).asText();
    if (!found.equals(expected)) {
      throw new RepositoryException(
          entry.file() + " says " + key + " " + found + " where " + expected + " was announced");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
