package dev.assay.internal.sampler.curves;

import dev.assay.internal.linalg.Cholesky;
import dev.assay.internal.words.Log;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/// What a step costs: of a curve that was begun what its steps cost so far, of another one what its
/// configuration lets expect, by a ridge regression of log costs on 1, x and x². Without costs a
/// step costs 1.
final class StepCosts {
  /// No metric: steps are counted.
  static final String NONE = "steps";

  private static final double RIDGE = 0.1;

  /// Curves of which one would have said what it cost.
  private static final int ENOUGH = 4;

  private static final Logger LOG = Log.of(StepCosts.class);

  private final String metric;
  private final List<Objective> objectives;

  /// By curve: what its steps cost, and how many there were whose cost is known.
  private final List<Double> costs = new ArrayList<>();

  private final List<Double> steps = new ArrayList<>();

  private double[] weights = new double[0];
  private double mean;
  private boolean warned;

  /// @param metric which says what a trial cost: of its program, or an attribute; [#NONE]
  StepCosts(String metric, List<Objective> objectives) {
    this.metric = metric;
    this.objectives = objectives;
  }

  /// What a trial cost, all its steps together.
  ///
  /// @return NaN where nobody said, or said what no cost is
  double of(TrialRecord trial) {
    var said = metric.equals(NONE) ? null : trial.metric(metric, objectives);
    return said == null || !(said > 0) || said.isInfinite() ? Double.NaN : said;
  }

  void add(int curve, long count, double cost) {
    while (costs.size() <= curve) {
      costs.add(0.0);
      steps.add(0.0);
    }
    if (count > 0 && cost > 0) {
      costs.set(curve, costs.get(curve) + cost);
      steps.set(curve, steps.get(curve) + count);
    }
  }

  private boolean isKnown(int curve) {
    return curve < costs.size() && steps.get(curve) > 0;
  }

  private double logRate(int curve) {
    return Math.log(costs.get(curve) / steps.get(curve));
  }

  /// Fits what is expected of configurations, to the first curves.
  ///
  /// @param points by curve
  void fit(List<double[]> points, int curves) {
    var known = new ArrayList<Integer>();
    double sum = 0;
    for (int k = 0; k < curves; k++) {
      if (isKnown(k)) {
        known.add(k);
        sum += logRate(k);
      }
    }
    if (!warned && !metric.equals(NONE) && known.isEmpty() && curves >= ENOUGH) {
      warned = true;
      LOG.warn(
          "No trial says what it cost: none has a metric {} above 0. Steps count as equally dear.",
          metric);
    }
    weights = new double[0];
    mean = known.isEmpty() ? 0 : sum / known.size();
    if (known.size() < 2) {
      return;
    }
    int size = 2 * points.getFirst().length + 1;
    var normal = new double[size * size];
    var right = new double[size];
    for (int k : known) {
      var features = features(points.get(k));
      for (int i = 0; i < size; i++) {
        right[i] += features[i] * (logRate(k) - mean);
        for (int j = 0; j <= i; j++) {
          normal[i * size + j] += features[i] * features[j];
        }
      }
    }
    for (int i = 0; i < size; i++) {
      normal[i * size + i] += RIDGE;
    }
    if (Cholesky.of(normal, size) instanceof Cholesky.Factor factor) {
      weights = factor.solve(right);
    }
  }

  private static double[] features(double[] x) {
    var features = new double[2 * x.length + 1];
    features[0] = 1;
    for (int j = 0; j < x.length; j++) {
      features[1 + j] = x[j];
      features[1 + x.length + j] = x[j] * x[j];
    }
    return features;
  }

  /// log of what a step costs.
  ///
  /// @param curve of a point that was begun; or [CurvePosterior#NEW]
  double log(int curve, double[] point) {
    if (curve >= 0 && isKnown(curve)) {
      return logRate(curve);
    }
    double log = mean;
    var features = weights.length == 0 ? new double[0] : features(point);
    for (int i = 0; i < weights.length; i++) {
      log += weights[i] * features[i];
    }
    return log;
  }
}
