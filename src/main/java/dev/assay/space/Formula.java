package dev.assay.space;

import dev.assay.problem.Problem;
import java.util.List;
import java.util.Map;

/// A number calculated from the parameters of a configuration: `ceil(n / (block_x * tile_x))`. The
/// grammar is that of constraints.
public final class Formula {
  private final String text;
  private final Expression root;
  private final List<Integer> named;

  Formula(String text, Expression root, List<Integer> named) {
    this.text = text;
    this.root = root;
    this.named = named;
  }

  /// @param constants names beside those of the parameters, with the numbers that they stand for
  /// @throws Problem for what cannot be read, or names something unknown
  public static Formula parse(String text, SearchSpace space, Map<String, Double> constants) {
    try {
      return ConstraintParser.formula(text, space.parameters(), space.indices(), constants);
    } catch (Problem problem) {
      throw new Problem(
          asFormula(problem.what()), problem.value(), asFormula(problem.mend()), problem);
    }
  }

  /// The parser speaks of constraints.
  private static String asFormula(String words) {
    return words.replace("constraint", "formula");
  }

  /// The text that it was read from.
  public String text() {
    return text;
  }

  /// The value; may be infinite, or no number, where it divides by zero.
  ///
  /// @throws Problem when it names a parameter that the configuration does not have
  public double value(Configuration configuration) {
    for (int index : named) {
      if (!configuration.isActive(index)) {
        throw new Problem(
            "A formula names a parameter that does not exist under the choices made.",
            configuration.space().parameters().get(index).name() + " in \"" + text + "\"",
            "Use parameters that every configuration has.");
      }
    }
    return root.value(configuration.codes());
  }
}
