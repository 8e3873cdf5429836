package dev.assay.internal.sampler.gp;

import dev.assay.internal.engine.CandidateRule;
import dev.assay.internal.engine.Coordinate;
import dev.assay.internal.engine.Preference;
import dev.assay.internal.sampler.cost.LogModel;
import dev.assay.internal.sampler.cost.TrialCosts;
import dev.assay.trial.History;
import dev.assay.trial.SearchTask;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Divides the acquisition by what a trial is expected to cost, to a power that falls as the budget
/// is used ([TrialCosts]).
final class CheapFirst {
  /// A power that is as good as none.
  private static final double COLD = 0.01;

  /// How far apart costs are compared for a slope, in unit values.
  private static final double STEP = 1e-3;

  /// Draws of which the cheapest is looked at.
  private static final int DRAWS = 8;

  private final TrialCosts costs;
  private final BoxEncoding encoding;

  /// @param option as [TrialCosts] reads it
  CheapFirst(String option, SearchTask task, BoxEncoding encoding) {
    costs = TrialCosts.of(option, task);
    this.encoding = encoding;
  }

  /// The same rule with a preference for what is cheap, beside what it prefers already.
  ///
  /// @param trial that is to be proposed
  /// @return the rule as it is where costs do not matter, or nothing is known of them
  CandidateRule prefer(CandidateRule rule, int trial, History history) {
    double power = costs.power(trial, history);
    var model = power > COLD ? costs.model(history) : null;
    return model == null ? rule : new PreferringRule(rule, new Cheap(rule, model, power));
  }

  private final class Cheap implements Preference {
    private final CandidateRule rule;
    private final @Nullable Preference other;
    private final LogModel model;
    private final double power;

    Cheap(CandidateRule rule, LogModel model, double power) {
      this.rule = rule;
      other = rule.preference();
      this.model = model;
      this.power = power;
    }

    private double log(double[] point) {
      return model.log(costs.features().of(encoding.configuration(point)));
    }

    @Override
    public void addTo(double[] points, double[] values, double @Nullable [] gradients) {
      if (other != null) {
        other.addTo(points, values, gradients);
      }
      int d = encoding.box().dimension();
      var active = new boolean[d];
      for (int i = 0; i < points.length / d; i++) {
        var point = Arrays.copyOfRange(points, i * d, (i + 1) * d);
        values[i] -= power * log(point);
        if (gradients != null) {
          rule.canonicalise(point, active);
          for (int j = 0; j < d; j++) {
            gradients[i * d + j] -= active[j] ? power * slope(point, j) : 0;
          }
        }
      }
    }

    /// Along a grid between the places beside; 0 among options.
    private double slope(double[] point, int coordinate) {
      double step =
          switch (encoding.box().coordinates().get(coordinate)) {
            case Coordinate.Continuous _ -> STEP;
            case Coordinate.Grid(var positions) -> Math.max(STEP, 1.0 / positions.length);
            case Coordinate.Category _ -> 0;
          };
      if (step == 0) {
        return 0;
      }
      var moved = point.clone();
      moved[coordinate] = Math.min(1, point[coordinate] + step);
      double high = log(moved);
      double from = moved[coordinate];
      moved[coordinate] = Math.max(0, point[coordinate] - step);
      return (high - log(moved)) / (from - moved[coordinate]);
    }

    @Override
    public double[] draw(RandomGenerator random) {
      if (other != null && random.nextBoolean()) {
        return other.draw(random);
      }
      var coordinates = encoding.box().coordinates();
      var point = new double[coordinates.size()];
      var best = point;
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < DRAWS; k++) {
        var drawn = new double[point.length];
        Arrays.setAll(drawn, j -> coordinates.get(j).fromUnit(random.nextDouble()));
        double log = log(drawn);
        if (log < least) {
          least = log;
          best = drawn;
        }
      }
      return best;
    }
  }
}
