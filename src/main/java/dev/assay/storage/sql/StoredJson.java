package dev.assay.storage.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.NumberInput;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON values as the columns of a table hold them. Doubles come back bit by bit.
final class StoredJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                  // What was stored is to be read, however long: notes, logs.
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build();

  private StoredJson() {}

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// Null stands for an empty map: most trials have neither notes nor attributes.
  static @Nullable String writeUnlessEmpty(Map<String, @Nullable Object> map) {
    return map.isEmpty() ? null : write(map);
  }

  static Object read(String json) {
    return MAPPER.readValue(json, Object.class);
  }

  /// @throws IllegalArgumentException for null
  @SuppressWarnings("unchecked")
  static Map<String, @Nullable Object> readMap(byte @Nullable [] json) {
    if (json == null) {
      return Map.of();
    }
    Map<String, @Nullable Object> map = MAPPER.readValue(json, LinkedHashMap.class);
    if (map == null) {
      throw new IllegalArgumentException("null is no object");
    }
    return map;
  }

  /// Values of objectives: NaN as null, the infinities as strings.
  static String writeNumbers(List<Double> values) {
    var json = new StringBuilder("[");
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      json.append(i == 0 ? "" : ",");
      if (Double.isNaN(value)) {
        json.append("null");
      } else if (Double.isInfinite(value)) {
        json.append('"').append(value).append('"');
      } else {
        json.append(value);
      }
    }
    return json.append(']').toString();
  }

  static List<Double> readNumbers(byte @Nullable [] json) {
    if (json == null) {
      return List.of();
    }
    double single = single(json);
    if (!Double.isNaN(single)) {
      return List.of(single);
    }
    var values = new ArrayList<Double>(1);
    try (JsonParser parser = MAPPER.createParser(json)) {
      parser.nextToken();
      while (true) {
        switch (parser.nextToken()) {
          case VALUE_NULL -> values.add(Double.NaN);
          case VALUE_STRING -> values.add(Double.valueOf(parser.getString()));
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> values.add(parser.getDoubleValue());
          case null, default -> {
            return List.copyOf(values);
          }
        }
      }
    }
  }

  /// The number of a list of one, as nearly all are; NaN where there is anything else.
  private static double single(byte[] json) {
    int length = json.length - 2;
    if (length < 1 || length > 30 || json[0] != '[' || json[length + 1] != ']') {
      return Double.NaN;
    }
    var digits = new char[length];
    for (int i = 0; i < length; i++) {
      digits[i] = (char) json[i + 1];
      if ((digits[i] < '0' || digits[i] > '9') && ".eE+-".indexOf(digits[i]) < 0) {
        return Double.NaN;
      }
    }
    return NumberInput.parseDouble(digits, 0, length, true);
  }
}
