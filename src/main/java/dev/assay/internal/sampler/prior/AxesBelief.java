package dev.assay.internal.sampler.prior;

import dev.assay.space.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is expected of some axes, each by itself.
public final class AxesBelief {
  private final List<Axis> axes;
  private final List<@Nullable Belief> beliefs;
  private final List<@Nullable Doubt> doubts;

  /// For each axis what is left of its belief; the rest is even.
  private final double[] shares;

  private AxesBelief(
      List<Axis> axes,
      List<@Nullable Belief> beliefs,
      List<@Nullable Doubt> doubts,
      double[] shares) {
    this.axes = axes;
    this.beliefs = beliefs;
    this.doubts = doubts;
    this.shares = shares;
  }

  /// @param parameters all of the space
  /// @return null where nothing is expected of the axes
  public static @Nullable AxesBelief of(List<Axis> axes, List<Parameter> parameters) {
    if (axes.stream().allMatch(axis -> parameters.get(axis.parameter()).prior() == null)) {
      return null;
    }
    var beliefs = new ArrayList<@Nullable Belief>();
    var doubts = new ArrayList<@Nullable Doubt>();
    for (var axis : axes) {
      var belief = Belief.of(parameters.get(axis.parameter()));
      beliefs.add(belief);
      doubts.add(belief == null ? null : new Doubt(belief, axis.distribution()));
    }
    var shares = new double[axes.size()];
    Arrays.fill(shares, 1);
    return new AxesBelief(axes, beliefs, doubts, shares);
  }

  /// What is left of it, axis by axis, where the best trials are known.
  ///
  /// @param best for each axis the coordinates of the best trials
  public AxesBelief against(double[][] best) {
    var left = new double[shares.length];
    for (int j = 0; j < left.length; j++) {
      var axis = axes.get(j);
      var doubt = doubts.get(j);
      left[j] = doubt == null ? 1 : doubt.left(Arrays.stream(best[j]).map(axis::code));
    }
    return new AxesBelief(axes, beliefs, doubts, left);
  }

  /// Draws coordinates.
  public void draw(RandomGenerator random, double[] x) {
    for (int j = 0; j < x.length; j++) {
      var axis = axes.get(j);
      var belief = beliefs.get(j);
      double unit = random.nextDouble();
      boolean even = belief == null || shares[j] < 1 && random.nextDouble() >= shares[j];
      double place = even ? unit : belief.quantile(unit);
      x[j] = axis.coordinate(axis.distribution().fromUnit(place));
    }
  }

  /// log p, relative to an even draw.
  public double logDensity(double[] x) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      var belief = beliefs.get(j);
      if (belief != null) {
        double p = Math.exp(belief.logDensity(axes.get(j).code(x[j])));
        sum += Math.log(shares[j] * p + 1 - shares[j]);
      }
    }
    return sum;
  }
}
