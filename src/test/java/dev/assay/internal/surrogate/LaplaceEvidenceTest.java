package dev.assay.internal.surrogate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.Prior;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.internal.gp.Hyperprior;
import dev.assay.internal.gp.PriorFamily;
import dev.assay.random.Philox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaplaceEvidenceTest {
  private static final int N = 24;
  private static final Box LINE = Box.continuous(1);
  private static final CovarianceFunction MATERN = new RadialCovariance.Matern52();

  private static double[] points() {
    var random = new Philox(3, 0);
    var x = new double[N];
    Arrays.setAll(x, _ -> random.nextDouble());
    return x;
  }

  private static double[] outputs(double noise) {
    var random = new Philox(4, 0);
    var y = Arrays.stream(points()).map(x -> Math.sin(6 * x) + noise * random.nextGaussian());
    return new dev.assay.gp.OutputWarp.Identity().apply(y.toArray()).z();
  }

  /// The integral over two free hyperparameters, by a fine grid.
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5})
  void isAboutTheIntegralOfLikelihoodTimesPrior(double noise) {
    var whole = Hyperprior.of(MATERN, 1, PriorFamily.OPTUNA, OptionalDouble.empty());
    int p = whole.size();
    int scale = Hyperprior.roles(MATERN, 1).indexOf(dev.assay.gp.ParameterRole.SCALE);
    var low = whole.low().clone();
    var high = whole.high().clone();
    low[scale] = 0;
    high[scale] = 0; // free: the length scale and the noise
    var prior = new Hyperprior(whole.priors(), low, high, whole.start());
    try (var session = GpEngine.standard().open(LINE)) {
      session.observe(points(), new double[][] {outputs(noise)});
      var fit =
          session
              .fit(
                  List.of(
                      new GpSession.FitTask(MATERN, 0, prior, prior.clamped(prior.start()), 200)))
              .getFirst();
      double expected = Math.log(integral(session, prior, fit) / priorMass(prior));
      double actual = LaplaceEvidence.correction(session, MATERN, 0, prior, fit.theta());
      assertThat(actual).isCloseTo(expected, within(0.35)); // of -2 to -4: of order, not of digits
      assertThat(p).isEqualTo(4);
    }
  }

  private static List<Integer> free(Hyperprior prior) {
    var free = new ArrayList<Integer>();
    for (int i = 0; i < prior.size(); i++) {
      if (prior.high()[i] > prior.low()[i]) {
        free.add(i);
      }
    }
    return free;
  }

  /// ∫ exp(log posterior - its maximum).
  private static double integral(GpSession session, Hyperprior prior, GpSession.Fit fit) {
    var free = free(prior);
    int a = free.get(0);
    int b = free.get(1);
    int cells = 160;
    double da = (prior.high()[a] - prior.low()[a]) / cells;
    double db = (prior.high()[b] - prior.low()[b]) / cells;
    int p = prior.size();
    var thetas = new double[cells * p];
    var values = new double[cells];
    double sum = 0;
    for (int i = 0; i < cells; i++) {
      for (int j = 0; j < cells; j++) {
        System.arraycopy(fit.theta(), 0, thetas, j * p, p);
        thetas[j * p + a] = prior.low()[a] + (i + 0.5) * da;
        thetas[j * p + b] = prior.low()[b] + (j + 0.5) * db;
      }
      session.logLikelihood(MATERN, 0, thetas, values, new double[cells * p]);
      for (int j = 0; j < cells; j++) {
        var theta = Arrays.copyOfRange(thetas, j * p, (j + 1) * p);
        sum += Math.exp(values[j] + prior.logDensity(theta, new double[p], 0) - fit.logPosterior());
      }
    }
    return sum * da * db;
  }

  private static double priorMass(Hyperprior prior) {
    double mass = 1;
    for (int i : free(prior)) {
      double step = (prior.high()[i] - prior.low()[i]) / 4000;
      double sum = 0;
      for (int k = 0; k < 4000; k++) {
        sum += Math.exp(prior.priors().get(i).logDensity(prior.low()[i] + (k + 0.5) * step));
      }
      mass *= sum * step;
    }
    return mass;
  }

  /// Hyperparameters that the data say nothing of cost nothing: the evidence keeps their prior.
  @Test
  void whatIsLeftOpenByTheDataCostsNothing() {
    var whole = Hyperprior.of(MATERN, 1, PriorFamily.DIMENSION_SCALED, OptionalDouble.of(1e-2));
    var low = whole.low().clone();
    var high = whole.high().clone();
    var priors = new ArrayList<>(whole.priors());
    for (int i = 0; i < low.length - 1; i++) {
      low[i] = whole.start()[i];
      high[i] = whole.start()[i];
    }
    int mean = low.length - 1;
    priors.set(mean, new Prior.Normal(0, 1e-4)); // so narrow that 24 outputs add nothing
    low[mean] = -1;
    high[mean] = 1;
    var prior = new Hyperprior(priors, low, high, whole.start());
    try (var session = GpEngine.standard().open(LINE)) {
      session.observe(points(), new double[][] {outputs(0.1)});
      var theta = prior.start().clone();
      theta[mean] = 0;
      // The quadrature over the bounds cannot see so narrow a prior; a unit normal it can.
      var wide = new ArrayList<>(priors);
      wide.set(mean, new Prior.Normal(0, 0.2));
      var seen = new Hyperprior(wide, low, high, whole.start());
      double correction = LaplaceEvidence.correction(session, MATERN, 0, seen, theta);
      assertThat(correction).isBetween(-2.5, 0.7);
    }
  }
}
