package dev.assay.internal.sampler.population;

import dev.assay.problem.Problem;
import dev.assay.settings.Settings;
import dev.assay.settings.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The factors by which a parameter is perturbed.
///
/// @param down at most 1
/// @param up at least 1
public record Factors(double down, double up) {
  public Factors {
    if (!(down > 0 && down <= 1 && up >= 1 && up < Double.POSITIVE_INFINITY)) {
      throw new Problem(
          "Parameters are perturbed by a factor of at most 1 and one of at least 1.",
          "perturb [" + down + ", " + up + "] (" + PbtSampler.OWNER + ")",
          "Write perturb: [0.8, 1.2].");
    }
  }

  /// In study files: a list of the two.
  static final class Pair implements Shape {
    @Override
    public Object read(String owner, String key, Object given) {
      if (given instanceof List<?> pair
          && pair.size() == 2
          && pair.get(0) instanceof Number down
          && pair.get(1) instanceof Number up) {
        return new Factors(down.doubleValue(), up.doubleValue());
      }
      throw Settings.wrong(owner, key, given, values());
    }

    @Override
    public @Nullable Object written(@Nullable Object value) {
      return value instanceof Factors(var down, var up) ? List.of(down, up) : null;
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of(
          "type",
          "array",
          "prefixItems",
          List.of(
              Map.of("type", "number", "exclusiveMinimum", 0, "maximum", 1),
              Map.of("type", "number", "minimum", 1)),
          "minItems",
          2,
          "maxItems",
          2);
    }

    @Override
    public String values() {
      return "two factors, as [0.8, 1.2]";
    }
  }
}
