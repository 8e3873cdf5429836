package dev.assay.space;

import dev.assay.problem.Problem;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// The values of a stepped range of real numbers: low, low + step, low + 2 · step and so on, summed
/// as the decimals that people write and rounded to a double once. The third of [0, 1] in steps of
/// 0.1 is 0.3, where 0 + 3 · 0.1 in binary would be 0.30000000000000004.
final class DecimalSteps {
  /// Indices are counted in doubles as well: whole numbers beyond this are not exact there.
  private static final long MOST = 1L << 53;

  /// The powers of ten that are doubles without rounding.
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /// What a range derives from its bounds, kept because a record has no fields for it. Threads may
  /// overwrite each other's entries: each entry is immutable and found again by what it was made
  /// of.
  private static final @Nullable DecimalSteps[] RECENT = new @Nullable DecimalSteps[256];

  private final double low;
  private final double high;
  private final double step;
  private final BigDecimal first;
  private final BigDecimal each;
  private final long last;

  // The same in units of a negative power of ten, where all of them are exact doubles.
  private final long firstUnits;
  private final long eachUnits;
  private final double power;

  private DecimalSteps(double low, double high, double step) {
    this.low = low;
    this.high = high;
    this.step = step;
    first = BigDecimal.valueOf(low).stripTrailingZeros();
    each = BigDecimal.valueOf(step).stripTrailingZeros();
    last = last();
    int scale = Math.max(0, Math.max(first.scale(), each.scale()));
    if (scale < POWERS.length && isExact(first, scale) && isExact(sum(last), scale)) {
      firstUnits = first.scaleByPowerOfTen(scale).longValueExact();
      eachUnits = last == 0 ? 0 : each.scaleByPowerOfTen(scale).longValueExact();
      power = POWERS[scale];
    } else {
      firstUnits = 0;
      eachUnits = 0;
      power = 0;
    }
  }

  private static boolean isExact(BigDecimal value, int scale) {
    return value.scaleByPowerOfTen(scale).abs().compareTo(BigDecimal.valueOf(MOST)) <= 0;
  }

  /// @param step above 0
  /// @throws Problem when the step is larger than the range, or so small that neighbouring values
  ///   are not different doubles
  static DecimalSteps of(double low, double high, double step) {
    long bits =
        31 * (31 * Double.doubleToLongBits(low) + Double.doubleToLongBits(high))
            + Double.doubleToLongBits(step);
    int slot = (int) (bits * 0x9E3779B97F4A7C15L >>> 56);
    var kept = RECENT[slot];
    if (kept != null && kept.low == low && kept.high == high && kept.step == step) {
      return kept;
    }
    var made = new DecimalSteps(low, high, step);
    RECENT[slot] = made;
    return made;
  }

  private long last() {
    var width = BigDecimal.valueOf(high).subtract(first);
    if (width.signum() == 0) {
      return 0;
    }
    if (each.compareTo(width) > 0) {
      throw Ranges.stepTooLarge(Ranges.plain(low), Ranges.plain(high), Ranges.plain(step));
    }
    var steps = width.divideToIntegralValue(each);
    // Two numbers more than one unit of the last binary place apart are never rounded to one; nor
    // are those exactly that far apart that are doubles themselves.
    var largest = Math.nextDown(Math.max(Math.abs(low), Math.abs(high)));
    int finer = each.compareTo(new BigDecimal(Math.ulp(largest)));
    if (steps.compareTo(BigDecimal.valueOf(MOST)) > 0
        || finer < 0
        || finer == 0 && first.remainder(each).signum() != 0) {
      throw new Problem(
          "The step of a float range is too small: neighbouring values would be the same double.",
          "["
              + Ranges.plain(low)
              + ", "
              + Ranges.plain(high)
              + "] step "
              + Ranges.plain(step)
              + ", "
              + Ranges.plain(steps.doubleValue())
              + " steps",
          "Give a larger step, or leave it out: then every double of the range is searched.");
    }
    return steps.longValueExact();
  }

  private BigDecimal sum(long index) {
    return first.add(each.multiply(BigDecimal.valueOf(index)));
  }

  /// How many values there are.
  long count() {
    return last + 1;
  }

  /// The value of an index from 0 to count − 1.
  double at(long index) {
    // A quotient of two exact doubles is rounded once.
    return power > 0 ? (firstUnits + index * eachUnits) / power : sum(index).doubleValue();
  }

  /// The index of the value nearest to x.
  long nearest(double x) {
    long index = Math.clamp(Math.round((x - low) / step), 0L, last);
    if (at(index) == x) {
      return index;
    }
    while (index < last && Math.abs(at(index + 1) - x) < Math.abs(at(index) - x)) {
      index++;
    }
    while (index > 0 && Math.abs(at(index - 1) - x) < Math.abs(at(index) - x)) {
      index--;
    }
    return index;
  }

  /// The value that a number stands for: binary sums such as 0.1 + 0.2 miss it by a few units of
  /// the last place of the largest number in them.
  ///
  /// @return NaN where it stands for none
  double member(double x) {
    double value = at(nearest(x));
    double rounding = 4 * Math.ulp(Math.max(Math.abs(low), Math.abs(high)));
    double allowed = Math.clamp(rounding, 1e-9 * step, 0.25 * step);
    return Math.abs(value - x) <= allowed ? value : Double.NaN;
  }
}
