package dev.assay.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpEngineContract;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.engine.HyperparameterFit;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CpuGpEngineTest extends GpEngineContract {
  @Override
  protected GpEngine engine() {
    return new CpuGpEngine();
  }

  /// 230 observations: the searches of both tasks run side by side.
  @Test
  void searchesSideBySideEndWhereTheyDoOneAfterTheOther() {
    var data = new Observations(2);
    var points = new Philox(3, 1).doubles(460).toArray();
    var outputs = new double[2][230];
    for (int i = 0; i < 230; i++) {
      outputs[0][i] = Math.sin(7 * points[2 * i]);
      outputs[1][i] = points[2 * i] * points[2 * i + 1];
    }
    data.set(points, outputs);
    var categorical = new boolean[2];
    var tasks = new ArrayList<GpSession.FitTask>();
    for (int output = 0; output < 2; output++) {
      CovarianceFunction covariance =
          output == 0 ? new RadialCovariance.Matern52() : new RadialCovariance.Rbf();
      var prior =
          Hyperprior.of(covariance, 2, PriorFamily.DIMENSION_SCALED, OptionalDouble.empty());
      int p = prior.size();
      var starts = Arrays.copyOf(prior.start(), 2 * p);
      System.arraycopy(prior.randomStart(new Philox(2, 0)), 0, starts, p, p);
      tasks.add(new GpSession.FitTask(covariance, output, prior, starts, 8));
    }
    var inTurn =
        new HyperparameterFit(covariance -> likelihoods(data, covariance, categorical)).fit(tasks);
    var fits = new LikelihoodFits(data, categorical).fit(tasks);
    for (int k = 0; k < 2; k++) {
      assertThat(fits.get(k).theta()).containsExactly(inTurn.get(k).theta());
      assertThat(fits.get(k).logPosterior()).isEqualTo(inTurn.get(k).logPosterior());
      assertThat(fits.get(k).evaluations()).isEqualTo(inTurn.get(k).evaluations());
    }
  }

  private static HyperparameterFit.Likelihoods likelihoods(
      Observations data, CovarianceFunction covariance, boolean[] categorical) {
    var evaluator = new LikelihoodEvaluator(data, covariance, categorical);
    int p = evaluator.size();
    return new HyperparameterFit.Likelihoods() {
      @Override
      public void evaluate(int[] outputs, double[] thetas, double[] values, double[] gradients) {
        for (int r = 0; r < outputs.length; r++) {
          var theta = Arrays.copyOfRange(thetas, r * p, (r + 1) * p);
          values[r] = evaluator.evaluate(outputs[r], theta, gradients, r * p);
        }
      }

      @Override
      public void close() {}
    };
  }
}
