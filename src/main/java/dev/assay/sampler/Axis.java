package dev.assay.sampler;

import dev.assay.space.Choice;
import dev.assay.space.Distribution;
import dev.assay.space.Parameter;

/// One parameter as a density sees it: an unordered choice by its option's index, everything else
/// by its place in [0, 1].
///
/// @param parameter its index in the space
/// @param options of an unordered choice; 0 for everything else
/// @param cell the width in [0, 1] that a value takes; 0 for a continuous parameter
record Axis(int parameter, Distribution distribution, int options, double cell) {
  static Axis of(int index, Parameter parameter) {
    var distribution = parameter.distribution();
    int options =
        distribution instanceof Choice(var list, boolean ordered) && !ordered ? list.size() : 0;
    long count = distribution.count().orElse(0);
    return new Axis(index, distribution, options, count == 0 ? 0 : 1.0 / count);
  }

  boolean isCategory() {
    return options > 0;
  }

  double coordinate(double code) {
    return isCategory() ? code : distribution.toUnit(code);
  }

  double code(double coordinate) {
    return isCategory() ? coordinate : distribution.fromUnit(coordinate);
  }

  /// The coordinate of the value that a drawn one stands for: the middle of its cell.
  double rounded(double coordinate) {
    return isCategory() || cell == 0 ? coordinate : distribution.toUnit(code(coordinate));
  }
}
