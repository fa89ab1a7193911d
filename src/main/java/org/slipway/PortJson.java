package org.slipway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slipway.evaluate.Distinfo;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Finding;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Unevaluable;
import org.slipway.packages.Flavor;
import org.slipway.packages.OriginSpec;

/**
 * An evaluation for programs: one JSON object a line, in UTF-8.
 *
 * <p>A port's object has {@code origin}, {@code flavor} (empty where the port has none), {@code
 * pkgname}, then every variable that was asked and is not empty, its name in lower case, its value
 * as the framework has it. Variables that are lists are arrays of the framework's own words, such
 * as {@code "libfoo.so:devel/foo"}; {@code flavors} and all {@code *_depends} are there even when
 * empty. {@code distinfo} is an array of objects with {@code name}, {@code sha256} and {@code
 * size} (bytes). {@code findings} is an array of sentences, {@code ignored} a sentence where the
 * port must not be built (IGNORE, a blacklist, a package name that another port has).
 *
 * <p>A port that gave no answers has {@code origin}, {@code flavor} and {@code error}. What is
 * about no single port is an object with {@code finding} alone.
 */
final class PortJson {
  /** Variables that hold words; of others a blank is part of the value. */
  static final Set<String> LISTS = Set.of(
      "FLAVORS",
      "CATEGORIES",
      "PKG_DEPENDS",
      "FETCH_DEPENDS",
      "EXTRACT_DEPENDS",
      "PATCH_DEPENDS",
      "BUILD_DEPENDS",
      "LIB_DEPENDS",
      "RUN_DEPENDS",
      "TEST_DEPENDS",
      "ONLY_FOR_ARCHS",
      "NOT_FOR_ARCHS",
      "LICENSE",
      "LICENSE_PERMS",
      "SELECTED_OPTIONS",
      "DESELECTED_OPTIONS",
      "COMPLETE_OPTIONS_LIST",
      "OPTIONS_DEFAULT",
      "OPTIONS_SINGLE",
      "OPTIONS_SINGLE_MEMBERS",
      "OPTIONS_MULTI",
      "OPTIONS_MULTI_MEMBERS",
      "OPTIONS_GROUP",
      "OPTIONS_GROUP_MEMBERS",
      "OPTIONS_RADIO",
      "OPTIONS_RADIO_MEMBERS",
      "ALLFILES",
      "DISTFILES",
      "PATCHFILES",
      "MASTER_SITES",
      "PATCH_SITES",
      "USES",
      "USERS",
      "GROUPS",
      "SUBPACKAGES",
      "SUBPACKAGE_PKGNAMES",
      "SUBPACKAGE_LIB_DEPENDS",
      "SUBPACKAGE_RUN_DEPENDS",
      "EXTRACT_ONLY",
      "EXTRA_PATCHES",
      "PLIST_FILES",
      "PLIST_DIRS",
      "SUB_FILES",
      "USE_RC_SUBR",
      "WWW");

  private static final JsonFactory FACTORY = new JsonFactory();

  private final Writer out;

  PortJson(Writer out) {
    this.out = out;
  }

  /** Writes the wanted ports, then what is about none of them. */
  void write(Evaluation evaluation, Sources sources) throws IOException {
    Map<OriginSpec, List<String>> findings = new HashMap<>();
    for (Finding finding : evaluation.findings()) {
      finding
          .port()
          .ifPresent(spec ->
              findings.computeIfAbsent(spec, same -> new ArrayList<>()).add(finding.message()));
    }
    for (OriginSpec spec : evaluation.wanted()) {
      Port port = evaluation.ports().get(spec);
      if (port != null) {
        write(port, findings.getOrDefault(spec, List.of()), Distinfo.of(sources, port));
      }
    }
    for (Unevaluable bad : evaluation.unevaluable()) {
      line(json -> {
        head(json, bad.spec());
        json.writeStringField("error", bad.message());
      });
    }
    for (Finding finding : evaluation.findings()) {
      if (finding.port().isEmpty()) {
        line(json -> json.writeStringField("finding", finding.message()));
      }
    }
    out.flush();
  }

  private void write(Port port, List<String> findings, List<Distinfo> distinfo) throws IOException {
    Map<String, String> variables = port.variables();
    line(json -> {
      head(json, port.spec());
      json.writeStringField("pkgname", port.name().toString());
      for (String name : Evaluator.questions().keySet()) {
        String value = variables.getOrDefault(name, "");
        if (!Set.of("FLAVOR", "PKGNAME").contains(name)) {
          field(json, name, value);
        }
      }
      distinfo(json, distinfo);
      if (port.ignore().isPresent()) {
        json.writeStringField("ignored", port.ignore().get());
      }
      if (!findings.isEmpty()) {
        array(json, "findings", findings);
      }
    });
  }

  private static void head(JsonGenerator json, OriginSpec spec) throws IOException {
    json.writeStringField("origin", spec.origin().toString());
    json.writeStringField("flavor", spec.flavor().map(Flavor::name).orElse(""));
  }

  private static void field(JsonGenerator json, String name, String value) throws IOException {
    String key = name.toLowerCase(Locale.ROOT);
    if (LISTS.contains(name)) {
      if (!value.isBlank() || name.equals("FLAVORS") || name.endsWith("_DEPENDS")) {
        array(json, key, words(value));
      }
    } else if (!value.isEmpty()) {
      json.writeStringField(key, value);
    }
  }

  static List<String> words(String value) {
    return value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
  }

  private static void array(JsonGenerator json, String key, List<String> words) throws IOException {
    json.writeArrayFieldStart(key);
    for (String word : words) {
      json.writeString(word);
    }
    json.writeEndArray();
  }

  private static void distinfo(JsonGenerator json, List<Distinfo> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("distinfo");
    for (Distinfo file : files) {
      json.writeStartObject();
      json.writeStringField("name", file.name());
      if (!file.sha256().isEmpty()) {
        json.writeStringField("sha256", file.sha256());
      }
      if (file.size() >= 0) {
        json.writeNumberField("size", file.size());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What goes between the braces of one line. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  void line(Fields fields) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    out.write('\n');
  }
}
