package dev.assay.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An option as people and schemas are told of it.
///
/// @param key what study files call it
/// @param says what it means, half a sentence in Markdown
/// @param isNeeded whether it has no default
/// @param initial its default, a JSON value; null: none is said, or there is none
/// @param values what may be given, in words
/// @param form the same in the vocabulary of JSON Schema
public record Setting(
    String key,
    String says,
    boolean isNeeded,
    @Nullable Object initial,
    String values,
    Map<String, Object> form) {

  /// With its description and its default.
  public Map<String, Object> schema() {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", says);
    if (initial != null) {
      schema.put("default", initial);
    }
    schema.putAll(sorted(form));
    return schema;
  }

  /// The same in one order always.
  private static Map<String, Object> sorted(Map<?, ?> map) {
    var sorted = new TreeMap<String, Object>();
    map.forEach((name, value) -> sorted.put(String.valueOf(name), sorted(value)));
    return sorted;
  }

  private static Object sorted(Object value) {
    return switch (value) {
      case Map<?, ?> map -> sorted(map);
      case List<?> list -> list.stream().map(Setting::sorted).toList();
      default -> value;
    };
  }
}
