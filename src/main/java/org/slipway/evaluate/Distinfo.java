package org.slipway.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of a port's distinfo: what a download must be (ports framework, {@code makesum}).
 *
 * @param name with its subfolder, if any
 * @param sha256 64 hexadecimal digits, empty where distinfo has none
 * @param size in bytes, -1 where distinfo has none
 */
public record Distinfo(String name, String sha256, long size) {
  private static final Pattern LINE =
      Pattern.compile("^(SHA256|SIZE)\\s+\\(([^)]+)\\)\\s+=\\s+(\\S+)\\s*$");
  private static final long MOST_BYTES = 16 << 20;

  /** Of a port of these sources, in the file's order; none where the port has no such file. */
  public static List<Distinfo> of(Sources sources, Port port) throws IOException {
    String path = port.variable("DISTINFO_FILE").strip();
    Optional<Path> file = path.startsWith("/")
        ? new TreeFiles(sources).find(Path.of(path).normalize().toString())
        : Optional.empty();
    if (file.isEmpty() || !Files.isRegularFile(file.get()) || Files.size(file.get()) > MOST_BYTES) {
      return List.of();
    }
    return parse(new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8));
  }

  static List<Distinfo> parse(String text) {
    Map<String, Distinfo> files = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String name = matcher.group(2);
        Distinfo known = files.getOrDefault(name, new Distinfo(name, "", -1));
        if (matcher.group(1).equals("SHA256") && matcher.group(3).matches("[0-9a-fA-F]{64}")) {
          files.put(name, new Distinfo(name, matcher.group(3), known.size()));
        } else if (matcher.group(3).matches("[0-9]{1,18}")) {
          files.put(name, new Distinfo(name, known.sha256(), Long.parseLong(matcher.group(3))));
        }
      }
    }
    return new ArrayList<>(files.values());
  }
}
