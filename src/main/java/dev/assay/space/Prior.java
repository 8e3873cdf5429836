package dev.assay.space;

import dev.assay.internal.words.Nearest;
import dev.assay.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Where someone expects the best value of a parameter, before any trial has run: samplers begin
/// there, and rely on it the less the more trials they know.
///
/// ```java
/// builder.add("learning_rate", FloatRange.log(1e-5, 1)).prior("learning_rate", Prior.within(1e-3, 3));
/// builder.add("optimizer", adamOrSgd).prior("optimizer", Prior.weights(adamOrSgd, Map.of("adam", 3)));
/// ```
public sealed interface Prior {
  /// Of a range: a normal distribution about a value, cut off at the range's bounds.
  ///
  /// @param value within the range; it need not be one of its steps
  /// @param spread one standard deviation: in units of the parameter where the range is linear, as
  ///   a factor above 1 where it is logarithmic
  /// @param scale that of the range
  record Around(double value, double spread, Scale scale) implements Prior {
    /// Nothing is narrower than this, as a share of the range, nor wider than a hundred ranges:
    /// that much is even.
    private static final double NARROWEST = 1e-9;

    private static final double WIDEST = 100;

    public Around {
      if (!Double.isFinite(value)) {
        throw new Problem(
            "A prior lies around a finite number.", "around " + value, "Give the expected value.");
      }
      boolean factor = scale == Scale.LOG;
      if (!(spread > (factor ? 1 : 0)) || Double.isInfinite(spread)) {
        throw new Problem(
            factor
                ? "The spread of a prior on a logarithmic range is a factor above 1."
                : "The spread of a prior is a distance above 0.",
            "spread " + (factor ? factor(spread) : Ranges.plain(spread)),
            factor
                ? "Give by what factor the best value may well differ: 3x."
                : "Give by how much the best value may well differ.");
      }
    }

    /// The value's place in the range, from 0 to 1, as [Distribution#toUnit] counts; steps are no
    /// steps here.
    public double centre(Distribution range) {
      return Math.clamp((on(value) - low(range)) / width(range), 0.0, 1.0);
    }

    /// The standard deviation as a share of the range.
    public double deviation(Distribution range) {
      double share = (scale == Scale.LOG ? StrictMath.log(spread) : spread) / width(range);
      return Math.clamp(share, NARROWEST, WIDEST);
    }

    private double on(double x) {
      return scale == Scale.LOG ? StrictMath.log(x) : x;
    }

    private static double low(Distribution range) {
      return switch (range) {
        case FloatRange(double low, _, boolean log, double step) ->
            log ? StrictMath.log(low) : low - step / 2;
        case IntRange(long low, _, boolean log, long step) ->
            log ? StrictMath.log(low - 0.5) : low - step / 2.0;
        case Choice choice -> throw new IllegalArgumentException(choice.describe());
      };
    }

    private static double width(Distribution range) {
      return switch (range) {
        case FloatRange(double low, double high, boolean log, double step) ->
            log
                ? StrictMath.log(high) - StrictMath.log(low)
                : step > 0 ? step * range.count().orElseThrow() : high - low;
        case IntRange(_, long high, boolean log, long step) ->
            log
                ? StrictMath.log(high + 0.5) - low(range)
                : (double) step * range.count().orElseThrow();
        case Choice choice -> throw new IllegalArgumentException(choice.describe());
      };
    }
  }

