package dev.assay.engine;

import dev.assay.acquisition.LogExpectedHypervolumeImprovement;
import dev.assay.acquisition.ParetoCells;
import dev.assay.gp.CovarianceFunction;
import dev.assay.random.Philox;
import dev.assay.random.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Proposes the next point of several objectives: for two or three by log expected hypervolume
/// improvement, each objective under a model of its own; for more by a random augmented Tchebycheff
/// sum as one objective (ParEGO, Knowles 2006).
public final class ParetoSearch {
  /// The reference point lies this share of the front's range beyond its worst.
  private static final double MARGIN = 0.1;

  private static final double AUGMENTATION = 0.05;

  private final GpEngine engine;
  private final Box box;
  private final SurrogateSearch single;

  public ParetoSearch(GpEngine engine, Box box) {
    this.engine = engine;
    this.box = box;
    single =
        new SurrogateSearch(engine, box, SurrogateSettings.single(CovarianceFunction.product()));
  }

  /// @param points n × d
  /// @param values one array of n outputs for each objective, all to be minimised
  /// @param pending q × d
  /// @throws java.util.NoSuchElementException if the rule accepted no candidate
  public GpSession.Candidate suggest(
      double[] points, double[][] values, double[] pending, CandidateRule rule, long seed) {
    if (values.length > 3) {
      var known = new SurrogateSearch.Known(points, scalarised(values, seed), pending);
      var fitted = single.fit(known, SurrogateMemory.NONE, seed);
      return single.suggest(fitted, known, rule, 0, seed);
    }
    var models = new ArrayList<GpSession.Model>();
    var outputs = new double[values.length][];
    for (int k = 0; k < values.length; k++) {
      var known = new SurrogateSearch.Known(points, values[k], pending);
      var model = single.fit(known, SurrogateMemory.NONE, seed).models().getFirst();
      outputs[k] = model.outputs();
      models.add(new GpSession.Model(model.member().covariance(), model.theta(), k));
    }
    try (var session = engine.open(box)) {
      session.observe(points, outputs);
      session.condition(models);
      var vectors = believe(session, outputs, pending);
      var cells = ParetoCells.of(vectors, reference(vectors));
      var function = new LogExpectedHypervolumeImprovement(0, cells);
      return session.maximise(function, MaximiserPlan.of(front(points, vectors), seed), rule);
    }
  }

  /// The known objective vectors, and those that the models expect of the pending points.
  private List<double[]> believe(GpSession session, double[][] outputs, double[] pending) {
    var vectors = new ArrayList<double[]>();
    for (int i = 0; i < outputs[0].length; i++) {
      var vector = new double[outputs.length];
      for (int k = 0; k < vector.length; k++) {
        vector[k] = outputs[k][i];
      }
      vectors.add(vector);
    }
    int d = box.dimension();
    var mean = new double[1];
    for (int at = 0; at < pending.length; at += d) {
      var point = Arrays.copyOfRange(pending, at, at + d);
      var believed = new double[outputs.length];
      for (int k = 0; k < believed.length; k++) {
        session.predict(k, point, mean, new double[1]);
        believed[k] = mean[0];
      }
      session.append(point, believed);
      vectors.add(believed);
    }
    return vectors;
  }

  /// Beyond the worst of the front, not of all points: those far away say nothing of the trade-off.
  private static double[] reference(List<double[]> vectors) {
    var front = vectors.stream().filter(v -> isUndominated(v, vectors)).toList();
    var reference = new double[vectors.getFirst().length];
    for (int k = 0; k < reference.length; k++) {
      int objective = k;
      double low = front.stream().mapToDouble(v -> v[objective]).min().orElse(0);
      double high = front.stream().mapToDouble(v -> v[objective]).max().orElse(0);
      reference[k] = high + Math.max(MARGIN * (high - low), 1e-3);
    }
    return reference;
  }

  private static boolean isUndominated(double[] v, List<double[]> all) {
    return all.stream().noneMatch(other -> dominates(other, v));
  }

  private static boolean dominates(double[] a, double[] b) {
    boolean better = false;
    for (int k = 0; k < a.length; k++) {
      if (a[k] > b[k]) {
        return false;
      }
      better |= a[k] < b[k];
    }
    return better;
  }

  /// The known points, those of the front first.
  private double[] front(double[] points, List<double[]> vectors) {
    int d = box.dimension();
    int n = points.length / d;
    var sorted = new double[points.length];
    int to = 0;
    for (boolean wanted : new boolean[] {true, false}) {
      for (int i = 0; i < n; i++) {
        if (isUndominated(vectors.get(i), vectors) == wanted) {
          System.arraycopy(points, i * d, sorted, to, d);
          to += d;
        }
      }
    }
    return sorted;
  }

  private static double[] scalarised(double[][] values, long seed) {
    var random = new Philox(seed, Purpose.PROPOSAL.ordinal());
    int n = values[0].length;
    var weights = new double[values.length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = -Math.log1p(-random.nextDouble()); // normalised: uniform on the simplex
    }
    double total = Arrays.stream(weights).sum();
    var scalar = new double[n];
    for (int i = 0; i < n; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int k = 0; k < weights.length; k++) {
        double low = Arrays.stream(values[k]).min().orElse(0);
        double half = Arrays.stream(values[k]).max().orElse(0) / 2 - low / 2;
        double unit = half > 0 ? (values[k][i] / 2 - low / 2) / half : 0;
        largest = Math.max(largest, weights[k] / total * unit);
        sum += weights[k] / total * unit;
      }
      scalar[i] = largest + AUGMENTATION * sum;
    }
    return scalar;
  }
}
