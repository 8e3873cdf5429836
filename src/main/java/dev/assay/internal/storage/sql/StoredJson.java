package dev.assay.internal.storage.sql;

import dev.assay.internal.words.PlainJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/// JSON values as the columns of a table hold them. Doubles come back bit by bit.
final class StoredJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // What was stored is to be read, however long: notes, logs.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(1 << 20)
                  .build())
          .build();

  private StoredJson() {}

  /// A text as it is written.
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }

  static String write(Object value) {
    return PlainJson.write(value);
  }

  /// Null stands for an empty map: most trials have neither notes nor attributes.
  static @Nullable String writeUnlessEmpty(Map<String, @Nullable Object> map) {
    return map.isEmpty() ? null : write(map);
  }

  /// A JSON value; whole numbers as Long where one holds them, others as Double.
  ///
  /// @return null for null
  static @Nullable Object read(String json) {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      return whole(parser);
    }
  }

  /// @throws IllegalArgumentException for what is no object
  static Map<String, @Nullable Object> readMap(byte @Nullable [] json) {
    if (json == null) {
      return Map.of();
    }
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("it is no object");
      }
      var map = map(parser);
      requireEnd(parser);
      return map;
    }
  }

  /// Adds the names of an object's members.
  ///
  /// @throws IllegalArgumentException for what is no object
  static void addKeys(byte @Nullable [] json, Set<String> keys) {
    if (json == null) {
      return;
    }
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("it is no object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        keys.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    }
  }

  private static @Nullable Object whole(JsonParser parser) {
    parser.nextToken();
    var value = value(parser);
    requireEnd(parser);
    return value;
  }

  private static void requireEnd(JsonParser parser) {
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("something stands behind it");
    }
  }

  /// The value that begins with the token the parser is at.
  private static @Nullable Object value(JsonParser parser) {
    var token = parser.currentToken();
    if (token == null) {
      throw endsEarly();
    }
    // Not with `case null`: for that the JVM makes code at run time, which takes longer than a
    // command.
    return switch (token) {
      case START_OBJECT -> map(parser);
      case START_ARRAY -> {
        var list = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw endsEarly();
    };
  }

  private static IllegalArgumentException endsEarly() {
    return new IllegalArgumentException("it ends too early");
  }

  /// Small where there is little: many trials have a map with one member.
  private static Map<String, @Nullable Object> map(JsonParser parser) {
    var map = new LinkedHashMap<String, @Nullable Object>(4);
    String name = "";
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map.size() == 1 ? Collections.singletonMap(name, map.get(name)) : map;
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
    var number = new DecimalNumber();
    int end = json.length - 1;
    if (end > 1 && json[0] == '[' && json[end] == ']' && number.read(json, 1, end)) {
      return List.of(number.value()); // as nearly all are
    }
    var values = new ArrayList<Double>(1);
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      for (var token = parser.nextToken();
          token != null && token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        switch (token) {
          case VALUE_NULL -> values.add(Double.NaN);
          case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              values.add(Double.valueOf(parser.getString()));
          default -> throw new IllegalArgumentException("it is no list of numbers");
        }
      }
    }
    return List.copyOf(values);
  }
}
