package dev.assay.space;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// When a parameter exists.
public sealed interface Condition {
  /// The parameter always exists.
  Condition ALWAYS = new All(List.of());

  /// The parent exists and has one of these values.
  record In(String parent, List<@Nullable Object> values) implements Condition {
    @Override
    public Stream<In> clauses() {
      return Stream.of(this);
    }
  }

  /// All of these hold.
  record All(List<Condition> conditions) implements Condition {
    @Override
    public Stream<In> clauses() {
      return conditions.stream().flatMap(Condition::clauses);
    }
  }

  /// At least one of these holds.
  record Any(List<Condition> conditions) implements Condition {
    @Override
    public Stream<In> clauses() {
      return conditions.stream().flatMap(Condition::clauses);
    }
  }

  /// What it says of single parents, from left to right.
  Stream<In> clauses();

  /// Whether it is [#ALWAYS].
  default boolean isAlways() {
    return this instanceof All all && all.conditions.isEmpty();
  }

  /// The parent exists and has one of these values.
  static Condition when(String parent, Object... values) {
    return new In(parent, List.of(values));
  }

  /// Both hold; nothing is nested where one of them is [#ALWAYS].
  default Condition and(Condition other) {
    if (isAlways()) {
      return other;
    }
    return other.isAlways() ? this : new All(List.of(this, other));
  }
}
