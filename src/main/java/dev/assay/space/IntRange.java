package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Whole numbers from low to high, both included.
///
/// @param log whether equal ratios are equally likely; then low >= 1
/// @param step the distance of neighbouring values, counted from low; at least 1
public record IntRange(long low, long high, boolean log, long step) implements Distribution {
  /// Codes are doubles: whole numbers beyond this are not exact.
  private static final long LARGEST = 1L << 53;

  public IntRange {
    if (Math.abs(low) > LARGEST || Math.abs(high) > LARGEST) {
      throw new Problem(
          "The bounds of an integer range must be within ±2^53.",
          "[" + low + ", " + high + "]",
          "Use a float range, or search the exponent.");
    }
    if (low > high) {
      throw Ranges.swapped(low, high);
    }
    if (log && low < 1) {
      throw Ranges.logTouchesZero(low);
    }
    if (step < 1) {
      throw new Problem(
          "The step of an integer range must be at least 1.",
          "step " + step,
          "Give a whole step of 1 or more.");
    }
    if (log && step > 1) {
      throw Ranges.logWithStep();
    }
    if (low < high && step > high - low) {
      throw Ranges.stepTooLarge(low, high, step);
    }
  }

  public IntRange(long low, long high) {
    this(low, high, false, 1);
  }

  /// The range in which equal ratios are equally likely.
  public static IntRange log(long low, long high) {
    return new IntRange(low, high, true, 1);
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(values());
  }

  private long values() {
    return (high - low) / step + 1;
  }

  /// Half a step beyond the bounds, so that the first and last value get their full share.
  private double logLow() {
    return StrictMath.log(low - 0.5);
  }

  private double logHigh() {
    return StrictMath.log(high + 0.5);
  }

  @Override
  public double code(@Nullable Object value) {
    if (!(value instanceof Number number)) {
      return Double.NaN;
    }
    double x = number.doubleValue();
    return x == Math.rint(x) && x >= low && x <= high && ((long) x - low) % step == 0
        ? x
        : Double.NaN;
  }

  @Override
  public double nth(long index) {
    return low + index * step;
  }

  @Override
  public long nearestIndex(double x) {
    return Double.isNaN(code(x))
        ? Math.clamp(Math.round((x - low) / step), 0L, values() - 1)
        : ((long) x - low) / step;
  }

  @Override
  public Long value(double code) {
    return (long) code;
  }

  @Override
  public double fromUnit(double unit) {
    double u = Math.clamp(unit, 0.0, 1.0);
    if (log) {
      double x = StrictMath.exp(logLow() + u * (logHigh() - logLow()));
      return Math.clamp(Math.rint(x), (double) low, (double) high);
    }
    return low + UnitCells.index(u, values()) * step;
  }

  @Override
  public double toUnit(double code) {
    if (log) {
      return (StrictMath.log(code) - logLow()) / (logHigh() - logLow());
    }
    return UnitCells.unit(((long) code - low) / step, values());
  }

  @Override
  public double middle() {
    return fromUnit(0.5);
  }

  @Override
  public String describe() {
    return "int ["
        + low
        + ", "
        + high
        + "]"
        + (log ? " log" : "")
        + (step > 1 ? " step " + step : "");
  }
}
