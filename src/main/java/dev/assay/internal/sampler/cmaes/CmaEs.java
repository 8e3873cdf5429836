package dev.assay.internal.sampler.cmaes;

import java.util.Arrays;

/// One run of the covariance matrix adaptation evolution strategy, from its start to its
/// convergence. Hansen 2016, "The CMA evolution strategy: a tutorial", whose letters and default
/// constants these are:
///
/// d: dimensions; λ: population; μ: parents; wᵢ: weights, negative ones included (active CMA,
/// Jastrebski and Arnold 2006); m: mean; σ: step size; C: [Covariance]; p_σ, p_c: evolution paths.
/// Everything is in units: the box is [0, 1]ᵈ. The path p_σ is kept in the coordinates of C's
/// Cholesky factor.
final class CmaEs {
  /// Below this share of the range a run has converged.
  private static final double SMALLEST_STEP = 1e-9;

  /// Values that differ by less than this share of themselves are equal.
  private static final double SMALLEST_DIFFERENCE = 1e-12;

  final int lambda;
  final double[] mean;
  double sigma;
  final Covariance covariance;

  private final int d;
  private final Margin margin;
  private final double[] weights;
  private final double muEffective;
  private final double cSigma;
  private final double dampSigma;
  private final double cC;
  private final double c1;
  private final double cMu;
  private final double expectedNorm;
  private final double[] pathSigma;
  private final double[] pathC;
  private int generation;
  private boolean broken;

  /// The best value of each of the last generations, in a ring.
  private final double[] bests;

  private double lastRange = Double.POSITIVE_INFINITY;

  CmaEs(double[] mean, double sigma, Covariance covariance, int lambda, Margin margin) {
    this.mean = mean;
    this.sigma = sigma;
    this.covariance = covariance;
    this.lambda = lambda;
    this.margin = margin;
    d = mean.length;
    pathSigma = new double[d];
    pathC = new double[d];
    bests = new double[10 + (int) Math.ceil(30.0 * d / lambda)];
    expectedNorm = Math.sqrt(d) * (1 - 1.0 / (4 * d) + 1.0 / (21.0 * d * d));

    // Tutorial, Eqs. 49-58.
    weights = new double[lambda];
    double positive = 0;
    double positiveSquares = 0;
    double negative = 0;
    double negativeSquares = 0;
    for (int i = 0; i < lambda; i++) {
      double w = Math.log((lambda + 1) / 2.0) - Math.log(i + 1);
      weights[i] = w;
      if (w > 0) {
        positive += w;
        positiveSquares += w * w;
      } else {
        negative -= w;
        negativeSquares += w * w;
      }
    }
    muEffective = positive * positive / positiveSquares;
    double muNegative = negative * negative / negativeSquares;
    cSigma = (muEffective + 2) / (d + muEffective + 5);
    dampSigma = 1 + cSigma + 2 * Math.max(0, Math.sqrt((muEffective - 1) / (d + 1)) - 1);
    cC = (4 + muEffective / d) / (d + 4 + 2 * muEffective / d);
    // Without the other entries, those of a diagonal may learn faster (Ros and Hansen 2008).
    double faster = covariance instanceof Covariance.Diagonal ? (d + 2) / 3.0 : 1;
    c1 = Math.min(0.5, faster * 2 / (Math.pow(d + 1.3, 2) + muEffective));
    cMu =
        Math.min(
            1 - c1,
            faster * 2 * (muEffective - 2 + 1 / muEffective) / (Math.pow(d + 2, 2) + muEffective));
    double most =
        Math.min(
            1 + c1 / cMu,
            Math.min(1 + 2 * muNegative / (muEffective + 2), (1 - c1 - cMu) / (d * cMu)));
    for (int i = 0; i < lambda; i++) {
      weights[i] *= weights[i] > 0 ? 1 / positive : most / negative;
    }
  }

  /// The point x = m + σ D A z, D being the margin's scales.
  void sample(double[] z, double[] x) {
    covariance.shape(z, x);
    for (int j = 0; j < d; j++) {
      x[j] = mean[j] + sigma * margin.scale(j) * x[j];
    }
  }

