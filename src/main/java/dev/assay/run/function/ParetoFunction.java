package dev.assay.run.function;

import dev.assay.internal.problem.Require;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// A function of the literature with several values, all to be made small: x0, x1, ... to value0,
/// value1, ...
///
/// @param name as in a study file: `zdt1`
/// @param low the domain's lower bounds, d of them
/// @param high its upper bounds
/// @param objectives how many values it has
/// @param formula from a point to its values
public record ParetoFunction(
    String name, double[] low, double[] high, int objectives, UnaryOperator<double[]> formula)
    implements NumericFunction {
  public ParetoFunction {
    TestFunction.requireDomain(name, low, high);
    Require.atLeast("function " + name, "objectives", objectives, 1);
  }

  @Override
  public int dimension() {
    return low.length;
  }

  @Override
  public SearchSpace space() {
    var builder = SearchSpace.builder();
    for (int j = 0; j < dimension(); j++) {
      builder.add("x" + j, new FloatRange(low[j], high[j]));
    }
    return builder.build();
  }

  @Override
  public List<String> metrics() {
    return IntStream.range(0, objectives).mapToObj(i -> "value" + i).toList();
  }

  @Override
  public double[] values(double... x) {
    return formula.apply(x);
  }
}
