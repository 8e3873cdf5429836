package dev.assay.space;

import dev.assay.problem.Problem;
import org.jspecify.annotations.Nullable;

/// One searched parameter.
///
/// @param name unique within its space
/// @param distribution the values it can take
/// @param initial its default: what `try` runs and what stands for it where a value is needed;
///   null: the distribution's middle
/// @param condition when it exists
/// @param prior where its best value is expected; null where nobody said
public record Parameter(
    String name,
    Distribution distribution,
    @Nullable Object initial,
    Condition condition,
    @Nullable Prior prior) {
  public Parameter {
    if (prior != null) {
      prior.requireFits(distribution);
    }
  }

  /// Of whose best value nothing is expected.
  public Parameter(
      String name, Distribution distribution, @Nullable Object initial, Condition condition) {
    this(name, distribution, initial, condition, null);
  }

  /// An unconditional parameter without a default of its own.
  public Parameter(String name, Distribution distribution) {
    this(name, distribution, null, Condition.ALWAYS);
  }

  /// The same with another prior.
  ///
  /// @throws Problem where its distribution cannot have it
  public Parameter expecting(@Nullable Prior other) {
    return new Parameter(name, distribution, initial, condition, other);
  }

  /// Of its name, which is unique within its space; of the rest the JVM would have to make code
  /// first.
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /// The squared distance of two codes in units; 1 between unordered options, 0 to one that is
  /// missing.
  public double distance(double code, double other) {
    if (code == other || Double.isNaN(code) || Double.isNaN(other)) {
      return 0;
    }
    if (distribution instanceof Choice(_, var ordered) && !ordered) {
      return 1;
    }
    double difference = distribution.toUnit(code) - distribution.toUnit(other);
    return difference * difference;
  }
}
