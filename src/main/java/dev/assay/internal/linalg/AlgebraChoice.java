package dev.assay.internal.linalg;

import dev.assay.internal.words.Log;
import org.slf4j.Logger;

/// Chooses the dense algebra and the elementwise functions, once, and says why.
final class AlgebraChoice {
  private static final Logger LOG = Log.of("dev.assay.linalg");

  /// First: the dense algebra in Java stands on it.
  static final Elementwise ELEMENTWISE = elementwise();

  static final DenseAlgebra BEST = algebra();

  private AlgebraChoice() {}

  private static DenseAlgebra algebra() {
    return switch (OpenBlasLibrary.probe()) {
      case OpenBlasLibrary.Loaded _ -> {
        var algebra = new OpenBlasAlgebra();
        LOG.debug("Dense algebra: {}", algebra.description());
        yield algebra;
      }
      case OpenBlasLibrary.Missing(var reason, var mend) -> {
        LOG.info("Dense algebra: Java, because {}. {}", reason, mend);
        yield new JavaAlgebra();
      }
    };
  }

  private static Elementwise elementwise() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      LOG.debug(
          "Elementwise functions: scalar; --add-modules jdk.incubator.vector makes them faster.");
      return new ScalarElementwise();
    }
    return new SimdElementwise();
  }
}
