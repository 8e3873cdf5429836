package dev.assay.internal.storage.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.io.NumberInput;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// JSON values as the columns of a table hold them. Doubles come back bit by bit.
final class StoredJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          // What was stored is to be read, however long: notes, logs.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(1 << 20)
                  .build())
          .build();

  /// Up to it every whole number is a double.
  private static final long EXACT = 1L << 53;

  /// Those powers of ten that are doubles.
  private static final double[] POWERS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22
  };

  /// Made when something is written: reading does without what binds objects, which takes its time
  /// to start.
  private static final class Writing {
    static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();
  }

  private StoredJson() {}

  /// A text as it is written.
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }

  static String write(Object value) {
    return Writing.MAPPER.writeValueAsString(value);
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
      // The fast parser takes longer to start than a study's few such numbers.
      case VALUE_NUMBER_FLOAT -> Double.parseDouble(parser.getString());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw endsEarly();
    };
  }

  private static IllegalArgumentException endsEarly() {
    return new IllegalArgumentException("it ends too early");
  }

  private static Map<String, @Nullable Object> map(JsonParser parser) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser));
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

  /// @param many whether there are very many to read, see [#number]
  static List<Double> readNumbers(byte @Nullable [] json, boolean many) {
    if (json == null) {
      return List.of();
    }
    double single = single(json, many);
    if (!Double.isNaN(single)) {
      return List.of(single);
    }
    var values = new ArrayList<Double>(1);
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      for (var token = parser.nextToken();
          token != null && token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        switch (token) {
          case VALUE_NULL -> values.add(Double.NaN);
          case VALUE_STRING -> values.add(Double.valueOf(parser.getString()));
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
            var digits = parser.getString().toCharArray();
            values.add(number(digits, digits.length, many));
          }
          default -> throw new IllegalArgumentException("it is no list of numbers");
        }
      }
    }
    return List.copyOf(values);
  }

  /// A JSON number. The quick parser takes longer to start than some thousand numbers take the
  /// JDK's.
  ///
  /// @param digits of which the first `length` are the number
  /// @param many whether there are very many to read
  static double number(char[] digits, int length, boolean many) {
    double exact = exact(digits, length);
    if (!Double.isNaN(exact)) {
      return exact;
    }
    return many
        ? NumberInput.parseDouble(digits, 0, length, true)
        : Double.parseDouble(new String(digits, 0, length));
  }

  /// A decimal number without an exponent whose digits and whose power of ten are both doubles: so
  /// their quotient is rounded once, to the nearest (Clinger, 1990).
  ///
  /// @return NaN where it is another
  private static double exact(char[] digits, int length) {
    long whole = 0;
    int point = -1;
    int first = digits[0] == '-' ? 1 : 0;
    for (int i = first; i < length; i++) {
      int digit = digits[i] - '0';
      if (digit >= 0 && digit <= 9 && whole <= EXACT) {
        whole = 10 * whole + digit;
      } else if (digits[i] == '.' && point < 0) {
        point = i;
      } else {
        return Double.NaN;
      }
    }
    int decimals = point < 0 ? 0 : length - 1 - point;
    if (whole > EXACT || decimals >= POWERS.length || length - first == (point < 0 ? 0 : 1)) {
      return Double.NaN;
    }
    double size = whole / POWERS[decimals];
    return first == 1 ? -size : size;
  }

  /// The number of a list of one, as nearly all are; NaN where there is anything else.
  private static double single(byte[] json, boolean many) {
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
    return number(digits, length, many);
  }
}
