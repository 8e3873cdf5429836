package dev.assay.internal.linalg;

import dev.assay.internal.words.Log;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/// Chooses the dense algebra, once, and says why.
final class AlgebraChoice {
  private static final Logger LOG = Log.of("dev.assay.linalg");

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  /// Apart, so that it is made when it is asked for.
  private static final class Best {
    static final DenseAlgebra ALGEBRA = algebra();
  }

  private AlgebraChoice() {}

  static DenseAlgebra best() {
    return Best.ALGEBRA;
  }

  /// The library is 30 MB in an archive: unpacking and linking takes a quarter of a second.
  static void prepare() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("assay-algebra").start(AlgebraChoice::best);
    }
  }

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
