package org.slipway.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows the lines of a packing list: paths, pkg's own keywords, those of the tree's keyword
 * files, and stand-ins for the framework's commonest ones where there is no file for them.
 */
final class PlistFollower {
  /** {@code @word rest}, {@code @word(owner,group,mode,flags) rest} and {@code @(...) rest}. */
  private static final Pattern KEYWORD =
      Pattern.compile("@([A-Za-z0-9_-]*)(?:\\(([^)]*)\\))?(?:\\s+(.*))?");

  private static final String SAMPLE = ".sample";

  private final PlistRules rules;
  private final Map<String, Plist.Item> items = new LinkedHashMap<>();
  private final Map<String, StringBuilder> scripts = new TreeMap<>();
  private final Map<String, List<String>> luaScripts = new TreeMap<>();
  private final List<Manifest.Message> messages = new ArrayList<>();
  private final Map<String, String> remarks = new LinkedHashMap<>();
  private String directory;
  private Optional<String> overridden = Optional.empty();
  private PlistAttributes running = PlistAttributes.NONE;
  private String lastFile = "";

  PlistFollower(PlistRules rules) {
    this.rules = rules;
    this.directory = rules.prefix();
  }

  Plist plist() throws PlistException {
    Map<String, String> texts = new TreeMap<>();
    scripts.forEach((phase, commands) -> texts.put(phase, commands.toString()));
    List<Plist.Item> packed = new ArrayList<>();
    for (Plist.Item item : items.values()) {
      packed.add(item.moved(rules.prefix(), overridden));
    }
    return new Plist(packed, texts, luaScripts, messages, List.copyOf(remarks.values()));
  }

  /** Follows one line, which may be empty or a comment. */
  void follow(String text) throws PlistException, MetadataException {
    if (text.isBlank() || text.startsWith("#")) {
      return;
    }
    if (!text.startsWith("@")) {
      add(Plist.Kind.FILE, text.strip(), running);
      lastFile = text.strip();
      return;
    }
    Matcher matcher = KEYWORD.matcher(text);
    if (!matcher.matches()) {
      throw new PlistException("\"" + PathRules.shown(text) + "\" is no plist line");
    }
    String rest = matcher.group(3) == null ? "" : matcher.group(3).strip();
    Optional<PlistAttributes> own = matcher.group(2) == null
        ? Optional.empty()
        : Optional.of(PlistAttributes.parse(matcher.group(2)));
    String word = matcher.group(1);
    if (!own(word, own, rest)) {
      Optional<KeywordFile> file = rules.keywords().find(word);
      if (file.isPresent()) {
        apply(word, file.get(), own, rest);
      } else if (!standIn(word, own, rest)) {
        throw new PlistException(
            "the keyword @" + word + " is not known: neither pkg nor the tree's "
                + "Keywords folder has it; write Keywords/" + word + ".ucl, or leave the line out");
      }
    }
  }

