package dev.assay.internal.linalg;

import dev.assay.internal.words.Log;
import org.slf4j.Logger;

/// Chooses the elementwise functions, once, and says why. Apart from [AlgebraChoice]: who wants
/// these alone, as `tpe` does, does not wait for the library that the algebra calls.
final class ElementwiseChoice {
  private static final Logger LOG = Log.of("dev.assay.linalg");

  static final Elementwise BEST = choose();

  private ElementwiseChoice() {}

  private static Elementwise choose() {
    if (!VectorModule.isThere()) {
      LOG.debug(
          "Elementwise functions: scalar; --add-modules jdk.incubator.vector makes them faster.");
      return new ScalarElementwise();
    }
    return new WarmingElementwise();
  }
}
