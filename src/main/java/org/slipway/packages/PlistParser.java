package org.slipway.packages;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows a packing list line by line; what it does not know it refuses, with the line. */
final class PlistParser {
  /**
   * {@code @word rest}, {@code @word(owner,group,mode,flags) rest} and
   * {@code @(owner,group,mode) rest}.
   */
  private static final Pattern KEYWORD =
      Pattern.compile("@([A-Za-z0-9_-]*)(?:\\(([^)]*)\\))?(?:\\s+(.*))?");

  private final String prefix;
  private final Map<String, Plist.Item> items = new LinkedHashMap<>();
  private final Map<String, StringBuilder> scripts = new TreeMap<>();
  private String directory;
  private Attributes running = Attributes.NONE;
  private String lastFile = "";
  private int line;

  PlistParser(String prefix) {
    this.prefix = prefix;
    this.directory = prefix;
  }

  /** What a line in parentheses, or {@code @mode} and its kin, say of the paths they govern. */
  private record Attributes(
      Optional<Integer> mode, Optional<String> owner, Optional<String> group) {
    static final Attributes NONE =
        new Attributes(Optional.empty(), Optional.empty(), Optional.empty());

    Attributes or(Attributes other) {
      return new Attributes(mode.or(other::mode), owner.or(other::owner), group.or(other::group));
    }
  }

  Plist parse(String text) throws PlistException {
    for (String raw : text.split("\n", -1)) {
      line++;
      String stripped = raw.strip();
      if (!stripped.isEmpty()) {
        follow(stripped);
      }
    }
    Map<String, String> texts = new TreeMap<>();
    scripts.forEach((phase, commands) -> texts.put(phase, commands.toString()));
    return new Plist(items.values().stream().toList(), texts);
  }

  private void follow(String text) throws PlistException {
    if (!text.startsWith("@")) {
      add(Plist.Kind.FILE, text, running);
      return;
    }
    Matcher matcher = KEYWORD.matcher(text);
    if (!matcher.matches()) {
      throw refused("\"" + PathRules.shown(text) + "\" is no plist line");
    }
    String rest = matcher.group(3) == null ? "" : matcher.group(3).strip();
    String own = matcher.group(2) == null ? "" : matcher.group(2);
    keyword(matcher.group(1), attributes(own).or(running), rest);
  }

  private void keyword(String word, Attributes attributes, String rest) throws PlistException {
    switch (word) {
      case "", "file" -> add(Plist.Kind.FILE, rest, attributes);
      case "config" -> add(Plist.Kind.CONFIG, rest, attributes);
      case "dir" -> add(Plist.Kind.DIRECTORY, rest, attributes);
      case "sample" -> sample(rest, attributes);
      case "comment" -> {}
      case "cwd", "cd" -> directory = rest.isEmpty() ? prefix : path(rest);
      case "mode" -> running = new Attributes(mode(rest), running.owner(), running.group());
      case "owner" -> running = new Attributes(running.mode(), name(rest), running.group());
      case "group" -> running = new Attributes(running.mode(), running.owner(), name(rest));
      case "preexec" -> script("pre-install", expanded(rest));
      case "postexec", "exec" -> script("post-install", expanded(rest));
      case "preunexec", "unexec" -> script("pre-deinstall", expanded(rest));
      case "postunexec" -> script("post-deinstall", expanded(rest));
      default ->
        throw refused("the keyword @"
            + word
            + " is not known; known are @dir, @sample, @config, @mode, @owner, @group, @cwd,"
            + " @comment, @preexec, @postexec, @preunexec and @postunexec");
    }
  }

  private void add(Plist.Kind kind, String text, Attributes attributes) throws PlistException {
    String path = path(text);
    if (path.equals("/")) {
      throw refused("the root itself cannot be packed");
    }
    if (kind != Plist.Kind.DIRECTORY) {
      lastFile = path;
    }
    Plist.Item item =
        new Plist.Item(kind, path, attributes.mode(), attributes.owner(), attributes.group());
    Plist.Item earlier = items.putIfAbsent(path, item);
    if (earlier != null && !earlier.equals(item)) {
      throw refused(path + " is listed before in another way");
    }
  }