  /// Takes λ evaluated points.
  ///
  /// @param points best first
  /// @param foreign which of them were not drawn from this distribution: their steps are shortened
  ///   to what it might have made (Hansen 2011, "Injecting external solutions into CMA-ES")
  void update(double[][] points, boolean[] foreign) {
    generation++;
    var ys = new double[lambda + 1][d];
    var white = new double[lambda][d];
    var step = new double[d];
    for (int i = 0; i < lambda; i++) {
      for (int j = 0; j < d; j++) {
        ys[i][j] = (points[i][j] - mean[j]) / (sigma * margin.scale(j));
      }
      covariance.whiten(ys[i], white[i]);
      if (foreign[i]) {
        shorten(ys[i], white[i]);
      }
      if (weights[i] > 0) {
        for (int j = 0; j < d; j++) {
          step[j] += weights[i] * ys[i][j];
        }
      }
    }
    for (int j = 0; j < d; j++) {
      mean[j] = Math.clamp(mean[j] + sigma * margin.scale(j) * step[j], 0.0, 1.0);
    }
    boolean steady = advancePaths(step);
    ys[lambda] = pathC;
    broken = !updateCovariance(ys, white, steady);
    sigma *= Math.exp(Math.min(1, cSigma / dampSigma * (norm(pathSigma) / expectedNorm - 1)));
    sigma = Math.min(sigma, 1);
    margin.correct(this);
  }

  private void shorten(double[] y, double[] white) {
    double most = Math.sqrt(d) + 2.0 * d / (d + 2);
    double factor = Math.min(1, most / norm(white));
    for (int j = 0; j < d; j++) {
      y[j] *= factor;
      white[j] *= factor;
    }
  }

  /// Eqs. 43 and 45.
  ///
  /// @return whether p_σ is short enough for p_c to go on (h_σ)
  private boolean advancePaths(double[] step) {
    var white = new double[d];
    covariance.whiten(step, white);
    double gain = Math.sqrt(cSigma * (2 - cSigma) * muEffective);
    for (int j = 0; j < d; j++) {
      pathSigma[j] = (1 - cSigma) * pathSigma[j] + gain * white[j];
    }
    double stationary = Math.sqrt(1 - Math.pow(1 - cSigma, 2.0 * generation));
    boolean steady = norm(pathSigma) / stationary < (1.4 + 2.0 / (d + 1)) * expectedNorm;
    gain = steady ? Math.sqrt(cC * (2 - cC) * muEffective) : 0;
    for (int j = 0; j < d; j++) {
      pathC[j] = (1 - cC) * pathC[j] + gain * step[j];
    }
    return steady;
  }

  /// Eqs. 46 and 47.
  private boolean updateCovariance(double[][] ys, double[][] white, boolean steady) {
    var rates = new double[lambda + 1];
    double sum = 0;
    for (int i = 0; i < lambda; i++) {
      sum += weights[i];
      double w = weights[i];
      if (w < 0) { // at most what keeps C positive definite
        w *= d / (Math.pow(norm(white[i]), 2) + 1e-12);
      }
      rates[i] = cMu * w;
    }
    rates[lambda] = c1;
    double missing = steady ? 0 : cC * (2 - cC);
    return covariance.update(1 + c1 * missing - c1 - cMu * sum, rates, ys);
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  /// Takes note of a generation's values, for [#hasConverged].
  ///
  /// @param best its smallest loss
  /// @param worst its largest
  void note(double best, double worst) {
    bests[generation % bests.length] = best;
    lastRange = worst / 2 - best / 2; // halves: the difference may overflow
  }

  /// Whether nothing more can come of this run: steps too small to matter, values all alike, or a
  /// covariance that arithmetic cannot hold.
  boolean hasConverged() {
    if (broken || !Double.isFinite(sigma)) {
      return true;
    }
    double step = 0;
    for (int j = 0; j < d; j++) {
      step = Math.max(step, sigma * covariance.deviation(j));
    }
    if (step < SMALLEST_STEP) {
      return true;
    }
    if (generation <= bests.length) {
      return false;
    }
    double low = Arrays.stream(bests).min().orElse(0);
    double high = Arrays.stream(bests).max().orElse(0);
    double negligible = SMALLEST_DIFFERENCE * Math.max(Math.abs(low), Math.abs(high)) / 2;
    return high / 2 - low / 2 <= negligible && lastRange <= negligible;
  }
}
