package dev.assay.internal.gp;

import dev.assay.gp.CovarianceFunction;
import dev.assay.gp.ParameterBelief;
import dev.assay.gp.ParameterRole;
import dev.assay.gp.Prior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/// The joint prior of θ: independent priors, bounds, and the point where a fit starts.
///
/// @param priors p of them
/// @param low p lower bounds on θ; equal to `high` where a parameter is fixed
/// @param high p upper bounds
/// @param start p values: where a cold fit begins
@SuppressWarnings("ArrayRecordComponent")
public record Hyperprior(List<Prior> priors, double[] low, double[] high, double[] start) {
  /// Noise of which nothing else is known is not taken to be all there is.
  private static final double MOST_SURE_NOISE = -0.5;

  /// The roles of all of θ: the covariance function's, then noise and mean.
  public static List<ParameterRole> roles(CovarianceFunction covariance, int d) {
    var roles = new ArrayList<>(covariance.roles(d));
    roles.add(ParameterRole.NOISE);
    roles.add(ParameterRole.MEAN);
    return List.copyOf(roles);
  }

  /// @param noise the noise variance of the standardised outputs where it is known; learned where
  ///   empty
  public static Hyperprior of(
      CovarianceFunction covariance, int d, PriorFamily family, OptionalDouble noise) {
    return of(covariance, d, family, noise, Map.of());
  }

  /// The same where something else is believed of some roles.
  public static Hyperprior of(
      CovarianceFunction covariance,
      int d,
      PriorFamily family,
      OptionalDouble noise,
      Map<ParameterRole, ParameterBelief> own) {
    var roles = roles(covariance, d);
    int p = roles.size();
    var priors = new ArrayList<Prior>();
    var low = new double[p];
    var high = new double[p];
    var start = new double[p];
    for (int i = 0; i < p; i++) {
      var belief = own.get(roles.get(i));
      if (belief == null && i < p - 2) {
        belief = covariance.belief(i, d);
      }
      if (belief == null) {
        belief = family.belief(roles.get(i), d);
      }
      if (roles.get(i) == ParameterRole.NOISE && noise.isPresent()) {
        double fixed = Math.log(noise.getAsDouble());
        belief = new ParameterBelief(new Prior.Flat(), fixed, fixed, fixed);
      }
      priors.add(belief.prior());
      low[i] = belief.low();
      high[i] = belief.high();
      start[i] = Math.clamp(belief.start(), low[i], high[i]);
    }
    return new Hyperprior(List.copyOf(priors), low, high, start);
  }

  public int size() {
    return low.length;
  }

  /// The same where some noise is sure: of rounding, for one.
  ///
  /// @param variance of standardised outputs; 0 for none. Learned noise is at least so large, and
  ///   believed about there where it was believed smaller; known noise stays what it is
  public Hyperprior withNoiseOfAtLeast(double variance) {
    int i = size() - 2; // the noise stands before the mean
    if (!(variance > 0) || !(high[i] > low[i])) {
      return this;
    }
    double least = Math.min(Math.log(variance), MOST_SURE_NOISE);
    if (least <= low[i]) {
      return this;
    }
    var raised = new ArrayList<>(priors);
    if (priors.get(i) instanceof Prior.Normal(double mean, double sd)) {
      raised.set(i, new Prior.Normal(Math.max(mean, least), sd));
    }
    var lows = low.clone();
    var starts = start.clone();
    lows[i] = least;
    starts[i] = Math.max(start[i], least + 0.5);
    return new Hyperprior(List.copyOf(raised), lows, high, starts);
  }

  /// Σ of the log densities; adds their derivatives to `gradient` from index `at` on.
  public double logDensity(double[] theta, double[] gradient, int at) {
    double sum = 0;
    for (int i = 0; i < low.length; i++) {
      sum += priors.get(i).logDensity(theta[i]);
      gradient[at + i] += priors.get(i).slope(theta[i]);
    }
    return sum;
  }

  /// θ moved into the bounds.
  public double[] clamped(double[] theta) {
    var moved = theta.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] = Math.clamp(moved[i], low[i], high[i]);
    }
    return moved;
  }

  /// A random start: the cold one, each free coordinate moved by a standard normal.
  public double[] randomStart(RandomGenerator random) {
    var theta = start.clone();
    for (int i = 0; i < theta.length; i++) {
      theta[i] = Math.clamp(theta[i] + random.nextGaussian(), low[i], high[i]);
    }
    return theta;
  }
}
