package org.slipway.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One keyword as a file of the tree's {@code Keywords} folder defines it (pkg-keywords(5)).
 *
 * @param arguments whether the line is split into words, for {@code %1} and {@code file(1)}
 * @param preformat whether {@code %D} and its like in the line itself are replaced
 * @param mode {@code attributes} for what the actions list
 * @param scripts shell text by phase
 * @param luaScripts Lua text by phase
 * @param deprecation why it should not be used any more
 * @param prepackaging whether Lua was to be run while packing, which Slipway does not do
 */
record KeywordFile(
    List<Action> actions,
    boolean arguments,
    boolean preformat,
    Optional<String> owner,
    Optional<String> group,
    OptionalInt mode,
    Map<String, String> scripts,
    Map<String, String> luaScripts,
    List<Manifest.Message> messages,
    Optional<String> deprecation,
    boolean prepackaging) {

  private static final Pattern ACTION = Pattern.compile("([A-Za-z_]+)(?:\\(([0-9]{1,4})\\))?");

  private static final List<String> ACTIONS = List.of(
      "setprefix",
      "dir",
      "file",
      "setmode",
      "setowner",
      "setgroup",
      "comment",
      "config",
      "override_prefix",
      "name");

  /**
   * Something done with the line, or with one of its words.
   *
   * @param argument which word, counted from 1; 0 is the whole line
   */
  record Action(String name, int argument) {}

  KeywordFile {
    actions = List.copyOf(actions);
    scripts = Map.copyOf(scripts);
    luaScripts = Map.copyOf(luaScripts);
    messages = List.copyOf(messages);
  }

  static KeywordFile parse(String word, String text) throws MetadataException {
    String where = "Keywords/" + word + ".ucl";
    Ucl.Section ucl = MetadataReader.ucl(text, where);
    Map<String, String> scripts = new TreeMap<>();
    Map<String, String> lua = new TreeMap<>();
    for (String phase : PackageContent.LUA_PHASES) {
      ucl.text(phase).ifPresent(script -> scripts.put(phase, script));
      ucl.text(phase + "-lua").ifPresent(script -> lua.put(phase, script));
    }
    Ucl.Section attributes = ucl.section("attributes");
    Optional<String> modeText = attributes.text("mode");
    OptionalInt mode = modeText.map(FileMode::parse).orElse(OptionalInt.empty());
    if (modeText.isPresent() && mode.isEmpty()) {
      throw new MetadataException(where + ": \"" + modeText.get() + "\" is no mode");
    }
    boolean deprecated = isTrue(ucl, "deprecated");
    return new KeywordFile(
        actions(ucl, where),
        isTrue(ucl, "arguments"),
        isTrue(ucl, "preformat_arguments"),
        attributes.text("owner"),
        attributes.text("group"),
        mode,
        scripts,
        lua,
        ManifestReader.messages(ucl.values().get("messages")),
        deprecated ? Optional.of(ucl.text("deprecation_message").orElse("")) : Optional.empty(),
        ucl.text("prepackaging").isPresent());
  }

  private static List<Action> actions(Ucl.Section ucl, String where) throws MetadataException {
    List<Action> actions = new ArrayList<>();
    for (String text : ucl.texts("actions")) {
      Matcher matcher = ACTION.matcher(text.strip());
      String name = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
      if (!ACTIONS.contains(name)) {
        throw new MetadataException(where + ": \"" + PathRules.shown(text)
            + "\" is no action; known are " + String.join(", ", ACTIONS));
      }
      String argument = matcher.group(2);
      actions.add(new Action(name, argument == null ? 0 : Integer.parseInt(argument)));
    }
    return actions;
  }

  private static boolean isTrue(Ucl.Section ucl, String key) {
    return ucl.text(key).filter(ManifestReader::isTrue).isPresent();
  }
}
