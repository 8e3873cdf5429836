package dev.assay.run.kernel;

import dev.assay.kernel.Invalidity;
import dev.assay.kernel.KernelFailure;
import dev.assay.problem.Problem;
import dev.assay.space.Configuration;
import dev.assay.space.Formula;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The formulas of a kernel's settings, read once.
final class KernelFormulas {
  /// Beyond this not every whole number is a double.
  private static final double MOST = 0x1p53;

  private final Map<String, Formula> read = new HashMap<>();
  private final SearchSpace space;
  private final Map<String, Double> constants;

  KernelFormulas(SearchSpace space, Map<String, Double> constants) {
    this.space = space;
    this.constants = constants;
  }

  /// @throws Problem for a formula that cannot be read
  Formula of(String text) {
    return read.computeIfAbsent(text, key -> Formula.parse(key, space, constants));
  }

  /// The value under a configuration, which must be a whole number of at least `least`.
  ///
  /// @param what `grid[0]`, for people
  /// @throws KernelFailure where it is none
  long whole(String what, String text, Configuration configuration, long least)
      throws KernelFailure {
    double value = of(text).value(configuration);
    if (!(value == Math.rint(value) && Math.abs(value) < MOST)) {
      throw new KernelFailure(
          Invalidity.RUNTIME,
          what + " is no whole number: " + text + " = " + value + " (floor and ceil make one)");
    }
    if (value < least) {
      throw new KernelFailure(
          Invalidity.RUNTIME,
          what + " must be at least " + least + ": " + text + " = " + (long) value);
    }
    return (long) value;
  }

  List<Long> wholes(String what, List<String> texts, Configuration configuration)
      throws KernelFailure {
    var values = new ArrayList<Long>();
    for (var text : texts) {
      values.add(whole(what + "[" + values.size() + "]", text, configuration, 1));
    }
    return values;
  }
}