  /** What pkg itself knows; a keyword file cannot change these. */
  private boolean own(String word, Optional<PlistAttributes> own, String rest)
      throws PlistException {
    switch (word) {
      case "", "file" ->
        add(Plist.Kind.FILE, rest, own.orElse(PlistAttributes.NONE).or(running));
      case "config" ->
        add(Plist.Kind.CONFIG, rest, own.orElse(PlistAttributes.NONE).or(running));
      case "dir" -> directory(rest, own);
      case "comment" -> {}
      case "cwd", "cd" -> changeTo(rest);
      case "mode" -> running = running.withMode(PlistAttributes.mode(rest));
      case "owner" -> running = running.withOwner(PlistAttributes.name(rest));
      case "group" -> running = running.withGroup(PlistAttributes.name(rest));
      case "override_prefix" ->
        overridden = rest.isEmpty() ? Optional.empty() : Optional.of(path(rest));
      case "name" -> PlistAttributes.requirePackageName(rest);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** As pkg does, the scripts go to the directory too. */
  private void changeTo(String rest) throws PlistException {
    directory = rest.isEmpty() ? rules.prefix() : path(rest);
    String command = "cd "
        + (directory.matches("[A-Za-z0-9_./+-]+") ? directory : StandInKeywords.quoted(directory));
    script("post-install", command);
    script("pre-deinstall", command);
    script("post-deinstall", command);
  }

  private void directory(String rest, Optional<PlistAttributes> own) throws PlistException {
    PlistAttributes attributes = own.orElse(PlistAttributes.NONE).or(running);
    // Without parentheses pkg does not ask the stage for the mode.
    OptionalInt mode =
        own.isEmpty() && running.mode().isEmpty() ? OptionalInt.of(0755) : attributes.mode();
    add(Plist.Kind.DIRECTORY, rest, attributes.withMode(mode));
  }

  private void apply(String word, KeywordFile file, Optional<PlistAttributes> own, String rest)
      throws PlistException {
    if (file.prepackaging()) {
      // Slipway runs no Lua; what the framework's own @sample checks there is checked here.
      if (!word.equals("sample")) {
        throw new PlistException("Keywords/" + word + ".ucl has a prepackaging script in Lua, "
            + "which is not supported");
      }
      requireSample(rest);
    }
    file.deprecation()
        .ifPresent(why -> remarks.put(
            word, "@" + word + " is deprecated" + (why.isBlank() ? "" : ": " + why.strip())));
    List<String> arguments = file.arguments() ? ScriptFormat.words(rest) : List.of();
    String line = file.preformat() ? format(Optional.empty(), List.of()).format(rest) : rest;
    ScriptFormat format = format(Optional.of(line), arguments);
    for (Map.Entry<String, String> script : new TreeMap<>(file.scripts()).entrySet()) {
      String head = file.arguments() ? "# args: " + line + "\n" : "";
      script(script.getKey(), head + format.format(script.getValue()));
    }
    for (Map.Entry<String, String> script : file.luaScripts().entrySet()) {
      // pkg's Lua finds its arguments in this comment.
      String head = file.arguments() ? "-- args: " + line + "\n" : "";
      luaScripts
          .computeIfAbsent(script.getKey(), unused -> new ArrayList<>())
          .add(head + format.format(script.getValue()));
    }
    messages.addAll(file.messages());
    Optional<PlistAttributes> attributes =
        file.owner().isPresent() || file.group().isPresent() || file.mode().isPresent()
            ? Optional.of(PlistAttributes.of(file).or(own.orElse(PlistAttributes.NONE)))
            : own;
    for (KeywordFile.Action action : file.actions()) {
      act(action, attributes, rest, arguments);
    }
  }

  private void act(
      KeywordFile.Action action,
      Optional<PlistAttributes> attributes,
      String rest,
      List<String> arguments)
      throws PlistException {
    if (action.argument() > arguments.size()) {
      throw new PlistException(action.name() + "(" + action.argument()
          + ") is asked for, but the line has " + arguments.size() + " words");
    }
    String word = switch (action.name()) {
      case "setprefix" -> "cwd";
      case "setmode" -> "mode";
      case "setowner" -> "owner";
      case "setgroup" -> "group";
      default -> action.name();
    };
    own(word, attributes, action.argument() == 0 ? rest : arguments.get(action.argument() - 1));
  }

  private ScriptFormat format(Optional<String> line, List<String> arguments) {
    return new ScriptFormat(directory, lastFile, line, arguments);
  }

  /** What the framework's keyword files do, for a tree or a list that comes without them. */
  private boolean standIn(String word, Optional<PlistAttributes> own, String rest)
      throws PlistException {
    Optional<String> phase = StandInKeywords.phaseOf(word);
    if (phase.isPresent()) {
      if (rest.isEmpty() || !PathRules.isPlainText(rest.replace('\t', ' '))) {
        throw new PlistException("a command is empty or has a control character");
      }
      script(phase.get(), format(Optional.empty(), List.of()).format(rest));
      return true;
    }
    PlistAttributes attributes = own.orElse(PlistAttributes.NONE).or(running);
    switch (word) {
      case "sample" -> {
        List<String> words = requireSample(rest);
        String source = add(Plist.Kind.FILE, words.get(0), attributes);
        String target = words.size() == 2
            ? path(words.get(1))
            : source.substring(0, source.length() - SAMPLE.length());
        StandInKeywords.sample(source, target).forEach(this::script);
      }
      case "info" ->
        StandInKeywords.info(add(Plist.Kind.FILE, rest, attributes)).forEach(this::script);
      case "shell" ->
        StandInKeywords.shell(add(Plist.Kind.FILE, rest, attributes)).forEach(this::script);
      case "rmempty" -> script("post-deinstall", StandInKeywords.removeEmpty(path(rest)));
      case "rmtry" -> script("post-deinstall", StandInKeywords.remove(path(rest)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static List<String> requireSample(String rest) throws PlistException {
    List<String> words = ScriptFormat.words(rest);
    boolean sound = (words.size() == 1 && words.get(0).endsWith(SAMPLE))
        || (words.size() == 2 && !words.get(0).equals(words.get(1)));
    if (!sound) {
      throw new PlistException("@sample takes \"x.sample\", or a source and a target");
    }
    return words;
  }

  private String add(Plist.Kind kind, String text, PlistAttributes attributes)
      throws PlistException {
    String path = path(text);
    if (path.equals("/")) {
      throw new PlistException("the root itself cannot be packed");
    }
    Plist.Item item = attributes.item(kind, path);
    Plist.Item earlier = items.putIfAbsent(path, item);
    if (earlier != null && !earlier.equals(item)) {
      throw new PlistException(path + " is listed before in another way");
    }
    return path;
  }

  /** A command of several lines stays as it is; pkg ends each with a line's end. */
  private void script(String phase, String command) {
    scripts
        .computeIfAbsent(phase, unused -> new StringBuilder())
        .append(command)
        .append('\n');
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
      throw new PlistException("the path \"" + PathRules.shown(text) + "\" " + fault.get());
    }
    return plain;
  }
}
