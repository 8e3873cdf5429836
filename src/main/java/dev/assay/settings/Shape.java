package dev.assay.settings;

import dev.assay.problem.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an option looks in study files that is no number, flag, word or list of names.
public interface Shape {
  /// @param owner whose option it is, for messages: `sampler grid`
  /// @param given a JSON value, not null
  /// @throws Problem for what cannot be meant ([Settings#wrong])
  Object read(String owner, String key, Object given);

  /// The JSON value that is read as this one; null for null.
  @Nullable Object written(@Nullable Object value);

  /// Of the JSON values that are read: an object of the vocabulary of JSON Schema.
  Map<String, Object> schema();

  /// The values, for people: `a map of values, or a list of such maps`.
  String values();
}