  /**
   * {@code @sample x.sample} or {@code @sample source target}: the sample is the package's, and its
   * copy is made where there is none and taken away while it is unchanged (the ports framework's
   * Keywords/sample.ucl).
   */
  private void sample(String rest, Attributes attributes) throws PlistException {
    String[] words = rest.split("\\s+", -1);
    boolean one = words.length == 1;
    if (words.length > 2 || (one && !rest.endsWith(".sample"))) {
      throw refused("@sample takes \"x.sample\", or a source and a target");
    }
    add(Plist.Kind.FILE, words[0], attributes);
    String source = inRoot(lastFile);
    String target = inRoot(
        one ? lastFile.substring(0, lastFile.length() - ".sample".length()) : path(words[1]));
    script(
        "post-install",
        "if [ ! -e " + target + " ] && [ ! -L " + target + " ]; then cp -p " + source + " " + target
            + "; fi");
    script(
        "pre-deinstall", "if cmp -s " + source + " " + target + "; then rm -f " + target + "; fi");
  }

  /** pkg names the root that it works on in PKG_ROOTDIR; it is unset for the running system. */
  private static String inRoot(String path) {
    return "\"${PKG_ROOTDIR:-}\"" + quoted(path);
  }

  private static String quoted(String path) {
    return "'" + path.replace("'", "'\\''") + "'";
  }

  /**
   * Replaces %D, %F, %B and %f (pkg-create(8)); any other % is refused, for its meaning would be
   * guessed.
   */
  private String expanded(String command) throws PlistException {
    if (command.isEmpty() || !PathRules.isPlainText(command.replace('\t', ' '))) {
      throw refused("a command is empty or has a control character");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (c != '%') {
        text.append(c);
        continue;
      }
      char what = i + 1 < command.length() ? command.charAt(++i) : ' ';
      if (what != 'D' && lastFile.isEmpty()) {
        throw refused("%" + what + " needs a file before it");
      }
      int slash = lastFile.lastIndexOf('/');
      text.append(
          switch (what) {
            case 'D' -> directory;
            case 'F' ->
              lastFile.substring(lastFile.startsWith(directory + "/") ? directory.length() + 1 : 0);
            case 'B' -> slash == 0 ? "/" : lastFile.substring(0, slash);
            case 'f' -> lastFile.substring(slash + 1);
            case '%' -> "%";
            default ->
              throw refused("the command has %" + what + "; only %D, %F, %B, %f and %% are known");
          });
    }
    return text.toString();
  }

  private void script(String phase, String command) {
    scripts
        .computeIfAbsent(phase, unused -> new StringBuilder())
        .append(command)
        .append('\n');
  }

  private Attributes attributes(String list) throws PlistException {
    String[] parts = list.split(",", -1);
    if (parts.length > 4) {
      throw refused("(" + list + ") has more than owner, group, mode and flags");
    }
    if (parts.length == 4 && !parts[3].isBlank()) {
      throw refused("file flags (" + parts[3].strip() + ") are not supported");
    }
    return new Attributes(
        parts.length > 2 ? mode(parts[2].strip()) : Optional.empty(),
        name(parts[0].strip()),
        parts.length > 1 ? name(parts[1].strip()) : Optional.empty());
  }

  private Optional<Integer> mode(String text) throws PlistException {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("[0-7]{1,5}") || Integer.parseInt(text, 8) > 07777) {
      throw refused(
          "\"" + PathRules.shown(text) + "\" is no mode; write it in octal, such as 0755");
    }
    return Optional.of(Integer.parseInt(text, 8));
  }

  private Optional<String> name(String text) throws PlistException {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\\$?")) {
      throw refused("\"" + PathRules.shown(text) + "\" is no user or group");
    }
    return Optional.of(text);
  }

  /** An absolute, plain path; a directory's ending slash falls away. */
  private String path(String text) throws PlistException {
    String whole = text.startsWith("/") ? text : directory + "/" + text;
    String plain = whole.replaceAll("/+", "/");
    if (plain.length() > 1 && plain.endsWith("/")) {
      plain = plain.substring(0, plain.length() - 1);
    }
    if (plain.equals("/") && !text.isEmpty()) {
      return "/";
    }
    Optional<String> fault = text.isEmpty() ? Optional.of("is empty") : PathRules.fault(plain);
    if (fault.isPresent()) {
      throw refused("the path \"" + PathRules.shown(text) + "\" " + fault.get());
    }
    return plain;
  }

  private PlistException refused(String message) {
    return new PlistException("plist line " + line + ": " + message);
  }
}
