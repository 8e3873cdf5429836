package dev.assay.internal.words;

import java.io.StringWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// JSON of plain values: maps, lists and sets of texts, numbers and truths. What binds objects to
/// JSON takes a tenth of a search's start, so only what is not plain is left to it.
public final class PlainJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private PlainJson() {}

  /// One line, as databind writes it.
  public static String write(Object value) {
    var text = new StringWriter();
    try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      if (write(value, generator)) {
        generator.flush();
        return text.toString();
      }
    }
    return JsonMapper.shared().writeValueAsString(value);
  }

  /// Writes maps, lists and sets of texts, numbers and truths.
  ///
  /// @return false at the first that is none of these; what was written is to be forgotten
  private static boolean write(@Nullable Object value, JsonGenerator generator) {
    // No switch over types: for that the JVM makes code at run time, which takes its time.
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof String text) {
      generator.writeString(text);
    } else if (value instanceof Double number) {
      generator.writeNumber(number.doubleValue());
    } else if (value instanceof Integer || value instanceof Long) {
      generator.writeNumber(((Number) value).longValue());
    } else if (value instanceof Boolean truth) {
      generator.writeBoolean(truth);
    } else if (value instanceof Map<?, ?> map) {
      return writeMap(map, generator);
    } else if (value instanceof List<?> || value instanceof Set<?>) {
      generator.writeStartArray();
      for (var element : (Collection<?>) value) {
        if (!write(element, generator)) {
          return false;
        }
      }
      generator.writeEndArray();
    } else {
      return false;
    }
    return true;
  }

  private static boolean writeMap(Map<?, ?> map, JsonGenerator generator) {
    generator.writeStartObject();
    for (var member : map.entrySet()) {
      if (!(member.getKey() instanceof String name)) {
        return false;
      }
      generator.writeName(name);
      if (!write(member.getValue(), generator)) {
        return false;
      }
    }
    generator.writeEndObject();
    return true;
  }
}
