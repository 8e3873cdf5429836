package dev.assay.report;

import dev.assay.trial.Objective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Values that JSON can hold: JSON has no NaN and no infinity, so these become null.
final class JsonValues {
  private JsonValues() {}

  static @Nullable Object finite(@Nullable Object value) {
    if (value instanceof Number number) {
      return Double.isFinite(number.doubleValue()) || isExact(number) ? value : null;
    }
    if (value instanceof List<?> list) {
      var copy = new ArrayList<@Nullable Object>(list.size());
      for (var element : list) {
        copy.add(finite(element));
      }
      return copy;
    }
    if (value instanceof Map<?, ?> map) {
      var copy = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((key, element) -> copy.put(String.valueOf(key), finite(element)));
      return copy;
    }
    return value;
  }

  /// Whether it is of a kind that has no infinity, however large.
  private static boolean isExact(Number number) {
    return !(number instanceof Double) && !(number instanceof Float);
  }

  /// Values by the names of their metrics; metrics without a value are null.
  static Map<String, @Nullable Object> byMetric(List<Objective> objectives, List<Double> values) {
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < objectives.size(); i++) {
      map.put(objectives.get(i).metric(), i < values.size() ? finite(values.get(i)) : null);
    }
    return map;
  }

  /// A value in one line: strings as they are, anything else as JSON.
  static String text(@Nullable Object value) {
    return value instanceof String || value instanceof Boolean
        ? value.toString()
        : JsonMapper.shared().writeValueAsString(finite(value));
  }
}
