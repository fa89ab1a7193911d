package org.slipway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import freemarker.cache.FileTemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Records as HTML and as JSON. A template is given what the JSON says and nothing else: maps,
 * lists, texts and numbers, so that the two cannot differ, and so that no template reaches an
 * object. Everything is escaped.
 */
final class Pages {
  private static final Version FREEMARKER = Configuration.VERSION_2_3_34;
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private final ObjectMapper json = JsonMapper.builder()
      .defaultPropertyInclusion(
          JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
      .enable(SerializationFeature.INDENT_OUTPUT)
      .build();
  private final Configuration templates = new Configuration(FREEMARKER);
  private final Map<String, Object> always = new HashMap<>();

  Pages(Path folder, Assets assets) throws IOException {
    templates.setTemplateLoader(loader(folder));
    templates.setDefaultEncoding("UTF-8");
    templates.setLocale(Locale.ROOT);
    templates.setNumberFormat("c");
    templates.setBooleanFormat("c");
    templates.setOutputFormat(HTMLOutputFormat.INSTANCE);
    templates.setRecognizeStandardFileExtensions(true);
    templates.setObjectWrapper(new SimpleObjectWrapper(FREEMARKER));
    templates.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    templates.setAPIBuiltinEnabled(false);
    templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    templates.setLogTemplateExceptions(false);
    templates.setWrapUncheckedExceptions(true);
    always.putAll(Words.functions());
    always.put("assets", assets.addresses());
  }

  private static FileTemplateLoader loader(Path folder) throws IOException {
    try {
      return new FileTemplateLoader(folder.toFile());
    } catch (IOException e) {
      throw new IOException(
          "The status site's templates are not in " + folder
              + "; start Slipway from its own folder, where templates/farm.ftlh is.",
          e);
    }
  }

  String json(Record content) throws IOException {
    try {
      return json.writeValueAsString(content) + "\n";
    } catch (JsonProcessingException e) {
      throw new IOException("A page could not be written as JSON.", e);
    }
  }

  /** @param around what the layout needs beside the page's own content */
  String html(String template, Record content, Map<String, ?> around) throws IOException {
    Map<String, Object> model = new HashMap<>(always);
    model.putAll(around);
    model.put("it", json.convertValue(content, MAP));
    StringWriter out = new StringWriter(1 << 15);
    try {
      templates.getTemplate(template).process(model, out);
    } catch (TemplateException e) {
      throw new IOException("The page " + template + " could not be written.", e);
    }
    return out.toString();
  }
}
