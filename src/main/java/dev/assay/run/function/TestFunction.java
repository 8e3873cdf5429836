package dev.assay.run.function;

import dev.assay.internal.problem.Require;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A function of the literature with a known minimum, for trying samplers: x0, x1, ... to a value.
///
/// @param name as in a study file: `branin`, `rosenbrock4`
/// @param low the usual domain's lower bounds, d of them
/// @param high its upper bounds
/// @param optimum the smallest value in the domain
/// @param minimizer one point that has it
public record TestFunction(
    String name,
    double[] low,
    double[] high,
    double optimum,
    double[] minimizer,
    ToDoubleFunction<double[]> formula)
    implements NumericFunction {
  public TestFunction {
    requireDomain(name, low, high);
    Require.finite("function " + name, "optimum", optimum);
    Require.inRange(
        "function " + name, "minimizer's size", minimizer.length, low.length, low.length);
  }

  /// Refuses bounds that are none.
  static void requireDomain(String name, double[] low, double[] high) {
    Require.named("function", "name", name);
    Require.inRange("function " + name, "bounds", high.length, low.length, low.length);
    for (int j = 0; j < low.length; j++) {
      Require.finite("function " + name, "low " + j, low[j]);
      Require.inRange("function " + name, "high " + j, high[j], low[j], Double.MAX_VALUE);
    }
  }

  /// A function with the same bounds in every dimension.
  static TestFunction inCube(
      String name,
      double low,
      double high,
      double[] minimizer,
      ToDoubleFunction<double[]> formula) {
    int d = minimizer.length;
    var lows = new double[d];
    var highs = new double[d];
    Arrays.fill(lows, low);
    Arrays.fill(highs, high);
    return new TestFunction(
        name, lows, highs, formula.applyAsDouble(minimizer), minimizer, formula);
  }

  @Override
  public int dimension() {
    return low.length;
  }

  public double value(double... x) {
    return formula.applyAsDouble(x);
  }

  /// The value at a configuration that has parameters x0 to x(d−1), whatever their distributions.
  public double value(Configuration configuration) {
    return formula.applyAsDouble(point(configuration));
  }

  @Override
  public List<String> metrics() {
    return List.of("value");
  }

  @Override
  public double[] values(double... x) {
    return new double[] {formula.applyAsDouble(x)};
  }

  @Override
  public SearchSpace space() {
    var builder = SearchSpace.builder();
    for (int j = 0; j < dimension(); j++) {
      builder.add("x" + j, new FloatRange(low[j], high[j]));
    }
    return builder.build();
  }

  /// The function moved within its domain, so that its minimum is not in the middle.
  ///
  /// @param offset what is added to the minimizer
  public TestFunction shifted(double... offset) {
    var moved = minimizer.clone();
    for (int j = 0; j < moved.length; j++) {
      moved[j] += offset[j];
    }
    return new TestFunction(
        name + "-shifted",
        low,
        high,
        optimum,
        moved,
        x -> {
          var z = x.clone();
          for (int j = 0; j < z.length; j++) {
            z[j] -= offset[j];
          }
          return formula.applyAsDouble(z);
        });
  }

  /// The function turned about its minimizer, so that no coordinate can be searched by itself.
  ///
  /// @param rotation an orthogonal matrix, d × d
  public TestFunction rotated(double[][] rotation) {
    return new TestFunction(
        name + "-rotated",
        low,
        high,
        optimum,
        minimizer,
        x -> {
          var z = minimizer.clone();
          for (int i = 0; i < z.length; i++) {
            for (int j = 0; j < z.length; j++) {
              z[i] += rotation[i][j] * (x[j] - minimizer[j]);
            }
          }
          return formula.applyAsDouble(z);
        });
  }
}
