package dev.assay.internal.sampler.cost;

import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Configurations as memory and time see them: what a training needs is a sum of products of sizes,
/// and so nearly linear in their logarithms. A positive number, an option that is one too, is a
/// feature by its logarithm; another number by its place in its range; any other option is one of
/// its own. All lie within [-1, 1]; a parameter that does not exist is 0.
public final class SizeFeatures {
  private final List<ToDoubleFunction<Configuration>> features = new ArrayList<>();

  public SizeFeatures(SearchSpace space) {
    for (int i = 0; i < space.dimension(); i++) {
      add(i, space.parameters().get(i).distribution());
    }
  }

  private void add(int index, Distribution distribution) {
    if (distribution.count().orElse(2) == 1) {
      return;
    }
    switch (distribution) {
      case FloatRange range -> addRange(index, range, range.low(), range.high());
      case IntRange range -> addRange(index, range, range.low(), range.high());
      case Choice choice -> addChoice(index, choice);
    }
  }

  private void addRange(int index, Distribution distribution, double low, double high) {
    if (low > 0) {
      addLogarithm(index, low, high, code -> code);
    } else {
      features.add(configuration ->
          configuration.isActive(index)
              ? 2 * distribution.toUnit(configuration.code(index)) - 1
              : 0);
    }
  }

  private void addChoice(int index, Choice choice) {
    var sizes =
        choice.options().stream()
            .mapToDouble(option -> option instanceof Number number ? number.doubleValue() : 0)
            .toArray();
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double size : sizes) {
      low = Math.min(low, size);
      high = Math.max(high, size);
    }
    if (low > 0) {
      addLogarithm(index, low, high, code -> sizes[(int) code]);
      return;
    }
    for (int k = 0; k < sizes.length; k++) {
      int option = k;
      features.add(configuration ->
          !configuration.isActive(index) ? 0 : configuration.code(index) == option ? 1 : -1);
    }
  }

  private interface Size {
    double of(double code);
  }

  private void addLogarithm(int index, double low, double high, Size size) {
    double middle = (Math.log(low) + Math.log(high)) / 2;
    double half = (Math.log(high) - Math.log(low)) / 2;
    features.add(configuration ->
        configuration.isActive(index)
            ? (Math.log(size.of(configuration.code(index))) - middle) / half
            : 0);
  }

  public double[] of(Configuration configuration) {
    return features.stream().mapToDouble(f -> f.applyAsDouble(configuration)).toArray();
  }
}
