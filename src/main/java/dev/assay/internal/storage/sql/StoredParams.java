package dev.assay.internal.storage.sql;

import dev.assay.space.Configuration;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the parameters of stored trials straight into the codes of the space. A study may have a
/// million rows: neither a parser nor a map is made for one.
///
/// That is for rows as this storage writes them, flat and without blanks; whatever looks otherwise
/// is read by the usual way, which also has the words for what is wrong. One thread.
final class StoredParams {
  /// Digits that a long surely holds.
  private static final int LONG_DIGITS = 18;

  private final SearchSpace space;
  private final boolean many;
  private final List<Parameter> parameters;

  /// `"name":` of each parameter.
  private final byte[][] names;

  private final double[] codes;
  private final char[] digits = new char[32];

  /// Where the scalar read last ended.
  private int end;

  /// @param many whether there are very many to read
  StoredParams(SearchSpace space, boolean many) {
    this.space = space;
    this.many = many;
    parameters = space.parameters();
    names = new byte[parameters.size()][];
    for (int i = 0; i < names.length; i++) {
      var name = StoredJson.quoted(parameters.get(i).name()) + ":";
      names[i] = name.getBytes(StandardCharsets.UTF_8);
    }
    codes = new double[names.length];
  }

  /// As [SearchSpace#read], of a JSON object.
  ///
  /// @throws dev.assay.problem.Problem as there
  Configuration read(byte[] json) {
    var configuration = space.isOpen() ? null : quickly(json);
    return configuration != null ? configuration : space.read(StoredJson.readMap(json));
  }

  /// @return null unless the active parameters, all of them in the order of the space, have plain
  ///   scalars that they can take
  private @Nullable Configuration quickly(byte[] json) {
    if (json.length < 2 || json[0] != '{') {
      return null;
    }
    int at = 1;
    for (int i = 0; i < codes.length; i++) {
      if (!space.exists(i, codes)) {
        codes[i] = Double.NaN;
        continue;
      }
      int start = at + names[i].length;
      if (at > 1 && json[at - 1] != ',') {
        return null;
      }
      if (start > json.length || !Arrays.equals(json, at, start, names[i], 0, names[i].length)) {
        return null;
      }
      var value = scalar(json, start);
      codes[i] = value == null ? Double.NaN : parameters.get(i).distribution().code(value);
      if (Double.isNaN(codes[i])) {
        return null;
      }
      at = end + 1; // behind the comma, or the brace
    }
    return at == json.length && json[at - 1] == '}' ? space.fromCodes(codes) : null;
  }

  /// @return null where there is another thing than a number, a text without escapes or a boolean,
  ///   with a comma or a brace behind it
  private @Nullable Object scalar(byte[] json, int start) {
    boolean isText = start < json.length && json[start] == '"';
    end = isText ? textEnd(json, start) : start;
    while (end < json.length && json[end] != ',' && json[end] != '}') {
      if (isText) {
        return null;
      }
      end++;
    }
    if (end >= json.length || end == start) {
      return null;
    }
    if (isText) {
      return new String(json, start + 1, end - start - 2, StandardCharsets.UTF_8);
    }
    return switch (json[start]) {
      case 't' -> matches("true", json, start) ? true : null;
      case 'f' -> matches("false", json, start) ? false : null;
      default -> number(json, start);
    };
  }

  /// Behind the closing quote; the array's length where there is none, or an escape before it.
  private static int textEnd(byte[] json, int start) {
    int i = start + 1;
    while (i < json.length && json[i] != '"') {
      if (json[i] == '\\') {
        return json.length;
      }
      i++;
    }
    return Math.min(json.length, i + 1);
  }

  private boolean matches(String word, byte[] json, int start) {
    return word.equals(new String(json, start, end - start, StandardCharsets.UTF_8));
  }

  /// Behind the number, at `end`, there is a comma or a brace.
  ///
  /// @return null where it is no number of JSON's, or a long one
  private @Nullable Number number(byte[] json, int start) {
    int length = end - start;
    int first = start + (json[start] == '-' ? 1 : 0);
    boolean isJson = isDigit(json[first]) && (json[first] != '0' || !isDigit(json[first + 1]));
    if (!isJson || length > digits.length) {
      return null;
    }
    boolean isWhole = true;
    for (int i = 0; i < length; i++) {
      byte c = json[start + i];
      digits[i] = (char) c;
      if (!isDigit(c) && (c != '-' || i > 0)) {
        boolean isPoint = c == '.' && isDigit(json[start + i + 1]);
        if (!isPoint && c != 'e' && c != 'E' && c != '+' && c != '-') {
          return null;
        }
        isWhole = false;
      }
    }
    if (!isWhole) {
      return StoredJson.number(digits, length, many);
    }
    return length <= LONG_DIGITS ? Long.valueOf(new String(digits, 0, length)) : null;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }
}
