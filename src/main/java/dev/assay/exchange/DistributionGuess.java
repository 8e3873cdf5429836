package dev.assay.exchange;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The distribution of one parameter: what the trials' own have in common, as wide as what was
/// tried; or, where a tool does not say, one that has all the values.
final class DistributionGuess {
  /// From this ratio of the largest to the smallest on, values are taken to be of a log scale.
  private static final double LOG_RATIO = 100;

  /// At most so many different numbers, each tried so often on average, are taken for a list.
  private static final int FEW = 8;

  private static final int OFTEN = 5;

  private final Set<Distribution> declared = new LinkedHashSet<>();

  /// The different values, and how many there were in all.
  private final Set<@Nullable Object> values = new LinkedHashSet<>();

  private int count;

  void saw(@Nullable Object value, @Nullable Distribution distribution) {
    if (distribution != null) {
      declared.add(distribution);
    }
    values.add(value);
    count++;
  }

  /// @throws Problem where values cannot be searched, such as texts that are not finite numbers
  Distribution distribution() {
    var merged = declared.isEmpty() ? null : declared();
    if (merged != null && values.stream().noneMatch(v -> Double.isNaN(merged.code(v)))) {
      return merged;
    }
    boolean numbers = values.stream().allMatch(Number.class::isInstance);
    if (merged instanceof Choice || !numbers) {
      return options();
    }
    return merged == null ? guessed() : widened(merged);
  }

  /// What holds all that was declared; null where kinds are mixed.
  private @Nullable Distribution declared() {
    var first = declared.iterator().next();
    if (declared.size() == 1) {
      return first;
    }
    if (declared.stream().allMatch(Choice.class::isInstance)) {
      return options();
    }
    if (declared.stream().anyMatch(Choice.class::isInstance)) {
      return null;
    }
    double low = declared.stream().mapToDouble(DistributionGuess::low).min().orElseThrow();
    double high = declared.stream().mapToDouble(DistributionGuess::high).max().orElseThrow();
    boolean whole = declared.stream().allMatch(IntRange.class::isInstance);
    boolean log = declared.stream().allMatch(DistributionGuess::isLog);
    return range(low, high, log, step(low, high), whole);
  }

  /// The step that all have, if their values then lie on one grid; 0: none.
  private double step(double low, double high) {
    var steps = new LinkedHashSet<Double>();
    declared.forEach(one -> steps.add(stepOf(one)));
    double step = steps.size() == 1 ? steps.iterator().next() : 0;
    return step > 0
            && declared.stream().allMatch(one -> isOnGrid(low, low(one), step))
            && isOnGrid(low, high, step)
        ? step
        : 0;
  }

  private static boolean isOnGrid(double low, double x, double step) {
    double steps = (x - low) / step;
    return Math.abs(steps - Math.rint(steps)) < 1e-9;
  }

  /// A range as wide as the values too, which an enqueued trial may have from outside.
  private Distribution widened(Distribution range) {
    double low = Math.min(low(range), least());
    double high = Math.max(high(range), most());
    boolean whole = range instanceof IntRange && values.stream().allMatch(Long.class::isInstance);
    var wide = range(low, high, isLog(range) && low > 0, stepOf(range), whole);
    boolean fits = values.stream().noneMatch(v -> Double.isNaN(wide.code(v)));
    return fits ? wide : range(low, high, isLog(range) && low > 0, 0, whole);
  }

  private static double low(Distribution range) {
    return range instanceof IntRange ints ? ints.low() : ((FloatRange) range).low();
  }

  private static double high(Distribution range) {
    return range instanceof IntRange ints ? ints.high() : ((FloatRange) range).high();
  }

  private static boolean isLog(Distribution range) {
    return range instanceof IntRange ints ? ints.log() : ((FloatRange) range).log();
  }

  private static double stepOf(Distribution range) {
    return range instanceof IntRange ints ? ints.step() : ((FloatRange) range).step();
  }

  private static Distribution range(
      double low, double high, boolean log, double step, boolean whole) {
    if (whole && Math.abs(low) <= 0x1p53 && Math.abs(high) <= 0x1p53) {
      return new IntRange(
          (long) low, (long) high, log && low >= 1, step > 1 && low < high ? (long) step : 1);
    }
    try {
      return new FloatRange(low, high, log, log || low == high ? 0 : step);
    } catch (Problem tooFine) { // steps that no decimal has
      return new FloatRange(low, high, log, 0);
    }
  }

  private Choice options() {
    var options = new LinkedHashSet<@Nullable Object>();
    for (var one : declared) {
      if (one instanceof Choice(var own, _)) {
        options.addAll(own);
      }
    }
    options.addAll(distinct());
    return Choice.among(new ArrayList<>(options), false);
  }

  /// The values, equal numbers of different types once.
  private List<@Nullable Object> distinct() {
    var distinct = new LinkedHashMap<@Nullable Object, @Nullable Object>();
    for (var value : values) {
      distinct.put(Choice.canonical(value), value);
    }
    return new ArrayList<>(distinct.keySet());
  }

  private Distribution guessed() {
    boolean whole = values.stream().allMatch(Long.class::isInstance);
    double low = least();
    double high = most();
    boolean gaps = !whole || high - low + 1 > values.size();
    if (values.size() > 1 && values.size() <= FEW && count >= OFTEN * values.size() && gaps) {
      return Choice.among(
          distinct().stream().sorted((a, b) -> Double.compare(number(a), number(b))).toList(),
          true);
    }
    return range(low, high, low > 0 && high / low >= LOG_RATIO, 0, whole);
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private double least() {
    return values.stream().mapToDouble(DistributionGuess::number).min().orElseThrow();
  }

  private double most() {
    return values.stream().mapToDouble(DistributionGuess::number).max().orElseThrow();
  }

  /// One guess for each parameter, in the order in which trials name them.
  static Map<String, DistributionGuess> of(List<Draft> drafts) {
    var guesses = new LinkedHashMap<String, DistributionGuess>();
    for (var draft : drafts) {
      draft.params.forEach((name, value) ->
          guesses
              .computeIfAbsent(name, _ -> new DistributionGuess())
              .saw(value, draft.distributions.get(name)));
    }
    return guesses;
  }
}
