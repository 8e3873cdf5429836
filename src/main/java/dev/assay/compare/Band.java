package dev.assay.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The median best value over trials or time, with its bootstrap band.
///
/// @param points in order; none before half of the runs have found something
public record Band(String sampler, List<Point> points) {
  private static final int POINTS = 60;

  /// @param at trials, seconds, or what the simulated clock counts
  /// @param low the better end of the band, 95 %
  /// @param high its worse end; null where it is open
  public record Point(double at, double median, double low, @Nullable Double high) {}

  static Band of(
      RunTable table, int contender, FinishedRun.Axis axis, double[] moments, Bootstrap bootstrap) {
    var runs = table.runsOf(contender);
    var direction = table.direction();
    double end = runs.stream().mapToDouble(run -> run.end(axis)).max().orElse(0);
    var points = new ArrayList<Point>();
    for (double moment : moments) {
      if (moment > end) { // nothing ran any more
        break;
      }
      var losses = runs.stream().mapToDouble(run -> run.lossAt(axis, moment, direction)).toArray();
      var interval = bootstrap.interval(losses);
      if (Double.isFinite(interval.median()) && Double.isFinite(interval.low())) {
        points.add(
            new Point(
                moment,
                direction.asLoss(interval.median()),
                direction.asLoss(interval.low()),
                CaseResult.value(interval.high(), direction)));
      }
    }
    return new Band(table.label(contender), points);
  }

  /// Where the curves of an axis are looked at: every trial while there are few, otherwise by equal
  /// ratios, so that the beginning is seen too.
  static double[] moments(RunTable table, FinishedRun.Axis axis) {
    var all = IntStream.range(0, table.contenders()).boxed().flatMap(c -> table.runsOf(c).stream());
    var runs = all.toList();
    double last = runs.stream().mapToDouble(run -> run.end(axis)).max().orElse(1);
    if (axis == FinishedRun.Axis.TRIALS && last <= 2 * POINTS) {
      return IntStream.rangeClosed(1, (int) last).asDoubleStream().toArray();
    }
    double first =
        runs.stream()
            .filter(run -> run.improvements().values().length > 0)
            .mapToDouble(run -> run.moment(axis, 0))
            .filter(moment -> moment > 0)
            .boxed()
            .min(Comparator.naturalOrder())
            .orElse(last);
    double ratio = Math.pow(last / first, 1.0 / (POINTS - 1));
    var moments =
        IntStream.range(0, POINTS)
            .mapToDouble(i -> i == POINTS - 1 ? last : first * Math.pow(ratio, i));
    return (axis == FinishedRun.Axis.TRIALS ? moments.map(Math::rint) : moments)
        .distinct()
        .filter(moment -> moment <= last)
        .toArray();
  }

  /// The area under a curve that is given at trials 1, 2, ...
  static double area(DoubleStream shares) {
    return shares.average().orElse(0);
  }
}
