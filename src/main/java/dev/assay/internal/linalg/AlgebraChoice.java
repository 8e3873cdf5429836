package dev.assay.internal.linalg;

import dev.assay.internal.words.Log;
import org.slf4j.Logger;

/// Chooses the dense algebra, once, and says why.
final class AlgebraChoice {
  private static final Logger LOG = Log.of("dev.assay.linalg");

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
}
