package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Real numbers from low to high, both included.
///
/// @param log whether equal ratios are equally likely; then low > 0
/// @param step the distance of neighbouring values, counted from low in decimals and rounded once:
///   the values of [0, 1] in steps of 0.1 are 0.1, 0.2, 0.3 and so on; 0: every double
public record FloatRange(double low, double high, boolean log, double step)
    implements Distribution {
  public FloatRange {
    if (!Double.isFinite(low) || !Double.isFinite(high) || !Double.isFinite(high - low)) {
      throw new Problem(
          "The bounds of a float range must be finite numbers.",
          "[" + low + ", " + high + "]",
          "Give two finite bounds.");
    }
    if (low > high) {
      throw Ranges.swapped(low, high);
    }
    if (log && low <= 0) {
      throw Ranges.logTouchesZero(low);
    }
    if (step < 0 || Double.isNaN(step) || Double.isInfinite(step)) {
      throw new Problem(
          "The step of a float range must be positive.", "step " + step, "Give a step above 0.");
    }
    if (log && step > 0) {
      throw Ranges.logWithStep();
    }
    if (step > 0) {
      DecimalSteps.of(low, high, step);
    }
  }

  public FloatRange(double low, double high) {
    this(low, high, false, 0);
  }

  /// The range in which equal ratios are equally likely.
  public static FloatRange log(double low, double high) {
    return new FloatRange(low, high, true, 0);
  }

  @Override
  public OptionalLong count() {
    if (low == high) {
      return OptionalLong.of(1);
    }
    return step > 0 ? OptionalLong.of(steps().count()) : OptionalLong.empty();
  }

  private DecimalSteps steps() {
    return DecimalSteps.of(low, high, step);
  }

  @Override
  public double nth(long index) {
    return step > 0 ? steps().at(index) : low;
  }

  @Override
  public long nearestIndex(double x) {
    return step > 0 ? steps().nearest(x) : 0;
  }

  @Override
  public double code(@Nullable Object value) {
    if (!(value instanceof Number number)) {
      return Double.NaN;
    }
    double x = number.doubleValue();
    if (step > 0) {
      return steps().member(x);
    }
    return x >= low && x <= high ? x : Double.NaN;
  }

  @Override
  public Double value(double code) {
    return code;
  }

  @Override
  public double fromUnit(double unit) {
    double u = Math.clamp(unit, 0.0, 1.0);
    if (step > 0) {
      return steps().at(UnitCells.index(u, steps().count()));
    }
    // StrictMath: the same value on every machine.
    double x =
        log
            ? StrictMath.exp(StrictMath.log(low) + u * (StrictMath.log(high) - StrictMath.log(low)))
            : low + u * (high - low);
    return Math.clamp(x, low, high);
  }

  @Override
  public double toUnit(double code) {
    if (low == high) {
      return 0.5;
    }
    if (step > 0) {
      return UnitCells.unit(steps().nearest(code), steps().count());
    }
    double guess =
        log
            ? (StrictMath.log(code) - StrictMath.log(low))
                / (StrictMath.log(high) - StrictMath.log(low))
            : (code - low) / (high - low);
    return Ranges.refine(this, Math.clamp(guess, 0.0, 1.0), code);
  }

  @Override
  public double middle() {
    return fromUnit(0.5);
  }

  @Override
  public String describe() {
    return "float ["
        + Ranges.plain(low)
        + ", "
        + Ranges.plain(high)
        + "]"
        + (log ? " log" : "")
        + (step > 0 ? " step " + Ranges.plain(step) : "");
  }
}
