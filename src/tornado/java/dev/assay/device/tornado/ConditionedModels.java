package dev.assay.device.tornado;

import dev.assay.internal.engine.CovarianceProgram;
import dev.assay.internal.engine.GpSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A session's models on the device. Models of one covariance function and θ form a group, which
/// has one factor.
final class ConditionedModels implements AutoCloseable {
  private static final int JITTER_RETRIES = 5;

  private final Accelerator accelerator;
  private final Observations data;
  private final List<GpSession.Model> models;
  private final List<GpSession.Model> leaders = new ArrayList<>(); // of each group
  private final List<CovarianceProgram> programs = new ArrayList<>(); // of each group
  private final int[] groupOf;
  private final double[] prior; // k(x, x) of each group
  private final int p;
  private int points = 1;
  private PosteriorGraphs graphs;

  ConditionedModels(Accelerator accelerator, Observations data, List<GpSession.Model> models) {
    this.accelerator = accelerator;
    this.data = data;
    this.models = List.copyOf(models);
    groupOf = new int[models.size()];
    for (int k = 0; k < groupOf.length; k++) {
      groupOf[k] = groupOf(models.get(k));
    }
    p = programs.stream().mapToInt(CovarianceProgram::size).max().orElse(0);
    var origin = new double[data.dimension()];
    prior =
        leaders.stream()
            .mapToDouble(
                m -> m.covariance().value(origin, origin, new boolean[origin.length], m.theta(), 0))
            .toArray();
    graphs = take();
    factorise();
  }

  private int groupOf(GpSession.Model model) {
    for (int g = 0; g < leaders.size(); g++) {
      var leader = leaders.get(g);
      if (leader.covariance().equals(model.covariance())
          && Arrays.equals(leader.theta(), model.theta())) {
        return g;
      }
    }
    leaders.add(model);
    programs.add(new CovarianceProgram(model.covariance(), data.dimension()));
    return leaders.size() - 1;
  }

  private PosteriorGraphs take() {
    return accelerator.take(PosteriorGraphs.class, shape(), PosteriorGraphs::new);
  }

  private ShapeClass shape() {
    return ShapeClass.ofPosteriors(
        data.size(), data.dimension(), p, leaders.size(), models.size(), data.outputs(), points);
  }

  /// Moves to graphs of another shape class where this one has become too small.
  private boolean moved() {
    if (shape().equals(graphs.shape)) {
      return false;
    }
    accelerator.giveBack(graphs);
    graphs = take();
    factorise();
    return true;
  }

  private void write() {
    graphs.observe(data);
    graphs.control.set(Control.PARAMETERS, p);
    graphs.control.set(Control.MATRICES, leaders.size());
    graphs.control.set(Control.MODELS, models.size());
    for (int g = 0; g < leaders.size(); g++) {
      var words = programs.get(g).words();
      for (int w = 0; w < words.length; w++) {
        graphs.program.set(g * CovarianceKernels.WORDS + w, words[w]);
      }
      int own = programs.get(g).size();
      var natural = programs.get(g).natural(leaders.get(g).theta(), 0);
      int at = g * graphs.shape.parameters();
      for (int q = 0; q < own - 2; q++) {
        graphs.natural.set(at + q, natural[q]);
      }
      // Noise and mean stand last, whatever the covariance function's own number of parameters.
      graphs.natural.set(at + p - 2, natural[own - 2]);
      graphs.natural.set(at + p - 1, natural[own - 1]);
      graphs.prior.set(g, prior[g]);
      graphs.jitter.set(g, 0);
    }
    for (int k = 0; k < groupOf.length; k++) {
      graphs.matrix.set(k, groupOf[k]);
      graphs.column.set(k, models.get(k).output());
    }
  }

