package dev.assay.kernel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How far an array is from what it should be.
final class Difference {
  private Difference() {}

  /// What is wrong with it, for people; null where every element is near enough.
  ///
  /// Integers are near where they are equal. Of floating-point numbers |x - r| ≤ tolerance ·
  /// max(|r|, s), s the root mean square of r: sums that cancel are judged by the scale of what was
  /// summed, and an array of small numbers is not right because zero is near to all of them.
  ///
  /// @param tolerance relative
  static @Nullable String of(HostArray got, HostArray wanted, double tolerance) {
    boolean floating = wanted.type().isFloating();
    double scale = floating ? scale(wanted) : 0;
    long wrong = 0;
    long first = -1;
    long worst = -1;
    double largest = 0;
    for (long i = 0; i < wanted.count(); i++) {
      double x = got.get(i);
      double r = wanted.get(i);
      double allowed = floating ? tolerance * Math.max(Math.abs(r), scale) : 0;
      double distance = Math.abs(x - r);
      boolean near = x == r || distance <= allowed || Double.isNaN(x) && Double.isNaN(r);
      if (near) {
        continue;
      }
      if (wrong++ == 0) {
        first = i;
      }
      double size = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
      if (worst < 0 || size > largest) {
        worst = i;
        largest = size;
      }
    }
    return wrong == 0
        ? null
        : String.format(
            Locale.ROOT,
            "%d of %d elements are wrong, the first at %d: %s instead of %s; the worst at %d: %s"
                + " instead of %s",
            wrong,
            wanted.count(),
            first,
            text(got, first),
            text(wanted, first),
            worst,
            text(got, worst),
            text(wanted, worst));
  }

  private static String text(HostArray array, long index) {
    double value = array.get(index);
    return array.type().isFloating() ? Float.toString((float) value) : Long.toString((long) value);
  }

  private static double scale(HostArray array) {
    double sum = 0;
    long count = 0;
    for (long i = 0; i < array.count(); i++) {
      double value = array.get(i);
      if (Double.isFinite(value)) {
        sum += value * value;
        count++;
      }
    }
    return count == 0 ? 0 : Math.sqrt(sum / count);
  }
}
