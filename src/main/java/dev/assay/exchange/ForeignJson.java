package dev.assay.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as Python writes it: with `NaN` and `Infinity`, and texts of any length.
final class ForeignJson {
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(1 << 20)
                          .build())
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                  .build())
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build();

  private ForeignJson() {}

  /// @throws tools.jackson.core.JacksonException when the text is no JSON
  static @Nullable Object read(String json) {
    return MAPPER.readValue(json, Object.class);
  }

  static String write(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// A value as a storage keeps it: numbers that are not finite are texts, as Python writes them.
  static @Nullable Object stored(@Nullable Object value) {
    return switch (value) {
      case Double number when !Double.isFinite(number) -> word(number);
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        list.forEach(element -> copy.add(stored(element)));
        yield copy;
      }
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, element) -> copy.put(String.valueOf(key), stored(element)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  static String word(double number) {
    return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
  }

  /// A number, or the word of one that is not finite; null for anything else.
  static @Nullable Double number(@Nullable Object value) {
    return switch (value) {
      case Number number -> (Double) number.doubleValue();
      case String text when text.equals("NaN") -> Double.NaN;
      case String text when text.equals("Infinity") -> Double.POSITIVE_INFINITY;
      case String text when text.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
      case null, default -> null;
    };
  }
}
