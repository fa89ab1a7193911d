package org.slipway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.evaluate.Blacklist;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.PoudriereConf;
import org.slipway.packages.Origin;
import org.slipway.schedule.Job;

/** The parts of a job file that say what the ports are told: options, make lines, shared settings, blacklist. */
final class SettingsSections {
  private static final Form<String> MAKE =
      new Form<>("lines for make.conf", SettingsSections::make);

  private static final Form<String> VARIABLE = Form.matching(
      "a make variable's name of letters, digits, _ and ., 128 at most",
      "[A-Za-z_.][A-Za-z0-9_.]{0,127}");

  private static final Form<String> VALUE = new Form<>(
      "one line of at most " + EvaluationRequest.VALUE_CHARACTERS
          + " characters that does not end in \\",
      SettingsSections::value);

  private static final Form<String> FORBIDDEN = new Form<>(
      "category/port, category/port@flavor, category/port@all or category/port@- for the default flavor",
      SettingsSections::forbidden);

  private static final Form<String> NAME = Form.matching(
      "a name of letters, digits, dots, dashes, + and underscores, 128 at most",
      "[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}");

  private final Path home;

  /** @param home what relative paths start from */
  SettingsSections(Path home) {
    this.home = home;
  }

  Job.Settings read(Section top) {
    Map<Origin, Map<String, Boolean>> options =
        top.section("options").map(SettingsSections::options).orElse(Map.of());
    String make = top.read("make", MAKE, "");
    List<String> blacklist = top.list("blacklist", FORBIDDEN);
    SortedMap<String, String> defines = new TreeMap<>(
        top.section("define").map(each -> each.words(VARIABLE, VALUE)).orElse(Map.of()));
    PoudriereConf shared = top.section("poudriere")
        .flatMap(this::poudriere)
        .orElse(new PoudriereConf(List.of(), List.of()));
    return new Job.Settings(
        options, make, Blacklist.of(blacklist), shared.layers(), defines, shared.remarks());
  }

  private static Map<Origin, Map<String, Boolean>> options(Section section) {
    Map<Origin, Map<String, Boolean>> options = new TreeMap<>();
    section.eachSection(
        Form.ORIGIN,
        (origin, below) -> options.put(
            origin, Collections.unmodifiableMap(below.words(Form.OPTION, Form.SWITCH))));
    return options;
  }

  private Optional<PoudriereConf> poudriere(Section section) {
    Optional<String> folder =
        section.require("folder", Form.matching("a folder's path", "[^\\p{Cntrl}]+"));
    Optional<String> jail = section.read("jail", NAME);
    Optional<String> ports = section.read("ports", NAME);
    Optional<String> set = section.read("set", NAME);
    section.end();
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PoudriereConf.read(home.resolve(folder.get()), jail, ports, set));
    } catch (IllegalArgumentException e) {
      section.wrong("folder", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      section.wrong("folder", "cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static String make(String text) {
    Form.require(text.chars()
        .noneMatch(each -> (each < ' ' && each != '\n' && each != '\t') || each == 0x7F));
    return text;
  }

  private static String value(String text) {
    Form.require(EvaluationRequest.isValue(text));
    return text;
  }

  private static String forbidden(String word) {
    Blacklist.of(List.of(word));
    return word;
  }
}
