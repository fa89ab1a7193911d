package org.slipway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of a file while it is read key by key. A value that is missing or wrong is noted and reading goes on, so that
 * one pass finds every mistake; whoever reads builds nothing where there was one. {@link #end} refuses what nobody asked for.
 */
final class Section {
  private static final Set<Tag> PLAIN_TAGS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL);

  private record Entry(ScalarNode key, Node value) {}

  private final MappingNode node;
  private final String path;
  private final Mistakes mistakes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  /** @param path where the mapping is, such as {@code build}; empty at the top of the file */
  Section(MappingNode node, String path, Mistakes mistakes) {
    this.node = node;
    this.path = path;
    this.mistakes = mistakes;
    for (NodeTuple tuple : node.getValue()) {
      enter(tuple);
    }
  }

  private void enter(NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      mistakes.add(tuple.getKeyNode(), "found " + kind(tuple.getKeyNode()) + ", expected a key");
      return;
    }
    Entry first = entries.putIfAbsent(key.getValue(), new Entry(key, tuple.getValueNode()));
    if (first != null) {
      int line = first.key().getStartMark().orElseThrow().getLine() + 1;
      mistakes.add(key, name(key.getValue()) + " is there twice, first in line " + line);
    }
  }

  /** The value of a key that may be left out; nothing also where it is wrong, which is noted. */
  <T> Optional<T> read(String key, Form<T> form) {
    return entry(key).flatMap(entry -> scalar(name(key), entry.value(), form));
  }

  /** The value of a key that may be left out. */
  <T> T read(String key, Form<T> form, T otherwise) {
    return read(key, form).orElse(otherwise);
  }

  /** The value of a key that must be there. */
  <T> Optional<T> require(String key, Form<T> form) {
    noteMissing(key, form.expected());
    return read(key, form);
  }

  /** The words of a list that may be left out; a single word stands for a list of one. */
  <T> List<T> list(String key, Form<T> form) {
    List<T> values = new ArrayList<>();
    for (Node item : items(key)) {
      scalar(name(key), item, form).ifPresent(values::add);
    }
    return values;
  }

  /**
   * The words of a list that must be there and hold something.
   *
   * @param later sources of words, such as {@code { file: NAME }}, that only a later version understands
   */
  <T> List<T> requireList(String key, Form<T> form, Set<String> later) {
    noteMissing(key, "a list of words, each " + form.expected());
    if (has(key) && items(key).isEmpty()) {
      wrong(key, "found an empty list, expected " + form.expected());
    }
    List<T> values = new ArrayList<>();
    for (Node item : items(key)) {
      Optional<String> source = source(item).filter(later::contains);
      if (source.isPresent()) {
        mistakes.add(
            item,
            name(key) + ": a list from " + source.get()
                + " is not supported yet; write the words themselves");
      } else {
        scalar(name(key), item, form).ifPresent(values::add);
      }
    }
    return values;
  }

  /** A list, or one thing, of words and of mappings. */
  <T> void mixed(String key, Form<T> form, Consumer<T> word, Consumer<Section> below) {
    for (Node item : items(key)) {
      if (item instanceof MappingNode mapping) {
        below.accept(new Section(mapping, name(key), mistakes));
      } else {
        scalar(name(key), item, form).ifPresent(word);
      }
    }
  }

  /** The mapping below a key that may be left out. */
  Optional<Section> section(String key) {
    return entry(key).flatMap(entry -> mapping(name(key), entry.value()));
  }

  /** The mapping below a key that must be there. */
  Optional<Section> requireSection(String key, String expected) {
    noteMissing(key, expected);
    return section(key);
  }

  /** Every key as a value of its own, each with a mapping below it. */
  <K> void eachSection(Form<K> keys, BiConsumer<K, Section> reader) {
    for (Entry entry : all()) {
      Optional<K> key = scalar(name(""), entry.key(), keys);
      Optional<Section> below = mapping(name(entry.key().getValue()), entry.value());
      if (key.isPresent() && below.isPresent()) {
        reader.accept(key.get(), below.get());
      }
    }
  }

  /** Every key as a value of its own, each with a word below it. */
  <K extends Comparable<K>, V> Map<K, V> words(Form<K> keys, Form<V> values) {
    Map<K, V> read = new TreeMap<>();
    for (Entry entry : all()) {
      Optional<K> key = scalar(name(""), entry.key(), keys);
      Optional<V> value = scalar(name(entry.key().getValue()), entry.value(), values);
      if (key.isPresent() && value.isPresent()) {
        read.put(key.get(), value.get());
      }
    }
    return read;
  }

  /** A key of the design that this version cannot do: refused, so that nobody believes that it works. */
  void refuse(String key, String instead) {
    entry(key)
        .ifPresent(
            entry -> mistakes.add(entry.key(), name(key) + " is not supported yet; " + instead));
  }

  /** Notes a mistake at the value of a key, or at the mapping itself where the key is left out. */
  void wrong(String key, String message) {
    Entry entry = entries.get(key);
    mistakes.add(entry == null ? node : entry.value(), name(key) + ": " + message);
  }

  /** Whether the key is there, right or wrong. */
  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Whether there are keys and values below the key, not a word. */
  boolean hasSection(String key) {
    Entry entry = entries.get(key);
    return entry != null && entry.value() instanceof MappingNode;
  }

  /** Refuses the keys that were never asked for. */
  void end() {
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      if (!asked.contains(each.getKey())) {
        mistakes.add(each.getValue().key(), unknown(each.getKey()));
      }
    }
  }

  private String unknown(String key) {
    String where = path.isEmpty() ? "" : " in " + path;
    String hint = Nearest.to(key, asked)
        .map(near -> "did you mean " + near + "?")
        .orElse("expected one of " + String.join(", ", asked));
    return "unknown key " + Quoted.of(key) + where + "; " + hint;
  }

  private List<Entry> all() {
    asked.addAll(entries.keySet());
    return List.copyOf(entries.values());
  }

  private Optional<Entry> entry(String key) {
    asked.add(key);
    return Optional.ofNullable(entries.get(key));
  }

  private void noteMissing(String key, String expected) {
    if (entry(key).isEmpty()) {
      mistakes.add(node, name(key) + " is missing, expected " + expected);
    }
  }

  private List<Node> items(String key) {
    return entry(key)
        .map(entry ->
            entry.value() instanceof SequenceNode list ? list.getValue() : List.of(entry.value()))
        .orElse(List.of());
  }

  private static Optional<String> source(Node item) {
    return item instanceof MappingNode mapping
            && mapping.getValue().size() == 1
            && mapping.getValue().get(0).getKeyNode() instanceof ScalarNode key
        ? Optional.of(key.getValue())
        : Optional.empty();
  }

  private Optional<Section> mapping(String name, Node value) {
    if (value instanceof MappingNode mapping) {
      return Optional.of(new Section(mapping, name, mistakes));
    }
    mistakes.add(value, name + ": found " + kind(value) + ", expected keys and values");
    return Optional.empty();
  }

  private <T> Optional<T> scalar(String name, Node value, Form<T> form) {
    String lead = name.isEmpty() ? "" : name + ": ";
    if (!(value instanceof ScalarNode word) || !PLAIN_TAGS.contains(value.getTag())) {
      mistakes.add(value, lead + "found " + kind(value) + ", expected " + form.expected());
      return Optional.empty();
    }
    try {
      return Optional.of(form.read(word.getValue()));
    } catch (UnsupportedOperationException e) {
      mistakes.add(value, lead + e.getMessage());
    } catch (IllegalArgumentException e) {
      mistakes.add(
          value, lead + "found " + Quoted.of(word.getValue()) + ", expected " + form.expected());
    }
    return Optional.empty();
  }

  private static String kind(Node value) {
    if (value instanceof SequenceNode) {
      return "a list";
    }
    if (value instanceof MappingNode) {
      return "keys and values";
    }
    if (Tag.NULL.equals(value.getTag())) {
      return "nothing";
    }
    if (!PLAIN_TAGS.contains(value.getTag())) {
      return "the tag " + Quoted.of(value.getTag().getValue());
    }
    return Quoted.of(((ScalarNode) value).getValue());
  }

  private String name(String key) {
    String shown = key.isEmpty() || key.matches("[\\w.@/+-]+") ? key : Quoted.of(key);
    return path.isEmpty() || shown.isEmpty() ? path + shown : path + "." + shown;
  }
}
