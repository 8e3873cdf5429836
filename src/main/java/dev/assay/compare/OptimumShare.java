package dev.assay.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How a contender's runs stand to the best row of a table in which every configuration was
/// measured, and to what random search would have found there.
///
/// The *share of the optimum* after t trials is optimum/value for what is minimised (of kernel
/// times: the share of the best speed) and value/optimum otherwise; 0 before the first trial that
/// did not fail. What random search without repetition finds on average is known in closed form:
/// the best of t of N rows is the k-th best with probability C(N−k, t−1)/C(N, t). *Beyond random*
/// is (share − expected)/(1 − expected), averaged over t (as the performance score of Willemsen et
/// al. 2024, "A methodology for comparing optimization algorithms for auto-tuning", with shares for
/// times).
///
/// @param atEnd median over runs
/// @param area the share, mean over trials, median over runs
/// @param beyondRandom the score, median over runs; 0 is random search, 1 the optimum at once
/// @param expectedAtEnd of random search
/// @param expectedArea of random search
/// @param to90 trials until the share is 0.9, median over runs; null: not by half of them
public record OptimumShare(
    String sampler,
    double atEnd,
    double area,
    double beyondRandom,
    double expectedAtEnd,
    double expectedArea,
    @Nullable Double to90) {

  /// @param values of all rows; NaN where the run failed
  /// @return null where a share has no meaning: values of both signs, or none
  static @Nullable List<OptimumShare> of(RunTable table, double[] values, int trials) {
    var losses =
        Arrays.stream(values).map(table.direction()::asLoss).sorted().toArray(); // NaN last
    int known = (int) Arrays.stream(losses).filter(loss -> !Double.isNaN(loss)).count();
    if (known == 0 || !(losses[0] * losses[known - 1] > 0)) {
      return null;
    }
    var expected = expected(losses, known, Math.min(trials, losses.length));
    var shares = new ArrayList<OptimumShare>();
    for (int c = 0; c < table.contenders(); c++) {
      shares.add(of(table, c, losses[0], expected));
    }
    return shares;
  }

  private static OptimumShare of(RunTable table, int contender, double optimum, double[] expected) {
    int trials = expected.length;
    var curves =
        table.runsOf(contender).stream()
            .map(run ->
                IntStream.rangeClosed(1, trials)
                    .mapToDouble(t ->
                        share(optimum, run.lossAt(FinishedRun.Axis.TRIALS, t, table.direction())))
                    .toArray())
            .toList();
    double reached =
        Bootstrap.median(curves.stream().mapToDouble(OptimumShare::trialsTo90).toArray());
    return new OptimumShare(
        table.label(contender),
        Bootstrap.median(curves.stream().mapToDouble(curve -> curve[trials - 1]).toArray()),
        Bootstrap.median(curves.stream().mapToDouble(c -> Band.area(Arrays.stream(c))).toArray()),
        Bootstrap.median(curves.stream().mapToDouble(c -> beyond(c, expected)).toArray()),
        expected[trials - 1],
        Band.area(Arrays.stream(expected)),
        Double.isFinite(reached) ? (Double) reached : null);
  }

  /// Losses have the sign that they have: both are positive, or both negative.
  private static double share(double optimum, double loss) {
    return Double.isInfinite(loss) ? 0 : optimum > 0 ? optimum / loss : loss / optimum;
  }

  private static double trialsTo90(double[] curve) {
    for (int t = 0; t < curve.length; t++) {
      if (curve[t] >= 0.9) {
        return t + 1;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private static double beyond(double[] curve, double[] expected) {
    return Band.area(
        IntStream.range(0, curve.length)
            .mapToDouble(t -> expected[t] < 1 ? (curve[t] - expected[t]) / (1 - expected[t]) : 0));
  }

  /// The share that random search without repetition has on average after 1, 2, ... trials.
  ///
  /// @param losses ascending, NaN at the end
  /// @param known how many are not NaN
  static double[] expected(double[] losses, int known, int trials) {
    int n = losses.length;
    var expected = new double[trials];
    for (int t = 1; t <= trials; t++) {
      // P(the best is row k) for k = 0, 1, ...: t/n, then times (n−t−k)/(n−1−k).
      double probability = (double) t / n;
      for (int k = 0; k < known && probability > 0; k++) {
        expected[t - 1] += probability * share(losses[0], losses[k]);
        probability *= (double) (n - t - k) / (n - 1 - k);
      }
    }
    return expected;
  }
}
