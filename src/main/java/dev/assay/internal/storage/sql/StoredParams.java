package dev.assay.internal.storage.sql;

import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
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

  /// Whole numbers of so many digits are doubles.
  private static final int WHOLE_DIGITS = 15;

  /// Options of which one is found quickly by looking at each.
  private static final int FEW = 16;

  private final SearchSpace space;
  private final List<Parameter> parameters;

  /// `"name":` of each parameter.
  private final byte[][] names;

  /// For each choice of few options these as they were met in rows, null where they were not yet;
  /// null for other parameters.
  private final byte[] @Nullable [][] options;

  /// Bounds of the parameters that are any real number between two or any whole one; NaN for
  /// others.
  private final double[] lows;

  private final double[] highs;

  /// Which of them are whole numbers.
  private final boolean[] wholes;

  private final double[] codes;
  private final DecimalNumber number = new DecimalNumber();

  /// Of the row read last, where numbers stand in it as they are printed; null where nobody wants
  /// to know.
  private @Nullable PlacedNumbers numbers;

  /// Where the scalar read last ended.
  private int end;

  StoredParams(SearchSpace space) {
    this.space = space;
    parameters = space.parameters();
    names = new byte[parameters.size()][];
    options = new byte[names.length][][];
    lows = new double[names.length];
    highs = new double[names.length];
    wholes = new boolean[names.length];
    Arrays.fill(lows, Double.NaN);
    for (int i = 0; i < names.length; i++) {
      var name = StoredJson.quoted(parameters.get(i).name()) + ":";
      names[i] = name.getBytes(StandardCharsets.UTF_8);
      if (parameters.get(i).distribution() instanceof Choice choice
          && choice.options().size() <= FEW) {
        options[i] = new byte[choice.options().size()][];
      } else if (parameters.get(i).distribution()
              instanceof FloatRange(double low, double high, boolean _, double step)
          && step == 0) {
        bound(i, low, high, false);
      } else if (parameters.get(i).distribution()
              instanceof IntRange(long low, long high, boolean _, long step)
          && step == 1) {
        bound(i, low, high, true);
      }
    }
    codes = new double[names.length];
  }

  private void bound(int i, double low, double high, boolean whole) {
    lows[i] = low;
    highs[i] = high;
    wholes[i] = whole;
  }

  /// As [#read], for whoever prints the trial.
  ///
  /// @param printed gets the places of numbers that stand in the row as they are printed
  Configuration read(byte[] json, PlacedNumbers printed) {
    numbers = printed;
    try {
      var configuration = space.isOpen() ? null : quickly(json);
      if (configuration != null) {
        return configuration;
      }
      printed.clear();
      return read(json);
    } finally {
      numbers = null;
    }
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
      codes[i] = code(i, json, start);
      if (Double.isNaN(codes[i])) {
        return null;
      }
      at = end + 1; // behind the comma, or the brace
    }
    return at == json.length && json[at - 1] == '}' ? space.fromCodes(codes) : null;
  }

  /// The code of parameter i, whose value begins at a place.
  ///
  /// @return NaN unless there is a plain scalar that it can take
  private double code(int i, byte[] json, int start) {
    double plain = Double.isNaN(lows[i]) ? Double.NaN : plain(i, json, start);
    return Double.isNaN(plain) ? anyCode(i, json, start) : plain;
  }

  /// The same for a number between two bounds, in one pass and without a box.
  ///
  /// @return NaN where there is none, or one to be read with more care
  private double plain(int i, byte[] json, int start) {
    end = number.readUpTo(json, start, json.length);
    if (end < 0 || end == json.length || json[end] != ',' && json[end] != '}') {
      return Double.NaN;
    }
    boolean whole = number.isWhole();
    double x = number.value();
    if (!(x >= lows[i] && x <= highs[i]) || whole && end - start > WHOLE_DIGITS) {
      return Double.NaN;
    }
    if (wholes[i] != whole) {
      return whole ? x + 0.0 : Double.NaN; // a whole -0 is 0
    }
    if (numbers != null && number.isPrinted()) {
      numbers.put(i, start, end);
    }
    return whole ? x + 0.0 : x;
  }

  private double anyCode(int i, byte[] json, int start) {
    var known = options[i];
    for (int k = 0; known != null && k < known.length; k++) {
      var option = known[k];
      if (option != null && start + option.length < json.length) {
        end = start + option.length;
        boolean ends = json[end] == ',' || json[end] == '}';
        if (ends && Arrays.equals(json, start, end, option, 0, option.length)) {
          return k;
        }
      }
    }
    var distribution = parameters.get(i).distribution();
    var value = scalar(json, start);
    double code = value == null ? Double.NaN : distribution.code(value);
    if (Double.isNaN(code)) {
      return code;
    }
    if (known != null) {
      known[(int) code] = Arrays.copyOfRange(json, start, end);
    } else if (numbers != null && isPrinted(distribution, code)) {
      numbers.put(i, start, end);
    }
    return code;
  }

  /// Whether the number read last stands in the row as its code is printed.
  private boolean isPrinted(Distribution distribution, double code) {
    return switch (distribution) {
      case FloatRange _ -> number.isPrinted() && !number.isWhole() && isRead(code);
      case IntRange _ -> number.isPrinted() && number.isWhole() && isRead(code);
      case Choice _ -> false;
    };
  }

  /// Bit by bit: a step may have moved it, and -0.0 is not printed as 0.0.
  private boolean isRead(double code) {
    return Double.doubleToRawLongBits(code) == Double.doubleToRawLongBits(number.value());
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

  /// @return null where it is no number of JSON's, or a whole one of many digits
  private @Nullable Number number(byte[] json, int start) {
    if (!number.read(json, start, end)) {
      return null;
    }
    if (!number.isWhole()) {
      return number.value();
    }
    return end - start <= LONG_DIGITS
        ? Long.valueOf(new String(json, start, end - start, StandardCharsets.US_ASCII))
        : null;
  }
}
