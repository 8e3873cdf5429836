package dev.assay.internal.surrogate;

import dev.assay.internal.acquisition.AcquisitionFunction;
import dev.assay.internal.acquisition.BatchLogExpectedImprovement;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.acquisition.Mixture;
import dev.assay.internal.engine.GpSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// What is believed of pending points, by joint draws of their outputs.
final class Fantasies {
  /// Fantasies of the pending points' outputs, shared out among the models.
  private static final int FANTASIES = 16;

  private static final int FEWEST = 4;

  private Fantasies() {}

  /// The models of the session once they are conditioned, in order: each as often as it has draws.
  static List<FittedModels.Weighted> repeated(List<FittedModels.Weighted> models) {
    int times = draws(models);
    return models.stream().flatMap(model -> Collections.nCopies(times, model).stream()).toList();
  }

  private static int draws(List<FittedModels.Weighted> chosen) {
    return Math.max(FEWEST, FANTASIES / chosen.size());
  }

  /// Conditions each model on several joint draws of the pending outputs (qLogEI by fantasies): one
  /// model's draws share its factor.
  ///
  /// @param q how many points are pending
  static AcquisitionFunction condition(
      GpSession session, Known known, List<FittedModels.Weighted> chosen, int q, long seed) {
    int n = known.values().length;
    int draws = draws(chosen);
    var fantasies = fantasies(session, known, chosen, draws, seed);
    var outputs = new double[chosen.size() * draws][];
    var models = new ArrayList<GpSession.Model>();
    var parts = new ArrayList<Mixture.Part>();
    double total = chosen.stream().mapToDouble(FittedModels.Weighted::weight).sum();
    for (int k = 0; k < chosen.size(); k++) {
      var model = chosen.get(k);
      var improvements = new ArrayList<LogExpectedImprovement>();
      for (int f = 0; f < draws; f++) {
        int column = k * draws + f;
        var output = Arrays.copyOf(model.outputs(), n + q);
        System.arraycopy(fantasies[k], f * q, output, n, q);
        outputs[column] = output;
        models.add(new GpSession.Model(model.member().covariance(), model.theta(), column));
        double incumbent = Arrays.stream(output).min().orElse(0);
        improvements.add(new LogExpectedImprovement(column, incumbent));
      }
      parts.add(
          new Mixture.Part(model.weight() / total, new BatchLogExpectedImprovement(improvements)));
    }
    var points = Arrays.copyOf(known.points(), known.points().length + known.pending().length);
    System.arraycopy(known.pending(), 0, points, known.points().length, known.pending().length);
    session.observe(points, outputs);
    session.condition(models);
    return new Mixture(parts);
  }

  /// For each model, joint draws of the pending outputs: draws × q.
  private static double[][] fantasies(
      GpSession session, Known known, List<FittedModels.Weighted> chosen, int draws, long seed) {
    var models = new ArrayList<GpSession.Model>();
    for (int k = 0; k < chosen.size(); k++) {
      models.add(
          new GpSession.Model(chosen.get(k).member().covariance(), chosen.get(k).theta(), k));
    }
    session.observe(
        known.points(),
        chosen.stream().map(FittedModels.Weighted::outputs).toArray(double[][]::new));
    session.condition(models);
    var fantasies = new double[chosen.size()][];
    for (int k = 0; k < fantasies.length; k++) {
      fantasies[k] = session.sample(k, known.pending(), draws, seed);
    }
    return fantasies;
  }
}
