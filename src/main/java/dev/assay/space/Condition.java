package dev.assay.space;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// When a parameter exists.
public sealed interface Condition {
  /// The parameter always exists.
  Condition ALWAYS = new All(List.of());

  /// The parent exists and has one of these values.
  record In(String parent, List<@Nullable Object> values) implements Condition {}

  /// All of these hold.
  record All(List<Condition> conditions) implements Condition {}

  /// At least one of these holds.
  record Any(List<Condition> conditions) implements Condition {}

  /// The parent exists and has one of these values.
  static Condition when(String parent, Object... values) {
    return new In(parent, List.of(values));
  }

  /// Both hold; nothing is nested where one of them is [#ALWAYS].
  default Condition and(Condition other) {
    if (equals(ALWAYS)) {
      return other;
    }
    return other.equals(ALWAYS) ? this : new All(List.of(this, other));
  }
}