  /// Of a choice: how likely each option is to be the best, in proportion.
  ///
  /// @param weights one for each option, in their order; not negative, not all 0
  record Weights(List<Double> weights) implements Prior {
    public Weights {
      weights = List.copyOf(weights);
      for (double weight : weights) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
          throw new Problem(
              "A weight is a number of at least 0.",
              "weight " + Ranges.plain(weight),
              "Give 2 to what is twice as likely, 0 to what is not.");
        }
      }
      if (weights.stream().allMatch(weight -> weight == 0)) {
        throw new Problem(
            "The weights are all 0.", weights.toString(), "Give a weight to what is expected.");
      }
    }

    /// The probability of each option.
    public double[] probabilities() {
      double most = Collections.max(weights);
      double sum = weights.stream().mapToDouble(weight -> weight / most).sum();
      return weights.stream().mapToDouble(weight -> weight / most / sum).toArray();
    }
  }

  /// About a value of a linear range, give or take `spread`, one standard deviation.
  static Prior around(double value, double spread) {
    return new Around(value, spread, Scale.LINEAR);
  }

  /// About a value of a logarithmic range, give or take a factor, one standard deviation of the
  /// logarithm: `within(1e-3, 3)` is mostly between 3e-4 and 3e-3.
  static Prior within(double value, double factor) {
    return new Around(value, factor, Scale.LOG);
  }

  /// Weights of some options of a choice; the others have 1.
  ///
  /// @throws Problem for what is no option, a weight that is negative or not finite, or none above
  ///   0
  static Prior weights(Choice choice, Map<?, ? extends Number> weights) {
    var all = new ArrayList<>(Collections.nCopies(choice.options().size(), 1.0));
    weights.forEach((option, weight) -> {
      double code = choice.code(option);
      if (Double.isNaN(code)) {
        throw unknown(String.valueOf(option), choice);
      }
      all.set((int) code, weight.doubleValue());
    });
    return new Weights(all);
  }

  /// Of an option that the choice does not have.
  static Problem unknown(String option, Choice choice) {
    return new Problem(
        "A prior weighs an option that the choice does not have.",
        option,
        Nearest.suggest(option, choice.options().stream().map(String::valueOf).toList()));
  }

  /// The prior of a description or a record: what [#described] gives.
  static @Nullable Prior read(@Nullable Object description) {
    if (description == null) {
      return null; // as nearly always: the switch below takes its time, once
    }
    return switch (description) {
      case List<?> weights ->
          new Weights(weights.stream().map(weight -> ((Number) weight).doubleValue()).toList());
      case Map<?, ?> fields -> {
        var value = (Number) java.util.Objects.requireNonNull(fields.get("around"));
        var spread = String.valueOf(fields.get("spread"));
        var factor = parseFactor(spread);
        yield factor.isPresent()
            ? within(value.doubleValue(), factor.getAsDouble())
            : around(value.doubleValue(), Double.parseDouble(spread));
      }
      default -> null;
    };
  }

  /// As a study file has it: `{around: 0.001, spread: 3x}`, or a list of weights.
  default Object described() {
    return switch (this) {
      case Weights(var weights) -> weights;
      case Around(double value, double spread, Scale scale) -> {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("around", value);
        fields.put("spread", scale == Scale.LOG ? factor(spread) : spread);
        yield fields;
      }
    };
  }

  /// The same in words, for messages: `around 0.001, spread 3x`.
  default String describe() {
    return switch (this) {
      case Weights(var weights) -> weights.toString();
      case Around(double value, double spread, Scale scale) ->
          "around "
              + Ranges.plain(value)
              + ", spread "
              + (scale == Scale.LOG ? factor(spread) : Ranges.plain(spread));
    };
  }

  private static String factor(double factor) {
    return Ranges.plain(factor) + "x";
  }

  /// The number of a factor as people write it: `3x`, `1.5x`.
  ///
  /// @return empty where the text is none
  static OptionalDouble parseFactor(String text) {
    if (!text.endsWith("x") && !text.endsWith("X")) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text.substring(0, text.length() - 1)));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /// @throws Problem where a parameter of this distribution cannot have the prior
  default void requireFits(Distribution distribution) {
    if (distribution.count().orElse(0) == 1) {
      throw refused(
          "A parameter with one value needs no prior.", distribution, "Remove the prior.");
    }
    switch (this) {
      case Around around -> requireFits(around, distribution);
      case Weights(var weights) -> {
        if (!(distribution instanceof Choice choice)) {
          throw refused(
              "Weights are for choices.",
              distribution,
              "Write it like this: prior: {around: ..., spread: ...}.");
        }
        if (weights.size() != choice.options().size()) {
          throw refused(
              "A prior has one weight for each option.",
              distribution,
              "Give " + choice.options().size() + " weights, in the order of the options.");
        }
      }
    }
  }

  private void requireFits(Around around, Distribution distribution) {
    switch (distribution) {
      case FloatRange(double low, double high, boolean log, double step) ->
          requireFits(around, distribution, log, low, step > 0 ? distribution.fromUnit(1) : high);
      case IntRange(long low, _, boolean log, _) ->
          requireFits(around, distribution, log, low, distribution.fromUnit(1));
      case Choice _ ->
          throw refused(
              "The prior of a choice has a weight for each option.",
              distribution,
              "Write it like this: prior: {adam: 3, sgd: 1}.");
    }
  }

  private void requireFits(
      Around around, Distribution distribution, boolean log, double low, double high) {
    if (log && around.scale == Scale.LINEAR) {
      throw refused(
          "The spread of a prior on a logarithmic range is a factor.",
          distribution,
          "Write it like this: spread: 3x.");
    }
    if (!log && around.scale == Scale.LOG) {
      throw refused(
          "A factor as spread is for logarithmic ranges.",
          distribution,
          "Give a distance in the parameter's own units, or make the range log.");
    }
    if (!(around.value >= low && around.value <= high)) {
      throw refused(
          "The prior lies outside the range.",
          distribution,
          "Give a value from " + Ranges.plain(low) + " to " + Ranges.plain(high) + ".");
    }
  }

  private Problem refused(String what, Distribution distribution, String mend) {
    return new Problem(what, describe() + " of " + distribution.describe(), mend);
  }
}