  private void factorise() {
    write();
    for (int attempt = 0; ; attempt++) {
      graphs.run(PosteriorGraphs.CONDITION);
      int failed = -1;
      for (int g = 0; g < leaders.size(); g++) {
        if (graphs.info.get(g) != 0) {
          failed = g;
          graphs.jitter.set(g, 1e-10 * Math.pow(10, attempt) * prior[g]);
        }
      }
      if (failed < 0) {
        return;
      }
      if (attempt == JITTER_RETRIES) {
        throw new ArithmeticException(
            "covariance not positive definite at θ = "
                + Arrays.toString(leaders.get(failed).theta()));
      }
    }
  }

  /// Learns of one more observation, in O(n²) while the shape class has room.
  void extend() {
    if (moved()) {
      return;
    }
    if (data.size() == 1) {
      factorise();
      return;
    }
    graphs.observe(data);
    graphs.run(PosteriorGraphs.APPEND);
    for (int g = 0; g < leaders.size(); g++) {
      if (graphs.info.get(g) != 0) {
        factorise();
        return;
      }
    }
  }

  /// Learns of other outputs of the same points, in O(n²).
  void relabel() {
    graphs.observe(data);
    graphs.run(PosteriorGraphs.RELABEL);
  }

  /// Makes room for that many points at once.
  void provide(int count) {
    points = Math.max(points, count);
    moved();
  }

  int count() {
    return models.size();
  }

  void requireModel(int model) {
    if (model < 0 || model >= models.size()) {
      throw new IllegalArgumentException("no model " + model);
    }
  }

  /// Points at once.
  int most() {
    return graphs.shape.points();
  }

  /// Predicts at points from ... from + m - 1.
  void predict(double[] points, int from, int m) {
    int d = data.dimension();
    int wide = graphs.shape.points();
    graphs.control.set(Control.POINTS, m);
    for (int t = 0; t < m; t++) {
      for (int j = 0; j < d; j++) {
        graphs.points.set(j * wide + t, points[(from + t) * d + j]);
      }
    }
    graphs.run(PosteriorGraphs.PREDICT);
  }

  /// Of the latest [#predict].
  double mean(int model, int t) {
    return graphs.means.get(model * graphs.shape.points() + t);
  }

  /// Of the latest [#predict].
  double variance(int model, int t) {
    return graphs.variances.get(groupOf[model] * graphs.shape.points() + t);
  }

  /// Takes the acquisition's derivatives in the means and variances at point t, for [#derive].
  void weigh(int t, double[] dMeans, double[] dVariances) {
    int wide = graphs.shape.points();
    for (int g = 0; g < leaders.size(); g++) {
      double sum = 0;
      for (int k = 0; k < groupOf.length; k++) {
        sum += groupOf[k] == g ? dVariances[k] : 0;
      }
      graphs.dVariances.set(g * wide + t, sum);
    }
    for (int k = 0; k < groupOf.length; k++) {
      graphs.dMeans.set(k * wide + t, dMeans[k]);
    }
  }

  /// The acquisition's gradients at the m points of the latest [#predict].
  ///
  /// @param gradients out: from row `from` on
  void derive(double[] gradients, int from, int m) {
    int d = data.dimension();
    graphs.run(PosteriorGraphs.DERIVE);
    for (int t = 0; t < m; t++) {
      for (int j = 0; j < d; j++) {
        gradients[(from + t) * d + j] = graphs.gradients.get(j * graphs.shape.points() + t);
      }
    }
  }

  /// The posterior covariance of the m points of the latest [#predict]: m × m, the lower triangle.
  double[] joint(int model, int m) {
    graphs.which.set(0, groupOf[model]);
    graphs.run(PosteriorGraphs.JOINT);
    var joint = new double[m * m];
    for (int s = 0; s < m; s++) {
      for (int t = 0; t <= s; t++) {
        joint[s * m + t] = graphs.joint.get(s * graphs.shape.points() + t);
      }
    }
    return joint;
  }

  @Override
  public void close() {
    accelerator.giveBack(graphs);
  }
}
