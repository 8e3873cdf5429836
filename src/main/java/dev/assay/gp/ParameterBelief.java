package dev.assay.gp;

import dev.assay.internal.problem.Require;

/// What is believed of one hyperparameter before data, in its coordinate of θ: a logarithm, save
/// for the mean.
///
/// @param low where a fit's search ends; equal to `high` where the parameter is known
/// @param start where a cold fit begins
public record ParameterBelief(Prior prior, double low, double high, double start) {
  public ParameterBelief {
    Require.finite("belief", "low", low);
    Require.inRange("belief", "high", high, low, Double.MAX_VALUE);
    Require.inRange("belief", "start", start, low, high);
  }

  /// Log-normal about a typical value of the parameter itself, within a thousandth and a thousand
  /// times of it.
  ///
  /// @param typical positive
  /// @param sd of the logarithm: 1 says within a factor of three
  public static ParameterBelief about(double typical, double sd) {
    Require.inRange("belief", "typical", typical, Double.MIN_NORMAL, Double.MAX_VALUE);
    Require.inRange("belief", "sd", sd, Double.MIN_NORMAL, Double.MAX_VALUE);
    double t = Math.log(typical);
    return new ParameterBelief(new Prior.Normal(t, sd), t - Math.log(1e3), t + Math.log(1e3), t);
  }

  /// A parameter that is known.
  public static ParameterBelief known(double value) {
    Require.inRange("belief", "value", value, Double.MIN_NORMAL, Double.MAX_VALUE);
    double t = Math.log(value);
    return new ParameterBelief(new Prior.Flat(), t, t, t);
  }
}
