package dev.assay.internal.sampler.prior;

import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;

/// One parameter as a density sees it: an unordered choice by its option's index, everything else
/// by its place in [0, 1].
///
/// @param parameter its index in the space
/// @param options of an unordered choice; 0 for everything else
/// @param cell the width in [0, 1] that a value takes; 0 for a continuous parameter
public record Axis(int parameter, Distribution distribution, int options, double cell) {
  public static Axis of(int index, Parameter parameter) {
    var distribution = parameter.distribution();
    int options =
        distribution instanceof Choice(var list, boolean ordered) && !ordered ? list.size() : 0;
    long count = distribution.count().orElse(0);
    return new Axis(index, distribution, options, count == 0 ? 0 : 1.0 / count);
  }

  public boolean isCategory() {
    return options > 0;
  }

  public double coordinate(double code) {
    return isCategory() ? code : distribution.toUnit(code);
  }

  public double code(double coordinate) {
    return isCategory() ? coordinate : distribution.fromUnit(coordinate);
  }

  /// Where the cell of a discrete parameter's value begins in [0, 1].
  public double cellStart(double code) {
    if (distribution instanceof IntRange range && range.log()) {
      double low = Math.log(range.low() - 0.5);
      return (Math.log(code - 0.5) - low) / (Math.log(range.high() + 0.5) - low);
    }
    return Math.rint(distribution.toUnit(code) / cell - 0.5) * cell;
  }

  /// Where it ends.
  public double cellEnd(double code) {
    if (distribution instanceof IntRange range && range.log()) {
      return cellStart(code + 1);
    }
    return cellStart(code) + cell;
  }

  /// The coordinate of the value that a drawn one stands for: the middle of its cell.
  public double rounded(double coordinate) {
    return isCategory() || cell == 0 ? coordinate : distribution.toUnit(code(coordinate));
  }
}
