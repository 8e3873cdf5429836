package dev.assay.exchange;

import dev.assay.trial.TrialRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a trial was in the tool that it comes from, as far as it is something else here. Kept as an
/// attribute of the trial, and taken back when the study is.
///
/// @param fields by the keys below
record Origin(Map<String, @Nullable Object> fields) {
  /// The attribute's name.
  static final String KEY = "imported";

  /// Its state there: `RUNNING`, or `COMPLETE` with a value that is not finite.
  static final String STATE = "state";

  /// Its values there, where a trial of that state has none here. Infinities are texts.
  static final String VALUES = "values";

  /// When it began and ended, to the microsecond.
  static final String START = "start";

  static final String END = "end";

  /// Attributes of the tool's own.
  static final String SYSTEM = "system";

  /// Attributes whose names mean something else here.
  static final String ATTRIBUTES = "attributes";

  /// Parameters whose value here is another number, if only in the last bit, or has no place in the
  /// space.
  static final String PARAMS = "params";

  /// Parameters that it did not have there; here they have their defaults.
  static final String MISSING = "missing";

  /// Distributions that it had and the space has not, as the tool writes them.
  static final String DISTRIBUTIONS = "distributions";

  static Origin of(TrialRecord trial) {
    return new Origin(map(trial.attributes().get(KEY)));
  }

  /// A map among JSON values; empty where there is none.
  static Map<String, @Nullable Object> map(@Nullable Object value) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> copy.put(String.valueOf(key), element));
    }
    return copy;
  }

  Map<String, @Nullable Object> map(String key) {
    return map(fields.get(key));
  }

  List<?> list(String key) {
    return fields.get(key) instanceof List<?> list ? list : List.of();
  }

  @Nullable String text(String key) {
    return fields.get(key) instanceof String text ? text : null;
  }
}
