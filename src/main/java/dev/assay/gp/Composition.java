package dev.assay.gp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A covariance function that is made of others, whose hyperparameters stand one after the other.
interface Composition extends CovarianceFunction {
  List<CovarianceFunction> parts();

  /// `weight` times the derivative of the whole in the value of one part.
  double slope(
      double weight,
      int part,
      double[] x,
      double[] y,
      boolean[] categorical,
      double[] theta,
      int at);

  @Override
  default List<ParameterRole> roles(int d) {
    return parts().stream().flatMap(part -> part.roles(d).stream()).toList();
  }

  /// That of the part that the parameter belongs to.
  @Override
  default @Nullable ParameterBelief belief(int parameter, int d) {
    int from = 0;
    for (var part : parts()) {
      int size = part.roles(d).size();
      if (parameter < from + size) {
        return part.belief(parameter - from, d);
      }
      from += size;
    }
    return null;
  }

  @Override
  default void addGradient(
      double[] x,
      double[] y,
      boolean[] categorical,
      double[] theta,
      int at,
      double weight,
      double[] dTheta,
      double[] dX) {
    int from = at;
    for (int i = 0; i < parts().size(); i++) {
      var part = parts().get(i);
      double slope = slope(weight, i, x, y, categorical, theta, at);
      part.addGradient(x, y, categorical, theta, from, slope, dTheta, dX);
      from += part.roles(x.length).size();
    }
  }
}
