package dev.assay.internal.acquisition;

import dev.assay.acquisition.Acquisition;
import dev.assay.acquisition.Belief;
import dev.assay.acquisition.Beliefs;
import dev.assay.acquisition.Surrogate;
import dev.assay.problem.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// An [Acquisition] as a function of numbered models. What it gives is checked: a value that is no
/// number would else be taken for the best.
///
/// @param model the objective's
/// @param incumbent f*, in that model's outputs
/// @param others where the surrogates' beliefs come from
public record AcquisitionOfBeliefs(
    Acquisition acquisition, int model, double incumbent, List<Source> others)
    implements AcquisitionFunction {
  /// @param model the surrogate's; -1: it always had one value, `offset`
  /// @param unit of its standardised outputs
  /// @param offset of these
  public record Source(Surrogate surrogate, int model, double unit, double offset) {
    private static final double SURE = 1e-9;

    Belief belief(double[] mean, double[] sd) {
      return model < 0
          ? new Belief(offset, SURE)
          : new Belief(offset + unit * mean[model], unit * sd[model]);
    }
  }

  public AcquisitionOfBeliefs {
    others = List.copyOf(others);
  }

  private Beliefs beliefs(double[] mean, double[] sd) {
    Map<Surrogate, Belief> all = new LinkedHashMap<>();
    for (var source : others) {
      all.put(source.surrogate(), source.belief(mean, sd));
    }
    return new Beliefs(new Belief(mean[model], sd[model]), incumbent, all);
  }

  @Override
  public double value(double[] mean, double[] sd) {
    var beliefs = beliefs(mean, sd);
    double value = asked("value", beliefs, () -> acquisition.value(beliefs));
    if (Double.isNaN(value) || value == Double.POSITIVE_INFINITY) {
      throw fault("value " + value, beliefs, null);
    }
    return value;
  }

  @Override
  public double differentiate(
      double[] mean, double[] sd, double weight, double[] dMean, double[] dSd) {
    double value = value(mean, sd);
    if (value == Double.NEGATIVE_INFINITY) {
      return value;
    }
    var beliefs = beliefs(mean, sd);
    var slopes = asked("slopes", beliefs, () -> acquisition.slopes(beliefs));
    add(slopes.objective(), weight, model, beliefs, dMean, dSd);
    for (var source : others) {
      var slope = slopes.others().get(source.surrogate());
      if (slope != null && source.model() >= 0) {
        add(slope, weight * source.unit(), source.model(), beliefs, dMean, dSd);
      }
    }
    return value;
  }

  private void add(
      Acquisition.Slope slope,
      double weight,
      int to,
      Beliefs beliefs,
      double[] dMean,
      double[] dSd) {
    if (!Double.isFinite(slope.mean()) || !Double.isFinite(slope.sd())) {
      throw fault(slope.toString(), beliefs, null);
    }
    dMean[to] += weight * slope.mean();
    dSd[to] += weight * slope.sd();
  }

  private <T> T asked(String what, Beliefs beliefs, Supplier<T> action) {
    T given;
    try {
      given = action.get();
    } catch (Problem problem) {
      throw problem;
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      throw fault(what + " failed: " + e, beliefs, e);
    }
    if (given == null) {
      throw fault("null for " + what, beliefs, null);
    }
    return given;
  }

  private Problem fault(
      String what, Beliefs beliefs, @org.jspecify.annotations.Nullable Throwable cause) {
    return new Problem(
        "The acquisition " + acquisition.getClass().getName() + " gave no number.",
        what + " at " + beliefs,
        "Mend it: AcquisitionContract finds where. What was told so far is kept.",
        cause);
  }
}
