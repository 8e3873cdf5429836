package dev.assay.space;

import java.util.OptionalLong;

/// The values that one parameter can take.
public sealed interface Distribution permits FloatRange, IntRange, Choice {
  /// How many values there are, where they are countable.
  OptionalLong count();

  /// The code of a value, or NaN when the value is not one of this distribution's.
  ///
  /// @param value a JSON value: a number, a string, a boolean, null, a list or a map
  double code(@org.jspecify.annotations.Nullable Object value);

  /// Whether a number is the code of one of its values.
  default boolean has(double code) {
    return count().isPresent() ? nth(nearestIndex(code)) == code : !Double.isNaN(code(value(code)));
  }

  /// The value that a code stands for: a Double, a Long, or the option itself.
  @org.jspecify.annotations.Nullable
  Object value(double code);

  /// The code at a unit value. Non-decreasing in `unit`.
  ///
  /// @param unit in [0, 1]; values outside are clamped
  double fromUnit(double unit);

  /// The unit value of a code: `fromUnit(toUnit(code)) == code` for every code that [#fromUnit] can
  /// give, and for every value of a countable distribution.
  double toUnit(double code);

  /// The index-th code of a countable distribution, in ascending order, from 0.
  double nth(long index);

  /// The index of the value of a countable distribution that is nearest to a number; of a code, its
  /// own: the inverse of [#nth].
  long nearestIndex(double x);

  /// The value used where nothing else is known: the middle of a range, the first option.
  double middle();

  /// The distribution in words, for messages: `float [1e-4, 1] log`.
  String describe();
}
